import type { ChangeAuthor, ChangeKind, ChangePayloads, Standing } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";

/** What a change is about, as people know it. */
export interface ChangeSubject {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Whose jobs it concerns; null: nobody's in particular. */
  readonly teamId: string | null;
}

export interface SubjectStanding {
  readonly subject: ChangeSubject;
  readonly standing: Standing;
}

/** How one kind of change meets the store. */
export interface ChangeWork<K extends ChangeKind> {
  /** What stands before it. Fails as the change itself would, as far as that is known before. */
  look(
    tx: Kysely<Database>,
    payload: ChangePayloads[K],
    subjectId: string,
  ): Promise<SubjectStanding>;
  /** Carries it out. @param subjectId of what is made, for a kind that makes something */
  apply(
    tx: Kysely<Database>,
    payload: ChangePayloads[K],
    subjectId: string,
    by: ChangeAuthor,
    now: number,
  ): Promise<void>;
}
