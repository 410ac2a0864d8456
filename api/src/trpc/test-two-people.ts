import { randomUUID } from "node:crypto";
import { openStores } from "@batchwatch/db";
import {
  Board,
  type Calendar,
  type ChangeRequestView,
  jobIdOf,
  joinStoredSummaries,
  LIMITS,
  partitionOf,
  type Role,
  type Stores,
  type User,
} from "@batchwatch/engine";
import { Directory } from "../auth/directory.ts";
import { Feed } from "../live/feed.ts";
import type { Logger } from "../logger.ts";
import { type Approvals, makeApprovals } from "../make-approvals.ts";
import { ReceiverDirectory } from "../notify/receiver-directory.ts";
import { ForeignJobs } from "./foreign-jobs.ts";
import {
  type AlertingServices,
  type ApprovedServices,
  makeServices,
  type ServiceParts,
} from "./make-services.ts";
import { appRouter } from "./router.ts";
import { NO_TRAIL } from "./test-no-trail.ts";
import { makePrivacyServices } from "./privacy-services.ts";
import type { SessionServices } from "./session-services.ts";

export type Caller = ReturnType<typeof appRouter.createCaller>;
/** Everything that needs two people, flat: what it is → its value. What is not there is missing. */
export type Protected = Readonly<Record<string, string>>;

export const JOB: string = jobIdOf("s", "core", "gl-extract");
export const CALENDAR: Calendar = {
  calendarId: "target",
  name: "TARGET",
  zone: "UTC",
  workdays: [1, 2, 3, 4, 5],
  coversUntil: null,
  days: [],
};
const STAFF: readonly (readonly [string, Role, ...string[]])[] = [
  ["First Administrator", "administrator"],
  ["Second Administrator", "administrator"],
  ["Operations Manager", "operations-manager"],
  ["First Lead", "team-lead", "Ledger"],
  ["Second Lead", "team-lead", "Ledger"],
  ["Duty Operator", "on-call", "Ledger"],
];

/** Where a test breaks a rule on purpose, to see that it is noticed. */
export interface Breakage {
  readonly stores?: (stores: Stores) => Stores;
  readonly services?: (services: ApprovedServices, stores: Stores) => ApprovedServices;
}

/** The API over a real store, with a clock that the test moves. */
export class TwoPeopleWorld {
  readonly stores: Stores;
  readonly staff: readonly User[];
  readonly sourceId: string;
  readonly createdAt: number;
  now: number;
  readonly #directory: Directory;
  readonly #receivers: ReceiverDirectory;
  readonly #approvals: Approvals;
  readonly #services: ReturnType<typeof makeServices>;
  readonly #close: () => Promise<void>;

