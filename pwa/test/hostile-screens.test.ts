import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BoardServer } from "./board-server.ts";
import { TRUST } from "./made-trust.ts";
import { PAYLOADS, poisonAnswers } from "./poison.ts";
import { launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

/** Every address of the app; `:id` is of the real job, run or incident. */
const PAGES = [
  "/",
  "/jobs",
  "/jobs/:jobId",
  "/incidents",
  "/incidents/:incidentId",
  "/runs/:executionId",
  "/more",
  "/more/on-call",
  "/more/sources",
  "/more/sources/s",
  "/more/deliveries",
  "/more/you",
  "/more/approvals",
  "/more/approvals/a",
  "/more/audit",
  "/more/users",
] as const;
/** Where nothing is shown that somebody else wrote; of deliveries there are none on this server. */
const WITHOUT_WORDS: ReadonlySet<string> = new Set(["/more", "/more/deliveries"]);

/** Whatever jobs, people and other systems write, in every field of every screen: text, and nothing that runs, loads or leads away [S60]. */
describe("hostile words in every field of every screen", () => {
  let server: BoardServer;
  let browser: Awaited<ReturnType<typeof launch>>;
  let watcher: Watcher;
  let poisoned: () => number;
  let ids: Readonly<Record<string, string>>;
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    watcher = await Watcher.signIn(browser, server.process.signInLink, { viewport: PHONE });
    const { page } = watcher;
    await server.tell("started", ["hostile"], { params: { file: "positions.csv" } });
    await server.tell("failed", ["hostile"], { message: "no file" });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`policy: ${violatedDirective} ${blockedURI}`);
      });
    });
    ids = await idsOf(server);
    poisoned = await poisonAnswers(page, TRUST);
  });
  afterAll(async () => {
    await watcher?.page.unrouteAll({ behavior: "ignoreErrors" });
    await browser?.close();
    await server?.process.remove();
  });

  it.each(PAGES)("%s shows them as text", async (path) => {
    const { page } = watcher;
    const before = poisoned();
    const address = path.replaceAll(/:(\w+)/g, (_all, id: string) => ids[id] ?? "none");
    await page.goto(`${server.process.url}${address}`);
    await watcher.untilLive();
    await expect.poll(poisoned).toBeGreaterThan(before);
    const main = page.locator("main");
    if (!WITHOUT_WORDS.has(path))
      await main
        .getByText(/alert\(|evil\.example|javascript:/)
        .filter({ visible: true })
        .first()
        .waitFor();
    await page.waitForLoadState("networkidle");
    const found = await page.evaluate(() => ({
      made: [
        ...document.querySelectorAll(
          "#root script, #root img, #root iframe, #root style, #root base, #root math, #root form[action]",
        ),
      ].map((one) => one.outerHTML),
      handlers: [...document.querySelectorAll("*")].flatMap((one) =>
        one.getAttributeNames().filter((name) => name.startsWith("on")),
      ),
      links: [...document.querySelectorAll("a[href], area[href], [src], [action]")]
        .map(
          (one) =>
            one.getAttribute("href") ?? one.getAttribute("src") ?? one.getAttribute("action") ?? "",
        )
        .filter(
          (target) =>
            /^\s*(?:javascript|data|vbscript|blob):/i.test(target) || target.includes("evil"),
        ),
    }));
    expect(found).toMatchObject({ made: [], handlers: [], links: [] });
    expect(await watcher.sidewaysPx()).toBe(0);
    expect(watcher.troubles).toEqual([]);
  });

  it("and what would run does run where nothing stands in its way: the payloads are ones", async () => {
    const bare = await browser!.newPage();
    let dialogs = 0;
    bare.on("dialog", (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await bare.setContent(`<body>${PAYLOADS.join("\n")}</body>`).catch(() => {});
    await expect.poll(() => dialogs).toBeGreaterThan(0);
    await bare.close();
  });
});

/** Of the real job that failed, as the server knows them. */
async function idsOf(board: BoardServer): Promise<Readonly<Record<string, string>>> {
  const token = await board.process.token("reader");
  const { trpc, close } = board.process.client(token);
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- asked until it is there
      const { items } = await trpc.incidents.list.query({ limit: 1 });
      const [incident] = items;
      if (incident === undefined) continue;
      const { incidentId, jobId, executionId } = incident;
      return { incidentId, jobId: jobId ?? "", executionId: executionId ?? "" };
    }
  } finally {
    close();
  }
}
