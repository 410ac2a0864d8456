import type { MeView } from "batchwatch/router";
import { makeKey } from "../offline/device-key.ts";
import { deviceStore } from "../offline/device-store.ts";
import { keepFor } from "../offline/owner.ts";
import { api } from "../trpc.ts";
import { deviceLabel } from "./support.ts";

type Owner = Pick<MeView, "userId" | "name" | "role">;

/**
 * Gives this device a key of its own, with which it answers pages of its owner while signed out; the server is told the
 * public half. A device that has one is told about again: its time is counted from the sign-in of the session that it has now. False where browser or server cannot.
 */
export async function pairDevice({ userId, name, role }: Owner): Promise<boolean> {
  const known = await deviceStore.get("device");
  try {
    const { privateKey, publicKey } = known?.userId === userId ? known : await makeKey();
    const label = deviceLabel(navigator.userAgent, navigator.maxTouchPoints);
    const { deviceId, goodUntil } = await api.me.pairDevice.mutate({ publicKey, label });
    return await keepFor(deviceStore, userId, "device", () => ({
      deviceId,
      userId,
      name,
      role,
      privateKey,
      publicKey,
      goodUntil,
    }));
  } catch {
    // Not secure, not now, or not this role: the device is woken all the same, and signs in to answer.
    return false;
  }
}

/** After a sign-in: a phone gets a key, any other device only keeps the one it was given when it was turned on. */
export async function pairAfterSignIn(owner: Owner): Promise<void> {
  if (owner.role === "display") return;
  const isKnown = (await deviceStore.get("device")) !== undefined;
  if (isKnown || isPhone()) await pairDevice(owner);
}

function isPhone(): boolean {
  return navigator.maxTouchPoints > 0 && matchMedia("(pointer: coarse)").matches;
}
