import type { MeView } from "batchwatch/router";

/** Who is signed in, for tests; each field can be set. */
export function meView(fields: Partial<MeView> = {}): MeView {
  return {
    userId: "me",
    name: "Duty Operator",
    role: "on-call",
    teamIds: ["lending"],
    teams: [{ teamId: "lending", name: "Lending" }],
    version: "0.1.0",
    sample: false,
    hasSource: true,
    updateIntervalMs: 100,
    serverTime: "2026-11-11T03:00:00.000Z",
    ...fields,
  };
}
