import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** As text, which a page without frames can be given as it is. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RUN = "axe.run(document, { preload: false, resultTypes: ['violations'] })";

/**
 * What breaks a rule of axe on this page, in words.
 *
 * @param least "grave": only what is serious or critical
 */
export async function axeFaults(page: Page, least: "any" | "grave"): Promise<readonly string[]> {
  // A document that has been looked at still has it: it is large.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>(RUN);
  return violations
    .filter(({ impact }) => least === "any" || impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id} (${nodes.length}): ${nodes[0]?.html} ${nodes[0]?.failureSummary ?? ""}`,
    );
}
