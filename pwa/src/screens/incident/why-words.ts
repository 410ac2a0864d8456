import type { AuditView, UntoldReason, WhyNotPagedView } from "batchwatch/router";
import { CHANGE_KIND_WORDS } from "../../components/change-words.ts";
import { UNTOLD_WORDS } from "../../components/incident-words.ts";
import { AUDIT_ACTION_WORDS } from "../audit/audit-words.ts";

/** "Why was nobody paged?" in words. */

/** The one reason. */
export function whyWords({ paged, reason, severity, deliveries }: WhyNotPagedView): string {
  if (paged) {
    const count = deliveries.length === 1 ? "1 message" : `${deliveries.length} messages`;
    return `Somebody was paged by now: ${count}.`;
  }
  const grave = severity === null ? "" : ` Its severity is ${severity}.`;
  if (reason === null) return `No reason is recorded: it is still being decided.${grave}`;
  return `Nobody was paged: ${UNTOLD_WORDS[reason]}.${grave}`;
}

/** Reasons that are somebody's setting, and what that is. */
const SETTINGS: Readonly<Partial<Record<UntoldReason, string>>> = {
  "not-production": "the source’s environment",
  "source-watching": "that the source is only watched",
  "low-tier": "the job’s tier",
};

/** Who approved what the reason rests on, or why nobody had to; null where there is no reason to speak of. */
export function approvalWords(view: WhyNotPagedView): string | null {
  const { paged, reason, mode, setBy, approvedBy } = view;
  if (paged || reason === null) return null;
  const setting = SETTINGS[reason];
  if (setting === undefined) return "Nobody had to approve that: it is no setting of anybody’s.";
  if (mode === null) {
    return `Nobody approved it: no record says who set ${setting}. It is as it began, or older than the record.`;
  }
  const who = setBy ?? "somebody";
  switch (mode) {
    case "two-people":
      return `Approved by ${approvedBy ?? "somebody"}. ${who} asked for it.`;
    case "set-up":
      return `Set up alone by ${who}: nobody else could approve then.`;
    case "break-glass":
      return approvedBy === null
        ? `Set under break-glass by ${who}. Nobody else has approved it.`
        : `Approved by ${approvedBy} afterwards. ${who} had set it under break-glass.`;
    case "host":
      return "Nobody had to approve it: it was set by the command line on the host.";
    case "taken-back":
      return `Nobody had to approve it: what was changed under break-glass was taken back by ${who}.`;
  }
}

const KIND_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries(CHANGE_KIND_WORDS).map(([kind, words]) => [kind, words.toLowerCase()]),
);

/** What was done, behind the name of who did it: `applied a change (start or stop paging): Core bank`. */
export function proofWords({ action, detail, subjectName }: AuditView): string {
  const more = proofDetail(detail);
  const about = subjectName === null ? "" : `: ${subjectName}`;
  return `${AUDIT_ACTION_WORDS[action]}${more === null ? "" : ` (${more})`}${about}`;
}

function proofDetail({ kind, command }: AuditView["detail"]): string | null {
  if (typeof kind === "string") return KIND_WORDS.get(kind) ?? kind;
  return typeof command === "string" ? command : null;
}
