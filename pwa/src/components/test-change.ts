import type { ChangeRequestView } from "batchwatch/router";

/** A change that waits, for tests; each field can be set. */
export function changeRequest(fields: Partial<ChangeRequestView> = {}): ChangeRequestView {
  return {
    requestId: "r1",
    kind: "job-configure",
    subjectKind: "job",
    subjectId: "gl-extract",
    subjectName: "GL extract",
    teamId: "lending",
    differences: [{ field: "clocks.startGraceMs", before: null, after: "900000" }],
    reason: "It begins later since the move.",
    hash: "a1b2c3d4e5f6".padEnd(64, "0"),
    requestedBy: "Duty Operator",
    requestedById: "u1",
    requestedAt: "2026-11-11T02:00:00.000Z",
    expiresAt: "2026-11-18T02:00:00.000Z",
    state: "WAITING",
    mode: "two-people",
    decidedBy: null,
    decidedAt: null,
    decisionNote: null,
    revertsAt: null,
    revertedBy: null,
    may: { approve: true, reject: true, withdraw: false, revert: false, collect: false },
    whyNot: null,
    approvers: ["Night Operator"],
    ...fields,
  };
}
