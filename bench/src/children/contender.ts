import { ContenderHost } from "../core/contender-host.ts";
import type { ContenderRequest, FromContender, ToContender } from "../core/messages.ts";
import { digestOfOutcome } from "../core/outcome.ts";

/** One contender of engine-core, with a heap of its own. */
const host = new ContenderHost(JSON.parse(process.argv[2] ?? "null") as ContenderRequest);

function tell(message: FromContender): void {
  process.send?.(message);
}

async function answer(message: ToContender): Promise<void> {
  if (message.type === "round") {
    tell({ type: "applied", ms: await host.round() });
    return;
  }
  const outcome = await host.last();
  tell({ type: "outcome", digest: digestOfOutcome(outcome), facts: outcome.facts });
}

process.on("message", (message: ToContender) => {
  void answer(message);
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
tell({ type: "ready" });
