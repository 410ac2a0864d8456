import type { Environment, PagingMode } from "./job.ts";
import type { Person } from "./incident.ts";

/** A person who can be paged, with the devices that can be woken. */
export interface Pageable {
  readonly person: Person;
  /** Push subscription ids. */
  readonly devices: readonly string[];
}

/** Who is told of a team's incidents, and in which order. */
export interface Policy {
  /** The first is paged at once, the next when the one before has not answered. */
  readonly people: readonly Pageable[];
  readonly webhooks: readonly { readonly webhookId: string; readonly name: string }[];
}

/** What the incident machine must know of the world beside alerts and commands; a cache of the store. */
export interface AlertingWorld {
  /** Switched off by BATCHWATCH_ALERTS_ENABLED: nothing is sent, everything is recorded. */
  readonly alertsOn: boolean;
  /** Of the team that owns the job. */
  policyOf(teamId: string): Policy;
  /** Of those who run Batchwatch itself: silent sources. */
  readonly platformPolicy: Policy;
  /** Anybody, on a list or not; null: nobody has this id. */
  pageableOf(userId: string): Pageable | null;
  sourceOf(sourceId: string): {
    readonly name: string;
    readonly environment: Environment;
    readonly pagingMode: PagingMode;
  } | null;
}
