import {
  admit,
  type JournalRecord,
  type Notification,
  SERVICE_TEAM_ID,
  type Source,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";

/** The webhook id that pages of the canary go to: back to it, in this process. */
export const CANARY_TARGET = "canary";

/** Not in the store: nobody configures it, and nobody sees it. */
export const CANARY_SOURCE: Source = {
  sourceId: "batchwatch-canary",
  name: "canary",
  contract: "native",
  environment: "PROD",
  zone: "UTC",
  newDayTime: "00:00",
  businessDateParams: [],
  pagingMode: "PAGING",
  recoveryRecipe: null,
  teamId: SERVICE_TEAM_ID,
  createdAt: 0,
};

export interface CanaryOptions {
  /** Makes records durable, as those of any other source are. */
  readonly append: (records: readonly JournalRecord[]) => Promise<unknown>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

export type CanaryState =
  /** None was due yet. */
  | { readonly type: "young" }
  | { readonly type: "singing"; readonly tookMs: number; readonly at: number }
  /** Its page is due since `since`, epoch ms. */
  | { readonly type: "silent"; readonly since: number };

/**
 * A job of our own that fails on schedule, and is then said to have succeeded after all: its page must come all the way back, through journal, shard, store, incident and
 * outbox, within API_LIMITS.canaryWithinMs. When it does not, alerting is DOWN, and the watchdog says so.
 */
export class Canary {
  readonly #options: CanaryOptions;
  #timer: NodeJS.Timeout | null = null;
  /** The failure that is under way. */
  #open: { readonly name: string; readonly at: number } | null = null;
  #heard: { readonly tookMs: number; readonly at: number } | null = null;

  constructor(options: CanaryOptions) {
    this.#options = options;
  }

  /** The first one fails at once. */
  start(): void {
    this.#fail();
    this.#timer = setInterval(() => this.#fail(), API_LIMITS.canaryEveryMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  state(): CanaryState {
    const now = this.#options.now();
    if (this.#open !== null && now - this.#open.at > API_LIMITS.canaryWithinMs) {
      return { type: "silent", since: this.#open.at };
    }
    return this.#heard === null ? { type: "young" } : { type: "singing", ...this.#heard };
  }

  /** Its page has come back; whatever else is said of it is of no interest. */
  arrived({ kind, card }: Notification): void {
    const open = this.#open;
    if (open === null || kind !== "page" || Date.parse(card.since) < open.at) return;
    const at = this.#options.now();
    this.#open = null;
    this.#heard = { tookMs: at - open.at, at };
    this.#say(open.name, "succeeded");
  }

  #fail(): void {
    // One that never came back is closed by the next: its incident would stay open for ever.
    if (this.#open !== null) this.#say(this.#open.name, "succeeded");
    const at = this.#options.now();
    const name = new Date(at).toISOString();
    // While one is overdue the clock goes on counting from it.
    this.#open = { name, at: this.#overdueSince() ?? at };
    this.#say(name, "failed");
  }

  #overdueSince(): number | null {
    const state = this.state();
    return state.type === "silent" ? state.since : null;
  }

  #say(run: string, kind: "failed" | "succeeded"): void {
    const { append, now, onError } = this.#options;
    const receivedAt = now();
    const at = new Date(receivedAt).toISOString();
    const fact = {
      job: { namespace: "batchwatch", name: "canary" },
      run: { id: run },
      at,
    };
    const body = [
      { ...fact, kind: "started" },
      { ...fact, kind },
    ];
    const { records, rejections } = admit({
      contract: "native",
      bytes: Buffer.from(JSON.stringify(body)),
      contentType: "application/json",
      source: CANARY_SOURCE,
      receivedAt,
    });
    const [rejection] = rejections;
    if (rejection === undefined) append(records).catch(onError);
    else onError(new Error(rejection.message));
  }
}
