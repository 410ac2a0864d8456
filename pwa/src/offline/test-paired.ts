import { makeKey } from "./device-key.ts";
import { deviceStore } from "./device-store.ts";

/** Makes this device a paired one of its owner. @param goodUntil ISO 8601 */
export async function pairHere(
  userId = "me",
  goodUntil = "2099-01-01T00:00:00.000Z",
): Promise<void> {
  const owner = { userId, name: "Duty Operator", role: "on-call" } as const;
  await deviceStore.set("device", { deviceId: "d1", ...owner, ...(await makeKey()), goodUntil });
}
