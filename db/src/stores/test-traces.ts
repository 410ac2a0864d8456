import type { Stores, User } from "@batchwatch/engine";
import Sqlite from "better-sqlite3";
import { approvalWorld, type ApprovalWorld, HOUR } from "./test-approvals.ts";
import {
  acknowledge,
  after,
  answered,
  change,
  event,
  incident,
  notification,
} from "./test-incidents.ts";

const BROWSER = {
  endpoint: "https://push.example/secret-path",
  p256dh: "device-key",
  auth: "device-secret",
  label: "Chrome on Android",
  isPrivate: false,
  consentWords: "2026-11",
} as const;

/** What the store keeps to let a person in or reach them. */
export const SECRETS: readonly string[] = [
  ..."hash-of-token,hash-of-code,hash-of-it,hash-of-refresh".split(","),
  ..."secret-path,device-key,device-secret,public-half".split(","),
];

/** One person who has left a trace in every part of the store. */
export async function traced(): Promise<{ readonly world: ApprovalWorld; readonly person: User }> {
  const world = await approvalWorld();
  const { stores, now, people } = world;
  const { oncall: person, admin, lead } = people;
  const by = { userId: person.userId, name: person.name };
  const session = {
    sessionId: "s1",
    userId: person.userId,
    createdAt: now + 1,
    lastUsedAt: now + 1,
  };
  await stores.sessions.add(
    { ...session, expiresAt: now + HOUR, label: "Chrome", method: "password" },
    "hash-of-refresh",
    { at: now + 1, method: "password" },
  );
  await stores.sessions.pair({
    deviceId: "d1",
    userId: person.userId,
    publicKey: "public-half",
    label: "Phone",
    pairedAt: now,
    lastUsedAt: null,
    goodUntil: now + HOUR,
  });
  await stores.sessions.setPassword(person.userId, "$argon2id$hash-of-it", person.userId, now);
  await stores.sessions.linkSubject("https://id.example", "subject-1", person.userId, "host", now);
  const token = { tokenHash: "hash-of-token", userId: person.userId, kind: "bearer" } as const;
  await stores.identity.addToken({ ...token, expiresAt: now + HOUR }, now);
  await stores.identity.addSignInCode("hash-of-code", person.userId, now + HOUR, now);
  await stores.receivers.subscribe({ ...BROWSER, userId: person.userId, createdAt: now });
  await stores.receivers.setOncall("ledger", [person.userId, lead.userId], lead, now);
  await stores.settings.configure("j1", { tier: 1 }, by, now);
  await stores.calendars.put(
    {
      calendarId: "target",
      name: "TARGET",
      zone: "UTC",
      workdays: [1],
      coversUntil: null,
      days: [],
    },
    by,
    now,
  );
  await answeredIncident(stores, person, now);
  // Asked for by somebody about the person, and by the person about a job.
  const promotion = {
    kind: "user-change",
    payload: { userId: person.userId, role: "team-lead", teamNames: [] },
  } as const;
  await world.ask(promotion, admin);
  return { world, person };
}

async function answeredIncident(stores: Stores, person: User, now: number): Promise<void> {
  const by = { userId: person.userId, name: person.name };
  const card = {
    ...notification("n0").card,
    acknowledgedBy: person.name,
    nextPerson: person.name,
    body: `${person.name} has not answered for 5 min.`,
  };
  const first = incident("i1", { openedAt: now, updatedAt: now });
  const to = { userId: person.userId, receiver: person.name, createdAt: now };
  await stores.incidents.commit([
    change(first, {
      notifications: [notification("n1", { ...to, incidentId: "i1", card })],
      events: [
        event("v1", { incidentId: "i1", kind: "paged", by: null, text: person.name, at: now }),
      ],
    }),
  ]);
  const held = after(first, { state: "ACKNOWLEDGED", acknowledgedBy: by, updatedAt: now + 1 });
  const command = acknowledge("6f1c2f3e-5d0a-4b43-9a44-0d3f2b8f7a10", "i1", { by });
  await stores.incidents.commit([
    change(held, {
      command: answered(command, held),
      events: [
        event("v2", { incidentId: "i1", kind: "acknowledged", by, text: null, at: now + 1 }),
        event("v3", {
          incidentId: "i1",
          kind: "commented",
          by,
          text: "Disk was full",
          at: now + 2,
        }),
      ],
    }),
  ]);
}

/** Every place in the file where one of these texts stands: table.column. */
export function placesOf(path: string, ...texts: readonly string[]): readonly string[] {
  const file = new Sqlite(path, { readonly: true });
  const tables = file
    .prepare("select name from sqlite_master where type = 'table'")
    .pluck()
    .all() as string[];
  const places = tables.flatMap((table) =>
    (file.prepare(`select * from "${table}"`).all() as Record<string, unknown>[]).flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) => texts.some((text) => String(value).includes(text)))
        .map(([column]) => `${table}.${column}`),
    ),
  );
  file.close();
  return [...new Set(places)].sort();
}
