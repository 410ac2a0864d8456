import { LIMITS, type PairedDevice, type SessionStore } from "@batchwatch/engine";
import type { Kysely } from "kysely";
import type { Database } from "../schema/database.ts";
import type { PairedDeviceTable } from "../schema/session-tables.ts";
import type { AuditTrail } from "./audit-trail.ts";
import { bumpIdentity } from "./identity-version.ts";
import { factBy } from "./person-facts.ts";

type DeviceMethods = Pick<SessionStore, "pair" | "devices" | "unpair" | "deviceUsed">;

interface BelongingsOf {
  readonly userId: string;
  /** Absent: whatever they were paired in. */
  readonly sessionId?: string;
  /** Also those of which nobody knows the session: they are older than it was kept. */
  readonly orUnknown?: boolean;
}

export function deviceMethods(db: Kysely<Database>, trail: AuditTrail): DeviceMethods {
  const change = <T>(work: (tx: Kysely<Database>) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    pair: (device, sessionId) => change((tx) => pair(tx, trail, device, sessionId ?? null)),
    async devices() {
      const rows = await db
        .selectFrom("paired_device")
        .selectAll()
        .orderBy("paired_at")
        .orderBy("device_id")
        .execute();
      return rows.map(deviceOf);
    },
    unpair: (deviceId, userId, now) =>
      change(async (tx) => {
        const mine = (await devicesOf(tx, userId)).filter((one) => one.deviceId === deviceId);
        await remove(tx, trail, mine, userId, now);
        return mine.length > 0;
      }),
    deviceUsed: (deviceId, now) => change((tx) => used(tx, trail, deviceId, now)),
  };
}

/** All of one user's, or those that were paired in one session; `by` is a user's id, "host" or "service". */
export async function removeDevices(
  tx: Kysely<Database>,
  trail: AuditTrail,
  of: BelongingsOf,
  by: string,
  now: number,
): Promise<void> {
  await remove(tx, trail, await devicesOf(tx, of.userId, of), by, now);
}

async function pair(
  tx: Kysely<Database>,
  trail: AuditTrail,
  device: PairedDevice,
  sessionId: string | null,
): Promise<string> {
  const { userId, publicKey, label, pairedAt, goodUntil } = device;
  const known = (await devicesOf(tx, userId)).find((one) => one.publicKey === publicKey);
  const deviceId = known?.deviceId ?? device.deviceId;
  if (known === undefined) {
    await tx
      .insertInto("paired_device")
      .values({
        device_id: deviceId,
        user_id: userId,
        public_key: publicKey,
        label,
        paired_at: pairedAt,
        last_used_at: null,
        good_until: goodUntil,
        paired_in_session: sessionId,
      })
      .execute();
  } else {
    await tx
      .updateTable("paired_device")
      .set({ label, good_until: goodUntil, paired_in_session: sessionId })
      .where("device_id", "=", deviceId)
      .execute();
  }
  await trail.append(tx, [
    factBy(userId, {
      at: pairedAt,
      action: "device-paired",
      subjectKind: "device",
      subjectId: deviceId,
      // Its label is whatever its owner wrote, and nothing is taken out of the trail again.
      detail: { goodUntil, again: known !== undefined },
    }),
  ]);
  const all = await devicesOf(tx, userId);
  const tooMany = all.slice(0, Math.max(0, all.length - LIMITS.devicesPerUser));
  await remove(tx, trail, tooMany, "service", pairedAt);
  await bumpIdentity(tx);
  return deviceId;
}

async function devicesOf(
  tx: Kysely<Database>,
  userId: string,
  { sessionId, orUnknown = false }: Partial<BelongingsOf> = {},
): Promise<readonly PairedDevice[]> {
  const rows = await tx
    .selectFrom("paired_device")
    .selectAll()
    .where("user_id", "=", userId)
    .$if(sessionId !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb("paired_in_session", "=", sessionId ?? null),
          ...(orUnknown ? [eb("paired_in_session", "is", null)] : []),
        ]),
      ),
    )
    .orderBy("paired_at")
    .orderBy("device_id")
    .execute();
  return rows.map(deviceOf);
}

async function remove(
  tx: Kysely<Database>,
  trail: AuditTrail,
  devices: readonly PairedDevice[],
  by: string,
  now: number,
): Promise<void> {
  for (const { deviceId, userId } of devices) {
    await tx.deleteFrom("paired_device").where("device_id", "=", deviceId).execute();
    await trail.append(tx, [
      factBy(by, {
        at: now,
        action: "device-removed",
        subjectKind: "device",
        subjectId: deviceId,
        detail: { userId },
      }),
    ]);
  }
  if (devices.length > 0) await bumpIdentity(tx);
}

async function used(
  tx: Kysely<Database>,
  trail: AuditTrail,
  deviceId: string,
  now: number,
): Promise<void> {
  const row = await tx
    .selectFrom("paired_device")
    .select("user_id")
    .where("device_id", "=", deviceId)
    .executeTakeFirst();
  if (row === undefined) return;
  await tx
    .updateTable("paired_device")
    .set({ last_used_at: now })
    .where("device_id", "=", deviceId)
    .execute();
  await trail.append(tx, [
    factBy(row.user_id, {
      at: now,
      action: "sign-in",
      subjectKind: "device",
      subjectId: deviceId,
      detail: { method: "device" },
    }),
  ]);
}

function deviceOf(row: PairedDeviceTable): PairedDevice {
  return {
    deviceId: row.device_id,
    userId: row.user_id,
    publicKey: row.public_key,
    label: row.label,
    pairedAt: row.paired_at,
    lastUsedAt: row.last_used_at,
    goodUntil: row.good_until,
  };
}
