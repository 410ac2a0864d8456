import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import type { AuditView } from "batchwatch/router";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as files from "../../components/save-file.ts";
import { queryClient } from "../../queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap, type } from "../test-screen.tsx";
import { filterOf, NO_FILTER, queryOf, searchOf } from "./audit-filter.ts";
import { detailFacts, verdictWords } from "./audit-words.ts";
import { AuditScreen } from "./AuditScreen.tsx";
import { subjectHref } from "./subject-links.ts";

vi.mock("../../components/save-file.ts", () => ({ saveFile: vi.fn<typeof files.saveFile>() }));

const record = (fields: Partial<AuditView> = {}): AuditView => ({
  seq: 17,
  at: "2026-11-11T02:14:00.000Z",
  who: "Duty Operator",
  actorId: "u1",
  action: "incident-command",
  subjectKind: "incident",
  subjectId: "i-1",
  subjectName: "GL extract",
  teamId: "lending",
  detail: { command: "acknowledge", outcome: null, late: false },
  ...fields,
});

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
  history.replaceState(null, "", "/more/audit");
  network.answers["users.list"] = () => ({
    items: [
      { userId: "u2", name: "Night Operator", role: "on-call", teamIds: [], lastSignInAt: null },
    ],
    nextCursor: null,
  });
  network.answers["audit.list"] = () => ({ items: [record()], nextCursor: null });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});

test("a record says who did what, when, and opens to its small print and its subject", async () => {
  showScreen(<AuditScreen />, { role: "auditor" });
  const line = await screen.findByText("Duty Operator");
  expect(line.parentElement?.textContent).toBe("Duty Operator answered an incident: GL extract");
  expect(screen.getByText("Command").nextElementSibling?.textContent).toBe("acknowledge");
  expect(screen.getByText("Late").nextElementSibling?.textContent).toBe("no");
  expect(screen.getByText("Record").nextElementSibling?.textContent).toBe("17");
  expect(screen.getByText("Open incident").getAttribute("href")).toBe("/incidents/i-1");
});

test("it is searched by person, act, subject and time, in an address that can be shared", async () => {
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText("Duty Operator");
  await screen.findByText("Night Operator");
  type("Who", "u2");
  type("Did", "break-glass");
  type("About", "job");
  type("Its id", "gl-extract");
  type("Team", "lending");
  fireEvent.submit(screen.getByRole("form", { name: "Search the record" }));
  await waitFor(() =>
    expect(network.called("audit.list").at(-1)).toMatchObject({
      filter: {
        actorId: "u2",
        action: "break-glass",
        subjectKind: "job",
        subjectId: "gl-extract",
        team: "lending",
      },
    }),
  );
  expect(location.search).toBe("?who=u2&action=break-glass&about=job&id=gl-extract&team=lending");
  await screen.findByText("Search: 5 set");
  tap("Clear");
  await waitFor(() => expect(location.search).toBe(""));
});

test("everything that a record can be about is in the list, in words", async () => {
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText("Duty Operator", { selector: "strong" });
  const about = screen.getByLabelText<HTMLSelectElement>("About");
  const kinds = new Map([...about.options].map(({ value, text }) => [value, text]));
  for (const kind of ["call", "token", "key", "delivery", "retention", "webhook", "store"]) {
    expect([kind, kinds.get(kind)]).toEqual([kind, expect.stringMatching(/^[A-Z]/)]);
  }
  type("About", "retention");
  fireEvent.submit(screen.getByRole("form", { name: "Search the record" }));
  await waitFor(() =>
    expect(network.called("audit.list").at(-1)?.["filter"]).toEqual({ subjectKind: "retention" }),
  );
});

test("a team of an address that the reader does not know is kept, and shown as it is", () => {
  history.replaceState(null, "", "/more/audit?team=cards");
  showScreen(<AuditScreen />, { role: "auditor" });
  expect(screen.getByLabelText("Team")).toHaveProperty("value", "cards");
  history.replaceState(null, "", "/more/audit");
});

