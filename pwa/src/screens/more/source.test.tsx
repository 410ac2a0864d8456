import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeRequest } from "../../components/test-change.ts";
import { queryClient } from "../../queries.ts";
import type { SourceDetail } from "../../trust-queries.ts";
import { TestNetwork } from "../test-network.ts";
import { showScreen, tap, TWO_PEOPLE, type } from "../test-screen.tsx";
import { SourceScreen } from "./SourceScreen.tsx";
import { sourceLines } from "./source-lines.ts";

const source = (fields: Partial<SourceDetail> = {}): SourceDetail => ({
  sourceId: "s1",
  name: "core-batch",
  contract: "native",
  environment: "PROD",
  pagingMode: "PAGING",
  lastSeenAt: null,
  heldBack: { pages: 0, notices: 0 },
  zone: "Europe/Berlin",
  newDayTime: "06:00",
  businessDateParams: [],
  teamId: null,
  recoveryRecipe: null,
  createdAt: "2026-11-01T00:00:00.000Z",
  rejected: [],
  masked: [],
  maskingExceptions: [],
  ...fields,
});

let network: TestNetwork;
beforeEach(() => {
  network = new TestNetwork();
  network.answers["approvals.state"] = () => TWO_PEOPLE;
  network.answers["approvals.list"] = () => ({ items: [], nextCursor: null });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
});
const show = (): void => showScreen(<SourceScreen sourceId="s1" />);

test("what was refused and what was hidden of it, by kind", async () => {
  network.answers["sources.get"] = () =>
    source({
      rejected: [
        {
          at: "2026-11-11T02:00:00.000Z",
          contract: "native",
          code: "invalid_time",
          message: "at: is no time.",
          excerpt: '{"at":"soon"}',
        },
      ],
      masked: [
        { day: "2026-11-25", kind: "card", hidden: 12, kept: 0 },
        { day: "2026-11-25", kind: "iban", hidden: 1_000, kept: 3 },
        { day: "2026-11-24", kind: "iban", hidden: 204, kept: 0 },
      ],
    });
  show();
  await screen.findByText("at: is no time.");
  expect(screen.getByText('{"at":"soon"}')).toBeDefined();
  expect(screen.getByText("Card numbers").nextElementSibling?.textContent).toBe("12");
  expect(screen.getByText("IBANs").nextElementSibling?.textContent).toBe(
    "1,204 · 3 kept by exception",
  );
});

test("nothing refused, nothing hidden, nothing kept: each says so", async () => {
  network.answers["sources.get"] = () => source();
  show();
  await screen.findByText("Everything that it sent was taken.");
  expect(screen.getByText(/^Nothing that it sent looked like/)).toBeDefined();
  expect(screen.getByText(/^Nothing: what looks like a card/)).toBeDefined();
});

test("a field is asked to be kept unmasked; what is kept already is filled in", async () => {
  network.answers["sources.get"] = () =>
    source({ maskingExceptions: [{ field: "account", kinds: ["account"] }] });
  network.answers["sources.propose"] = () => ({
    outcome: "waiting",
    request: changeRequest(),
    secret: null,
  });
  show();
  await screen.findByText("account numbers");
  tap("Change what is kept unmasked");
  await screen.findByLabelText("Why");
  tap("Ask for approval");
  await screen.findByText("Give the field’s name.");
  type("Field", "account");
  expect(screen.getByLabelText("account numbers")).toHaveProperty("checked", true);
  fireEvent.click(screen.getByLabelText("IBANs"));
  type("Why", "The desk needs it to restart.");
  tap("Ask for approval");
  await screen.findByRole("button", { name: "Change what is kept unmasked" });
  expect(network.called("sources.propose")).toMatchObject([
    {
      change: {
        kind: "masking-exception",
        payload: { sourceId: "s1", field: "account", kinds: ["account", "iban"] },
      },
    },
  ]);
});

test("a source that is not there, and one without a network", async () => {
  show();
  await screen.findByText(/^No such source here/);
  cleanup();
  queryClient.clear();
  network.isDown = true;
  show();
  await screen.findByText("No connection. Nothing is lost; it is tried again by itself.");
});

test("lines to paste have the address and the key in them", () => {
  const [curl] = sourceLines("native", "k1", "https://batch.example");
  expect(curl?.text).toContain("curl https://batch.example/api/v1/observations");
  expect(curl?.text).toContain("Bearer k1");
  const [yaml] = sourceLines("openlineage", "k1", "https://batch.example");
  expect(yaml?.text).toContain("apiKey: k1");
  expect(yaml?.text).toContain("endpoint: api/v1/lineage");
});