  private constructor(parts: {
    stores: Stores;
    staff: readonly User[];
    sourceId: string;
    createdAt: number;
    breakage: Breakage;
    close: () => Promise<void>;
  }) {
    const { stores, breakage } = parts;
    this.stores = stores;
    this.staff = parts.staff;
    this.sourceId = parts.sourceId;
    this.createdAt = parts.createdAt;
    this.now = parts.createdAt + 1;
    const now = () => this.now;
    const broken = breakage.stores?.(stores) ?? stores;
    this.#directory = new Directory(stores, { now });
    this.#receivers = new ReceiverDirectory({
      receivers: stores.receivers,
      people: this.#directory,
      returnedAt: () => null,
      alertsOn: true,
      pushOn: true,
      zone: "UTC",
    });
    this.#approvals = makeApprovals({
      stores: broken,
      readers: broken,
      directory: this.#directory,
      receivers: this.#receivers,
      heldBack: () => ({ pages: 0, notices: 0 }),
      publicUrl: () => "http://localhost",
      changed: () => this.#directory.refresh(),
      logger: {
        warn: (_facts: unknown, what: string) => {
          throw new Error(what);
        },
      } as unknown as Logger,
      now,
    });
    const board = new Board("e");
    const feed = new Feed({
      board,
      now,
      health: () => ({ status: "UP", components: [] }),
      metrics: () => {
        throw new Error("not asked for");
      },
      updateIntervalMs: 1_000_000,
    });
    const approved = this.#approvals.services;
    this.#services = makeServices({
      board,
      feed,
      readers: stores,
      approved: breakage.services?.(approved, stores) ?? approved,
      alerting: {} as AlertingServices,
      sessions: {} as SessionServices,
      privacy: makePrivacyServices({ stores, changed: () => this.#directory.refresh(), now }),
      audit: {
        trail: NO_TRAIL,
      } as unknown as ServiceParts["audit"],
      vitals: { report: () => true },
      foreign: new ForeignJobs({ board, teams: async () => [], onCallOf: () => null }),
      health: () => ({ status: "UP", components: [] }),
      now,
      boardLimit: 10,
      me: () => {
        throw new Error("not asked for");
      },
    });
    this.#close = async () => {
      feed.close();
      await this.#approvals.stop();
      await parts.close();
    };
  }

  static async open(breakage: Breakage = {}): Promise<TwoPeopleWorld> {
    const { stores, close } = await openStores({
      path: ":memory:",
      auditKey: Buffer.alloc(32, 7),
      joinSummaries: joinStoredSummaries,
    });
    const { storeCreatedAt: at } = await stores.approvals.setup();
    const staff: User[] = [];
    for (const [name, role, ...teams] of STAFF) {
      staff.push(await stores.identity.addUser(name, role, teams, at));
    }
    const partition = partitionOf(JOB);
    const { term } = await stores.partitions.claim([partition]);
    const job = {
      jobId: JOB,
      sourceId: "s",
      namespace: "core",
      name: "gl-extract",
      ownerTeamId: "ledger",
      firstSeenAt: at,
      lastSeenAt: at,
      state: "{}",
    };
    const unit = { partition, job, runs: [], transitions: [], notes: [] };
    await stores.units.save({ term, units: [unit], mark: null });
    const source = await stores.sources.add(
      {
        name: "Core",
        contract: "native",
        environment: "PROD",
        zone: "UTC",
        pagingMode: "WATCHING",
        teamName: "Payments",
        keyHash: "k",
      },
      at,
    );
    await stores.calendars.put(CALENDAR, { userId: "host", name: "host" }, at);
    const { sourceId } = source;
    const world = new TwoPeopleWorld({
      stores,
      staff,
      sourceId,
      createdAt: at,
      breakage,
      close,
    });
    await world.#directory.refresh();
    return world;
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** As somebody calls: by browser or with a machine's token, with the role of now or the one their session began with. */
  as(begun: User, how: { readonly machine: boolean; readonly stale: boolean }): Caller {
    const user = how.stale ? begun : (this.#directory.userById(begun.userId) ?? null);
    const session = how.machine ? null : { sessionId: `s${this.now}` };
    return appRouter.createCaller({ user, session, services: this.#services, ready: () => true });
  }

  /** One of the staff, removed or not, or of those who were added since. */
  person(index: number): User {
    const isStaff = new Set(this.staff.map(({ userId }) => userId));
    const added = this.#directory.users().filter(({ userId }) => !isStaff.has(userId));
    const all = [...this.staff, ...added];
    return all[index % all.length] as User;
  }

  async signIn({ userId }: User): Promise<void> {
    if (this.#directory.userById(userId) === null) return;
    const session = {
      sessionId: randomUUID(),
      userId,
      createdAt: this.now,
      lastUsedAt: this.now,
      expiresAt: this.now + 1_000,
      label: "Browser",
      method: "password",
    } as const;
    const fact = { at: this.now, method: session.method };
    await this.stores.sessions.add(session, `hash of ${session.sessionId}`, fact);
  }

  /** As the host does: a link that it hands over itself. False: there is no such person. */
  async vouch(userId: string): Promise<boolean> {
    if (this.#directory.userById(userId) === null) return false;
    const until = this.now + 1_000;
    await this.stores.identity.addSignInCode(randomUUID(), userId, until, this.now);
    await this.#directory.refresh();
    return true;
  }

  /** As the server does when it starts; fails with what it warns of. */
  start(): Promise<void> {
    return this.#approvals.start();
  }

  /** As the host's timer does. */
  look(): Promise<void> {
    return this.#approvals.look();
  }

  refreshReceivers(): Promise<void> {
    return this.#receivers.refresh();
  }

  /** Newest first. */
  async requests(): Promise<readonly ChangeRequestView[]> {
    const reader = this.as(this.person(0), { machine: false, stale: true });
    return (await reader.approvals.list({ limit: LIMITS.pageSize })).items;
  }

  async protectedThings(): Promise<Protected> {
    const { stores } = this;
    const [settings, job, calendars, sources, users, retention, exceptions] = await Promise.all([
      stores.settings.get(JOB),
      stores.jobs.get(JOB),
      stores.calendars.all(),
      stores.sources.all(),
      stores.identity.users(),
      stores.approvals.retention(),
      stores.approvals.maskingExceptions(),
    ]);
    return Object.fromEntries([
      ["job.tier", String(settings?.tier ?? null)],
      ["job.name", settings?.name ?? "gone"],
      ["job.lifecycle", settings?.lifecycle ?? "gone"],
      ["job.owner", job?.ownerTeamId ?? "gone"],
      ...calendars.map(({ calendarId, name }) => [`calendar.${calendarId}`, name]),
      ...sources.map(({ name, pagingMode }) => [`source.${name}`, pagingMode]),
      ...users.map((user) => [`user.${user.name}`, `${user.role}:${user.teamIds.join(",")}`]),
      ...Object.entries(retention).map(([what, days]) => [`retention.${what}`, String(days)]),
      ...exceptions.map((one) => [`unmasked.${one.field}`, one.kinds.join(",")]),
    ]) as Protected;
  }
}
