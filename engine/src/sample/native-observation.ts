import type { ObservationKind } from "../model/fact.ts";
import type { Counters, Dataset, Progress } from "../model/run.ts";

/** One member of a request of the native contract, as its JSON stands. Times are ISO 8601 UTC. */
export interface NativeObservation {
  readonly job: { readonly namespace: string; readonly name: string; readonly team: string };
  readonly run: { readonly id: string; readonly parent?: NativeParent };
  readonly stage?: { readonly name: string; readonly index: number };
  readonly kind: ObservationKind;
  readonly at: string;
  readonly progress?: Progress;
  readonly counters?: Counters;
  readonly message?: string;
  readonly exitCode?: string;
  readonly datasets?: { readonly in: readonly Dataset[]; readonly out: readonly Dataset[] };
  readonly params?: Readonly<Record<string, string>>;
}

/** The run that started this one. */
export interface NativeParent {
  readonly job: { readonly namespace: string; readonly name: string };
  readonly run: { readonly id: string };
}

/** An observation and when to send it, epoch milliseconds. */
export interface TimedObservation {
  readonly at: number;
  readonly body: NativeObservation;
}
