import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * What breaks a rule of axe on this page, in words. Our pages are one document without frames from elsewhere, so axe answers in it at once,
 * instead of in a page that is opened for its answer: half of the time.
 *
 * @param least "grave": only what is serious or critical
 */
export async function axeFaults(page: Page, least: "any" | "grave"): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ preload: false, resultTypes: ["violations"] })
    .analyze();
  return violations
    .filter(({ impact }) => least === "any" || impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id} (${nodes.length}): ${nodes[0]?.html} ${nodes[0]?.failureSummary ?? ""}`,
    );
}
