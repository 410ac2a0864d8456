import type { IncidentMember, Person } from "../model/incident.ts";

/** What a notification is to say; the words are made of it when the step is done. */
export type Wording =
  /** What happened, by the member that it is about. */
  | { readonly type: "news"; readonly about: IncidentMember }
  /** The person before has not answered; `waitedMs` null: a person asked for the next. */
  | {
      readonly type: "escalated";
      readonly about: IncidentMember;
      readonly from: string;
      readonly waitedMs: number | null;
    }
  /** A job of the receiver's team is in another team's incident. */
  | {
      readonly type: "affected";
      readonly about: IncidentMember;
      readonly cause: IncidentMember;
    }
  /** Somebody else has it, or has closed it. */
  | {
      readonly type: "taken";
      readonly about: IncidentMember;
      readonly by: Person;
      readonly isClosed: boolean;
    }
  | { readonly type: "reminder"; readonly about: IncidentMember }
  | {
      readonly type: "ended";
      readonly about: IncidentMember;
      readonly how: "cleared" | "retracted" | "retired";
      /** Epoch milliseconds. */
      readonly at: number;
      /** The attempt that did it; null when it is not known. */
      readonly attempt: number | null;
    };