test("nothing found leads back to everything", async () => {
  history.replaceState(null, "", "/more/audit?about=incident&id=none");
  network.answers["audit.list"] = ({ filter }) => ({
    items: "subjectId" in (filter as object) ? [] : [record()],
    nextCursor: null,
  });
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText("Nothing in the record matches.");
  tap("Show all");
  await screen.findByText("Duty Operator");
});

test("the record is checked, and what is wrong with it is said with where", async () => {
  const verdict = {
    at: "2026-11-11T02:20:00.000Z",
    headSeq: 120,
    headAt: "2026-11-11T02:19:00.000Z",
    complete: true,
  };
  network.answers["audit.verify"] = () => ({
    ...verdict,
    intact: true,
    records: 120,
    brokenAt: null,
    finding: "",
  });
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText("Duty Operator");
  tap("Check the record");
  await screen.findByText(/^Whole: 120 records in an unbroken chain, none changed, none missing\./);
  network.answers["audit.verify"] = () => ({
    ...verdict,
    intact: false,
    records: 120,
    brokenAt: 17,
    finding: "record 17 was changed",
  });
  tap("Check the record");
  await screen.findByText(/^Not whole: record 17 was changed\. First wrong at record 17\./);
});

test("evidence is a file of what is searched for, and says when it was cut", async () => {
  network.answers["audit.evidence"] = () => ({
    fileName: "evidence.ndjson",
    records: 2,
    text: "{}\n{}\n",
    cut: true,
  });
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText("Duty Operator");
  tap("Evidence file");
  await screen.findByText(/^2 records in evidence\.ndjson\. More matched than fit into one file/);
  expect(files.saveFile).toHaveBeenCalledWith(
    "evidence.ndjson",
    "{}\n{}\n",
    "application/x-ndjson",
  );
});

test("a team lead reads and does not take evidence; on call is told who does", async () => {
  showScreen(<AuditScreen />, { role: "team-lead" });
  await screen.findByText("Duty Operator", { selector: "strong" });
  expect(screen.queryByRole("button", { name: "Evidence file" })).toBe(null);
  expect(network.called("users.list")).toEqual([]);
  cleanup();
  showScreen(<AuditScreen />, { role: "on-call" });
  expect(screen.getByText(/^Operations managers, team leads, auditors/)).toBeDefined();
});

test("a refusal and a lost network are said", async () => {
  network.answers["audit.list"] = () => {
    throw "FORBIDDEN";
  };
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText(/^Your role or team does not allow you to see this record/);
  cleanup();
  queryClient.clear();
  network.isDown = true;
  showScreen(<AuditScreen />, { role: "auditor" });
  await screen.findByText("No connection. Nothing is lost; it is tried again by itself.");
});

test("an address gives a filter and a filter an address; what the server would refuse is left out", () => {
  const filter = { ...NO_FILTER, who: "u1", from: "2026-11-11T02:00" };
  expect(filterOf(searchOf(filter))).toEqual(filter);
  expect(queryOf(filter)).toEqual({ actorId: "u1", from: new Date(filter.from).toISOString() });
  const hostile = filterOf("who=<b>&action=drop&about=A%20B&from=soon&x=1");
  expect(queryOf(hostile)).toEqual({});
});

test("subjects have their pages, and hostile ids none", () => {
  expect(subjectHref("job", "gl-extract")).toBe("/jobs/gl-extract");
  expect(subjectHref("job", "//evil.example")).toBe(null);
  expect(subjectHref("session", "s1")).toBe(null);
  expect(subjectHref(null, null)).toBe(null);
});

test("words of a verdict and of a record without subject", () => {
  const facts = detailFacts(
    record({ subjectKind: null, subjectId: null, teamId: null, detail: {} }),
  );
  expect(facts).toEqual([
    ["By", "u1"],
    ["Record", "17"],
  ]);
  const verdict = {
    at: "",
    intact: true,
    complete: true,
    records: 1,
    brokenAt: null,
    finding: "",
    headSeq: null,
    headAt: null,
  };
  expect(verdictWords(verdict)).toMatch(/^Whole: 1 record in/);
  expect(verdictWords({ ...verdict, complete: false })).toMatch(
    /^Nothing wrong in the first 1 record;/,
  );
});
