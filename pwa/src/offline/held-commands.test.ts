import { beforeEach, describe, expect, it } from "vitest";
import type { DeviceStore } from "./device-store.ts";
import { holdingCommands } from "./held-commands.ts";
import type { CallResult } from "./post-call.ts";
import { withCommand } from "./queue.ts";
import { sendDue } from "./sender.ts";
import { answerTo, command } from "./test-commands.ts";
import { FullStore } from "./test-full-store.ts";

const NOW = Date.parse("2026-11-11T03:00:00Z");

describe("a device that refuses to write", () => {
  let device: FullStore;
  let store: DeviceStore;
  beforeEach(async () => {
    device = new FullStore();
    store = holdingCommands(device);
    await store.set("owner", { userId: "u1", confirmed: true });
    await store.set("commands", [command("before")]);
    device.isFull = true;
  });
  const add = (commandId: string, incidentId = "b"): Promise<void> =>
    store.update(
      "commands",
      (before = []) => withCommand(before, command(commandId, { incidentId })) ?? before,
    );
  const ids = async (of: DeviceStore): Promise<readonly string[]> =>
    ((await of.get("commands")) ?? []).map(({ commandId }) => commandId);

  it("takes a command all the same, and says that it is not kept", async () => {
    await Promise.all([add("new"), add("next")]);
    const commands = (await store.get("commands")) ?? [];
    expect(commands.map((one) => [one.commandId, one.isUnkept])).toEqual([
      ["before", undefined],
      ["new", true],
      ["next", true],
    ]);
    expect(await ids(device)).toEqual(["before"]);
  });

  it("has what it kept and what it refused sent, each once under its id", async () => {
    await add("new");
    const sent: unknown[] = [];
    const call = async (_path: string, input: object): Promise<CallResult> => {
      sent.push((input as { commandId: string }).commandId);
      return { kind: "answered", data: answerTo("any") };
    };
    const parts = { store, call, now: () => NOW, random: () => 0, onChange: () => {} };
    await sendDue(parts, true);
    await sendDue(parts, true);
    expect(sent).toEqual(["before", "new"]);
    expect(await store.get("commands")).toMatchObject([
      { state: "answered" },
      { state: "answered" },
    ]);
  });

  it("keeps what it refused once there is room, beside what others have kept meanwhile", async () => {
    await add("new");
    device.isFull = false;
    const ended = command("before", { state: "answered", answer: answerTo("before") });
    await device.set("commands", [ended, command("elsewhere", { incidentId: "c" })]);
    await add("last");
    expect(await ids(device)).toEqual(["before", "elsewhere", "new", "last"]);
    const kept = (await device.get("commands")) ?? [];
    expect(kept[0]?.state).toBe("answered");
    expect(kept.some(({ isUnkept }) => isUnkept)).toBe(false);
  });

  it("has them in the order in which they were made, wherever each is", async () => {
    await add("new");
    const later = new Date(NOW + 1_000).toISOString();
    device.isFull = false;
    await device.set("commands", [command("later", { madeAt: later })]);
    expect((await store.get("commands"))?.map(({ commandId }) => commandId)).toEqual([
      "before",
      "new",
      "later",
    ]);
  });

  it("forgets with its owner what it refused", async () => {
    await add("new");
    await store.clear();
    expect(await store.get("commands")).toBeUndefined();
  });

  it("refuses all else as before", async () => {
    await expect(store.set("boardConfirmed", { of: 1, at: 2 })).rejects.toThrow("full");
  });
});
