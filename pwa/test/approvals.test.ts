import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../api/test/server-process.ts";
import { BoardServer, rebased } from "./board-server.ts";
import { FOLDER } from "./screens.ts";
import { DESKTOP, launch, needBrowser, PHONE, Watcher } from "./watcher.ts";

/** Nothing here is answered by a test: a real server, two people, two browsers. */
describe("a change that needs two people", () => {
  let server: BoardServer;
  let browser: Browser | null = null;
  /** Asks, at a desk. */
  let asker: Watcher;
  /** Approves, on a phone. */
  let second: Watcher;
  let jobUrl = "";
  beforeEach(needBrowser);
  beforeAll(async () => {
    browser = await launch();
    if (browser === null) return;
    server = await BoardServer.start();
    asker = await Watcher.signIn(browser, server.process.signInLink);
    await server.tell("started", ["gl-extract"]);
    await asker.row("Active", "gl-extract").click();
    await asker.page.getByRole("heading", { level: 1 }).getByRole("link").click();
    await asker.page.getByRole("button", { name: "Change the clocks" }).waitFor();
    jobUrl = asker.page.url();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.process.remove();
  });

  it("is one person's in set-up, says so, and is applied at once", async () => {
    const { page } = asker;
    await page.getByRole("button", { name: "Change the clocks" }).click();
    await page.getByText(/^Set-up: it is applied at once/).waitFor();
    await page.getByLabel("Start grace").fill("15 min");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("15 min, set by a person").waitFor();
    await page.goto(`${server.process.url}/more/approvals`);
    await page.getByText(/^Set-up: one person may approve alone until/).waitFor();
    await page.getByText("Decided").click();
    await page.getByRole("link", { name: /APPLIED.*gl-extract/ }).click();
    await page.getByText("set-up, one person").waitFor();
  });

  it("waits once a second person has signed in, and is approved by that one on a phone", async () => {
    await server.process.command(
      "user",
      "add",
      "--name",
      "Second Operator",
      "--role",
      "administrator",
    );
    const { link } = await server.process.command("user", "link", "--name", "Second Operator");
    second = await Watcher.signIn(browser, rebased(link, server.process.url), { viewport: PHONE });
    const { page } = asker;
    await page.goto(jobUrl);
    await page.getByRole("button", { name: "Change the clocks" }).click();
    await page.getByRole("button", { name: "Ask for approval" }).waitFor();
    await page.getByLabel("Start grace").fill("25 min");
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await page.getByText("Say why in a few words.").waitFor();
    await page.getByLabel("Why").fill("It begins later since the move.");
    await page.getByRole("button", { name: "Ask for approval" }).click();
    await page.getByText(/^Waits for a second person: start grace/).waitFor();
    // Nothing is applied yet, and who asked cannot approve it.
    await page.getByText("15 min, set by a person").waitFor();
    await page.getByRole("link", { name: "Look" }).click();
    await page
      .getByText(/someone else|somebody else/i)
      .first()
      .waitFor();
    expect(await page.getByRole("button", { name: "Approve…" }).count()).toBe(0);

    const phone = second.page;
    await phone.getByRole("link", { name: "More" }).click();
    await phone.getByRole("link", { name: /^Approvals/ }).click();
    await phone
      .getByRole("region", { name: "For you to decide" })
      .getByRole("link", { name: /gl-extract/ })
      .click();
    await phone.getByText("It begins later since the move.").waitFor();
    const differences = phone.getByRole("region", { name: /^What differs/ });
    expect(await differences.textContent()).toContain("Start graceBefore15 minAfter25 min");
    expect(await second.sidewaysPx()).toBe(0);
    await phone.getByRole("button", { name: "Approve…" }).click();
    await phone.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await phone.getByText("APPLIED").first().waitFor();

    await page.goto(jobUrl);
    await page.getByText("25 min, set by a person").waitFor();
    expect(await page.getByText(/^Waits for a second person/).count()).toBe(0);
  });

  it("stands alone under break-glass, loudly, until somebody else approves it", async () => {
    const { page } = asker;
    await page.getByRole("button", { name: "Change the clocks" }).click();
    await page.getByLabel(/^Break the glass/).check();
    await page.getByText(/^It stands for 2 h and is then taken back/).waitFor();
    await page.getByLabel("Start grace").fill("45 min");
    await page.getByLabel("Why").fill("The vendor is slow tonight.");
    await page.getByRole("button", { name: "Apply now" }).click();
    await page.getByText("45 min, set by a person").waitFor();
    await page.getByText(/^1 change stands without a second person until \d\d:\d\d/).waitFor();

    const phone = second.page;
    await phone.goto(server.process.url);
    await phone.getByText(/^1 change stands without a second person until/).waitFor();
    await phone.getByRole("link", { name: "Look" }).click();
    await phone.getByRole("link", { name: /STANDS ALONE/ }).click();
    await phone.getByRole("button", { name: "Approve…" }).click();
    await phone.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await phone.getByText("Decided by").waitFor();
    await expect
      .poll(() => phone.getByText(/^1 change stands without/).count(), { timeout: 10_000 })
      .toBe(0);
  });

  it("answers why nobody was paged, with who approved what that rests on [B26]", async () => {
    const { process: host } = server;
    const [admin, manager] = await Promise.all(["Second Operator", "operations"].map(clientOf));
    if (admin === undefined || manager === undefined) expect.fail("no tokens");
    const asked = await admin.trpc.sources.propose.mutate({
      commandId: randomUUID(),
      change: {
        kind: "source-add",
        payload: {
          name: "cards",
          contract: "native",
          environment: "PROD",
          zone: "UTC",
          teamName: null,
        },
      },
      reason: "Cards are moved here.",
    });
    const { requestId, hash } = asked.request;
    await manager.trpc.approvals.approve.mutate({ commandId: randomUUID(), requestId, hash });
    const { secret } = await admin.trpc.approvals.collect.mutate({ requestId });
    const at = new Date().toISOString();
    const fact = { job: { name: "cards-eod" }, run: { id: "1" }, kind: "failed", at };
    await eventually(
      () => host.post("/api/v1/observations", secret, JSON.stringify([fact])),
      ({ status }) => status === 202,
    );
    const { items } = await eventually(
      () => manager.trpc.incidents.list.query({ limit: 50 }),
      (page) => page.items.some(({ jobName }) => jobName === "cards-eod"),
    );
    const incident = items.find(({ jobName }) => jobName === "cards-eod");
    const { page } = asker;
    await page.goto(`${host.url}/incidents/${incident?.incidentId}`);
    await page.getByRole("button", { name: "Why was nobody paged?" }).click();
    await page.getByText(/^Nobody was paged: its source is only watched/).waitFor();
    await page.getByText(/^Approved by operations\. Second Operator asked for it\./).waitFor();
    const proof = page.getByRole("region", { name: "What the record says" });
    expect((await proof.getByRole("listitem").allTextContents()).join("\n")).toMatch(
      /operations applied a change \(add a source\): cards/,
    );
    await look("why-not-paged");
    await page.getByRole("link", { name: "The source in the record" }).click();
    await page.getByText(/Search: 2 set/).waitFor();
    admin.close();
    manager.close();
  });

  it("takes from a person's page what their new role may not see, once a second one approves", async () => {
    const { process: host } = server;
    await host.command("user", "add", "--name", "Third Operator", "--role", "auditor");
    const { link } = await host.command("user", "link", "--name", "Third Operator");
    const third = await Watcher.signIn(browser, rebased(link, host.url));
    await third.page.goto(`${host.url}/more/users`);
    await third.page.getByText("Second Operator", { exact: true }).waitFor();

    const phone = second.page;
    await phone.goto(`${host.url}/more/users`);
    await phone.getByRole("button", { name: "Change Third Operator" }).click();
    await phone.getByLabel("Role").selectOption("on-call");
    await phone.getByLabel("Why").fill("Moves to the night desk.");
    await phone.getByRole("button", { name: "Ask for approval" }).click();
    await phone.getByText(/^Waits for a second person: role/).waitFor();
    expect(await second.sidewaysPx()).toBe(0);
    // Nothing is taken yet.
    await third.page.reload();
    await third.page.getByText("Second Operator", { exact: true }).waitFor();

    const { page } = asker;
    await page.goto(`${host.url}/more/approvals`);
    await page
      .getByRole("region", { name: "For you to decide" })
      .getByRole("link", { name: /Third Operator/ })
      .click();
    await page.getByRole("button", { name: "Approve…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await page.getByText("APPLIED").first().waitFor();
    await third.page
      .getByText("Operations managers, auditors and administrators see who may sign in.")
      .waitFor({ timeout: 15_000 });
    expect(await third.page.getByText("Second Operator", { exact: true }).count()).toBe(0);
    await third.page.goto(`${host.url}/more`);
    await third.page.getByRole("link", { name: /^On call/ }).waitFor();
    expect(await third.page.getByRole("link", { name: /^(Users|Audit|Deliveries)/ }).count()).toBe(
      0,
    );
    await third.context.close();
  });

  /** As programs call, for what is asked for here without being looked at. */
  async function clientOf(name: string): Promise<ReturnType<BoardServer["process"]["client"]>> {
    const { token = "" } = await server.process.command(
      "token",
      "create",
      "--user",
      name,
      "--ttl",
      "1h",
    );
    const client = server.process.client(token);
    await eventually(
      () => client.trpc.me.get.query().catch(() => null),
      (me) => me?.name === name,
    );
    return client;
  }

  /** Pictures of what the asker sees, and that it fits. */
  async function look(name: string): Promise<void> {
    const { page } = asker;
    if (FOLDER !== undefined) await mkdir(FOLDER, { recursive: true });
    for (const [device, viewport] of [
      ["phone", PHONE],
      ["desktop", DESKTOP],
    ] as const) {
      for (const colorScheme of ["light", "dark"] as const) {
        // oxlint-disable no-await-in-loop -- one page shows them one after the other
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        expect(await asker.sidewaysPx()).toBe(0);
        if (FOLDER === undefined) continue;
        const path = join(FOLDER, `${name}-${device}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
        // oxlint-enable no-await-in-loop
      }
    }
  }

  it("stands in the record: who asked, who approved, and that it is whole", async () => {
    const phone = second.page;
    await phone.goto(`${server.process.url}/more/audit?about=change-request`);
    const records = phone
      .getByRole("list", { name: "Records, newest first" })
      .getByRole("listitem");
    await records.first().waitFor();
    const words = (await records.allTextContents()).join("\n");
    expect(words).toMatch(/Second Operator approved a change/);
    expect(words).toMatch(/operations asked for a change/);
    expect(words).toMatch(/operations broke the glass/);
    await phone.getByRole("button", { name: "Check the record" }).click();
    await phone.getByText(/^Whole: \d+ records in an unbroken chain/).waitFor();
    const downloading = phone.waitForEvent("download");
    await phone.getByRole("button", { name: "Evidence file" }).click();
    const file = await downloading;
    const lines = (await readFile(await file.path(), "utf8")).trim().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    expect(JSON.parse(lines.at(-1) ?? "")).toBeTypeOf("object");
    expect(await second.sidewaysPx()).toBe(0);
    expect(asker.troubles).toEqual([]);
    expect(second.troubles).toEqual([]);
  });
});
