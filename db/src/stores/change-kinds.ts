import {
  type ChangeAuthor,
  type ChangeKind,
  type ProposedChange,
  StoreError,
} from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { ChangeWork, SubjectStanding } from "./change-work.ts";
import { assignWork, configureWork, renameWork, retireWork } from "./job-change-work.ts";
import {
  calendarWork,
  maskingExceptionWork,
  retentionWork,
  sourceAddWork,
  sourcePagingWork,
  userAddWork,
  userChangeWork,
  userRemoveWork,
} from "./other-change-work.ts";

const WORK: { readonly [K in ChangeKind]: ChangeWork<K> } = {
  "job-configure": configureWork,
  "job-rename": renameWork,
  "job-retire": retireWork,
  "job-assign": assignWork,
  "calendar-put": calendarWork,
  "source-add": sourceAddWork,
  "source-paging": sourcePagingWork,
  "masking-exception": maskingExceptionWork,
  "user-add": userAddWork,
  "user-change": userChangeWork,
  "user-remove": userRemoveWork,
  "retention-set": retentionWork,
};

export function lookAt(
  tx: Kysely<Database>,
  { kind, payload }: ProposedChange,
  subjectId: string,
): Promise<SubjectStanding> {
  return workOf(kind).look(tx, payload, subjectId);
}

export function applyChange(
  tx: Kysely<Database>,
  { kind, payload }: ProposedChange,
  subjectId: string,
  by: ChangeAuthor,
  now: number,
): Promise<void> {
  return workOf(kind).apply(tx, payload, subjectId, by, now);
}

/** Kind and payload belong together in every ProposedChange; the table's type cannot say so of a union. */
function workOf(kind: ChangeKind): ChangeWork<ChangeKind> {
  return WORK[kind];
}

/** What the change is about. @param fresh id of what the change would make */
export function subjectIdOf({ kind, payload }: ProposedChange, fresh: string): string {
  switch (kind) {
    case "job-configure":
    case "job-rename":
    case "job-retire":
    case "job-assign":
      return payload.jobId;
    case "calendar-put":
      return payload.calendar.calendarId;
    case "source-add":
    case "user-add":
      return fresh;
    case "source-paging":
    case "masking-exception":
      return payload.sourceId;
    case "user-change":
    case "user-remove":
      return payload.userId;
    case "retention-set":
      return payload.what;
  }
}

/** Of requests with the same key one at a time waits or stands under break-glass (EYES-9). */
export function openKeyOf(change: ProposedChange, subjectId: string): string {
  const { kind, payload } = change;
  switch (kind) {
    case "user-add":
    case "user-change":
    case "user-remove":
      return `user:${subjectId}`;
    case "masking-exception":
      return `${kind}:${subjectId}:${payload.field}`;
    default:
      return `${kind}:${subjectId}`;
  }
}

/** What a repeat of the same command is told by: what is asked for has no id yet where it is to be made. */
export function commandSubjectOf(change: ProposedChange): string {
  const { kind, payload } = change;
  if (kind === "source-add" || kind === "user-add") return `${kind}:${payload.name}`;
  return openKeyOf(change, subjectIdOf(change, ""));
}

export function alreadyWaiting(name: string): StoreError {
  return new StoreError(
    "already_waiting",
    `A change of this kind waits for a second person, or stands under break-glass, for "${name}": approve, reject or withdraw it first.`,
  );
}
