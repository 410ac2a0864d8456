import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { axeFaults } from "./accessibility.ts";
import { DESKTOP, PHONE, type Watcher } from "./watcher.ts";

/** Folder for pictures of what was checked; none are taken without it. */
export const FOLDER = process.env["BATCHWATCH_TEST_SCREENSHOTS"];
if (FOLDER !== undefined) mkdirSync(FOLDER, { recursive: true });

/** What screens are looked at on. The themes have the same sizes and rules, so each is checked once; pictures are made of all four. */
const SCREENS = [
  ["phone", "dark"],
  ["desktop", "light"],
  ...(FOLDER === undefined
    ? []
    : ([
        ["phone", "light"],
        ["desktop", "dark"],
      ] as const)),
] as const;

/**
 * What the page shows fits on every screen and breaks no rule of accessibility. It is loaded once: what it looks like on a screen
 * is up to its styles alone.
 *
 * @param least "grave": of the rules only what is serious or critical
 */
export async function fitsEveryScreen(
  watcher: Watcher,
  name: string,
  least: "any" | "grave" = "any",
): Promise<void> {
  const { page } = watcher;
  for (const [device, colorScheme] of SCREENS) {
    // oxlint-disable no-await-in-loop -- one page shows them one after the other
    await page.setViewportSize(device === "phone" ? PHONE : DESKTOP);
    await page.emulateMedia({ colorScheme });
    if (FOLDER !== undefined) {
      const path = join(FOLDER, `${name}-${device}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    const faults = await axeFaults(page, least);
    const sidewaysPx = await watcher.sidewaysPx();
    expect({ name, device, faults, sidewaysPx }).toEqual({
      name,
      device,
      faults: [],
      sidewaysPx: 0,
    });
    // oxlint-enable no-await-in-loop
  }
}
