import { liveStore } from "../live/use-live.ts";
import { listen } from "./channel.ts";
import { deviceStore } from "./device-store.ts";
import { flush, onCommandsChanged } from "./outgoing.ts";
import { nextDueAt } from "./queue.ts";

/** Sends what is kept at each sign that the server may be reachable again, and when its wait is over. */
export function sendWhenPossible(): void {
  const wake = (): void => void flush(true);
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
  listen((message) => {
    if (message.type === "shown") wake();
    if (message.type === "commands") void schedule();
  });
  let wasOpen = false;
  liveStore.subscribe(() => {
    const isOpen = liveStore.get().link === "open";
    if (isOpen && !wasOpen) wake();
    wasOpen = isOpen;
  });
  onCommandsChanged(() => void schedule());
  wake();
  void schedule();
}

let timer: ReturnType<typeof setTimeout> | undefined;

async function schedule(): Promise<void> {
  const [owner, commands = []] = await Promise.all([
    deviceStore.get("owner"),
    deviceStore.get("commands"),
  ]);
  clearTimeout(timer);
  if (owner?.confirmed !== true) return;
  const at = nextDueAt(commands, owner.userId);
  if (at === null) return;
  timer = setTimeout(() => void flush(false), Math.max(1_000, at - Date.now()));
}
