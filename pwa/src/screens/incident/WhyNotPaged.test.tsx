import { cleanup, screen, within } from "@testing-library/react";
import type { AuditView, WhyNotPagedView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test } from "vitest";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap } from "../test-screen.tsx";
import { WhyNotPaged } from "./WhyNotPaged.tsx";
import { approvalWords, proofWords } from "./why-words.ts";

const record = (fields: Partial<AuditView> = {}): AuditView => ({
  seq: 17,
  at: "2026-11-11T02:14:00.000Z",
  who: "Operations Manager",
  actorId: "u2",
  action: "change-applied",
  subjectKind: "source",
  subjectId: "s-1",
  subjectName: "Core bank",
  teamId: null,
  detail: { kind: "source-paging", mode: "two-people" },
  ...fields,
});

/** A source that two people set to be watched only; each field can be set. */
const answer = (fields: Partial<WhyNotPagedView> = {}): WhyNotPagedView => ({
  incidentId: "i1",
  paged: false,
  reason: "source-watching",
  severity: "HIGH",
  deliveries: [],
  audit: [
    record(),
    record({
      seq: 16,
      who: "Duty Lead",
      action: "change-requested",
      subjectKind: "change-request",
      subjectId: "r1",
      subjectName: null,
    }),
  ],
  mode: "two-people",
  setBy: "Duty Lead",
  setAt: "2026-11-11T02:14:00.000Z",
  approvedBy: "Operations Manager",
  ...fields,
});

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
  network.answers["incidents.whyNotPaged"] = () => answer();
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

test("the one reason, who approved what it rests on, and the records of it [B26]", async () => {
  showScreen(<WhyNotPaged incidentId="i1" />);
  tap("Why was nobody paged?");
  await screen.findByText(/^Nobody was paged: its source is only watched.+Its severity is HIGH\.$/);
  screen.getByText(/^Approved by Operations Manager\. Duty Lead asked for it\./);
  const lines = within(screen.getByRole("region", { name: "What the record says" }))
    .getAllByRole("listitem")
    .map((line) => line.querySelector("p")?.textContent);
  expect(lines).toEqual([
    "Operations Manager applied a change (start or stop paging): Core bank",
    "Duty Lead asked for a change (start or stop paging)",
  ]);
  const links = screen.getAllByRole("link").map((link) => link.getAttribute("href"));
  expect(links).toEqual(["/more/audit?about=incident&id=i1", "/more/audit?about=source&id=s-1"]);
});

test("who may not read the record is told the same, without the way there", async () => {
  showScreen(<WhyNotPaged incidentId="i1" />, { role: "on-call" });
  tap("Why was nobody paged?");
  await screen.findByText(/^Approved by Operations Manager/);
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(screen.queryByRole("link")).toBe(null);
});

test("a reason without records is said all the same", async () => {
  network.answers["incidents.whyNotPaged"] = () =>
    answer({ reason: "nobody-to-tell", audit: [], ...NO_ONE });
  showScreen(<WhyNotPaged incidentId="i1" />);
  tap("Why was nobody paged?");
  await screen.findByText("Nobody had to approve that: it is no setting of anybody’s.");
  expect(screen.queryByRole("region")).toBe(null);
  expect(screen.getAllByRole("link")).toHaveLength(1);
});

test("a failure is said, and asked again", async () => {
  network.isDown = true;
  showScreen(<WhyNotPaged incidentId="i1" />);
  tap("Why was nobody paged?");
  await screen.findByText("No connection. Nothing is lost; it is tried again by itself.");
  network.isDown = false;
  network.answers["incidents.whyNotPaged"] = () =>
    answer({
      paged: true,
      reason: null,
      severity: null,
      deliveries: [{} as WhyNotPagedView["deliveries"][number]],
      audit: [],
      ...NO_ONE,
    });
  tap("Try again");
  await screen.findByText("Somebody was paged by now: 1 message.");
  expect(screen.queryByText(/pprove/)).toBe(null);
});

const NO_ONE = { mode: null, setBy: null, setAt: null, approvedBy: null } as const;

test.each([
  [{ mode: "set-up", approvedBy: null }, /^Set up alone by Duty Lead/],
  [{ mode: "break-glass", approvedBy: null }, /^Set under break-glass by Duty Lead\. Nobody else/],
  [{ mode: "break-glass" }, /^Approved by Operations Manager afterwards\. Duty Lead had set it/],
  [{ mode: "host", approvedBy: null }, /^Nobody had to.+command line on the host\.$/],
  [{ mode: "taken-back", setBy: "Batchwatch", approvedBy: null }, /taken back by Batchwatch\.$/],
  [{ ...NO_ONE, reason: "low-tier" }, /^Nobody approved it: no record says who set the job’s tier/],
] as const)("%j in words", (fields, words) => {
  expect(approvalWords(answer(fields))).toMatch(words);
});

test("a command on the host is named, and a detail that is not known is no trouble", () => {
  const host = record({ action: "host-command", detail: { command: "source stop-paging" } });
  expect(proofWords(host)).toBe("gave a command on the host (source stop-paging): Core bank");
  const bare = record({ detail: {}, subjectName: null });
  expect(proofWords(bare)).toBe("applied a change");
  expect(proofWords(record({ detail: { kind: "__proto__" } }))).toContain("applied a change");
});
