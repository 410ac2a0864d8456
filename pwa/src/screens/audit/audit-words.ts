import type { AuditAction, AuditVerdictView, AuditView } from "batchwatch/router";
import { capitalised, formatNumber, plainName } from "../../components/format.ts";

/** What was done, after the name of who did it; `{subject}` is named behind it where there is one. */
export const AUDIT_ACTION_WORDS: Readonly<Record<AuditAction, string>> = {
  "sign-in": "signed in",
  "sign-in-refused": "was refused a sign-in",
  "sign-out": "signed out",
  "session-ended": "ended a session",
  "refresh-reused": "came with a copied session: it was ended",
  "password-set": "set a password",
  "token-made": "made a token",
  "token-revoked": "revoked a token",
  "device-paired": "paired a device",
  "device-removed": "removed a device",
  "run-viewed": "looked at a run",
  "incident-viewed": "looked at an incident",
  "source-viewed": "looked at a source",
  "audit-viewed": "read the record",
  "audit-verified": "checked the record",
  "evidence-exported": "took evidence",
  "incident-command": "answered an incident",
  "delivery-replayed": "sent a message again",
  "oncall-set": "set who is on call",
  "change-requested": "asked for a change",
  "change-approved": "approved a change",
  "change-rejected": "rejected a change",
  "change-withdrawn": "withdrew a change",
  "change-expired": "let a change expire",
  "change-applied": "applied a change",
  "change-reverted": "took a change back",
  "break-glass": "broke the glass",
  "host-command": "gave a command on the host",
  "setup-ended": "ended set-up",
  "access-refused": "was refused",
  "push-consent": "agreed to be woken by push",
  "push-consent-withdrawn": "took the agreement to push back",
  "data-exported": "exported their own data",
  "data-erased": "had their own data erased",
  "keys-rotated": "rotated the keys",
};

/** All actions, in the order of their words. */
export const AUDIT_ACTIONS: readonly AuditAction[] = (
  Object.keys(AUDIT_ACTION_WORDS) as AuditAction[]
).sort((a, b) => AUDIT_ACTION_WORDS[a].localeCompare(AUDIT_ACTION_WORDS[b]));

/** What a record can be about, as people say it. */
export const SUBJECT_KINDS: Readonly<Record<string, string>> = {
  incident: "Incident",
  run: "Run",
  job: "Job",
  source: "Source",
  "change-request": "Change",
  user: "User",
  session: "Session",
  device: "Device",
  team: "Team",
  calendar: "Calendar",
  audit: "The record itself",
};

export function subjectKindWords(kind: string): string {
  return SUBJECT_KINDS[kind] ?? capitalised(plainName(kind));
}

/** The record's small print as names and values. Everything in it may have come from outside: plain text. */
export function detailFacts(record: AuditView): readonly (readonly [string, string])[] {
  const { detail, subjectKind, subjectId, actorId, teamId, seq } = record;
  return [
    ...Object.entries(detail).flatMap(([name, value]): readonly (readonly [string, string])[] =>
      value === null ? [] : [[capitalised(plainName(name)), valueText(value)]],
    ),
    ...(subjectKind === null || subjectId === null
      ? []
      : [[subjectKindWords(subjectKind), subjectId] as const]),
    ...(teamId === null ? [] : [["Team", teamId] as const]),
    ["By", actorId],
    ["Record", formatNumber(seq)],
  ];
}

function valueText(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? formatNumber(value) : value;
}

/** What checking found, in words. */
export function verdictWords(verdict: AuditVerdictView): string {
  const { intact, complete, records, brokenAt, finding } = verdict;
  const count = records === 1 ? "1 record" : `${formatNumber(records)} records`;
  if (intact && !complete) {
    return `Nothing wrong in the first ${count}; the time was over before the end. The command line on the host checks all of it.`;
  }
  if (intact) return `Whole: ${count} in an unbroken chain, none changed, none missing.`;
  const where = brokenAt === null ? "" : ` First wrong at record ${formatNumber(brokenAt)}.`;
  return `Not whole: ${finding}.${where} Keep the database as it is and tell security.`;
}
