/**
 * Draws the app's icons from one mark: `node pwa/build/draw-icons.mjs [path of a Chromium]`, after a change of it.
 * The pictures are committed, so that a build needs no browser.
 */
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The ring and dot of RUNNING, on a field of 16. */
const MARK =
  '<path d="M8 1a7 7 0 1 0 7 7h-2.1A4.9 4.9 0 1 1 8 3.1z"/><circle cx="8" cy="8" r="2.2"/>';
const FIELD = "#151A21";
const INK = "#73A0FC";

/**
 * `part`: how much of the picture the mark takes (a maskable icon may lose all outside a circle of 80 %).
 * `radius`: of the field's corners, in hundredths of its side; null: no field.
 */
const ICONS = [
  { file: "icon-192.png", size: 192, part: 0.625, radius: 25, ink: INK },
  { file: "icon-512.png", size: 512, part: 0.625, radius: 25, ink: INK },
  { file: "maskable-192.png", size: 192, part: 0.5, radius: 0, ink: INK },
  { file: "maskable-512.png", size: 512, part: 0.5, radius: 0, ink: INK },
  { file: "apple-touch-icon.png", size: 180, part: 0.6, radius: 0, ink: INK },
  { file: "monochrome-512.png", size: 512, part: 0.7, radius: null, ink: "#FFFFFF" },
  { file: "badge-96.png", size: 96, part: 0.92, radius: null, ink: "#FFFFFF" },
];

const folder = fileURLToPath(new URL("../public/icons/", import.meta.url));
const executablePath = process.argv[2] ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--no-zygote"] });
const page = await browser.newPage();
for (const { file, size, part, radius, ink } of ICONS) {
  const side = 100 * part;
  const field =
    radius === null ? "" : `<rect width="100" height="100" rx="${radius}" fill="${FIELD}"/>`;
  const place = `translate(${(100 - side) / 2} ${(100 - side) / 2}) scale(${side / 16})`;
  // oxlint-disable no-await-in-loop -- one page draws them all
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{display:block}</style>
     <svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100">
     ${field}<g fill="${ink}" transform="${place}">${MARK}</g></svg>`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await writeFile(folder + file, png);
  // oxlint-enable no-await-in-loop
}
await browser.close();
