import { epochMs } from "../epoch-ms.ts";
import { LatencyHistogram } from "../histogram.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { openListener } from "../phones/listener.ts";
import type { FromPhones, PhonesRequest } from "../phones/messages.ts";
import { openPhone } from "../phones/phone.ts";

const request = JSON.parse(process.argv[2] ?? "null") as PhonesRequest;
const all = new LatencyHistogram();
const clients = new LatencyHistogram();
const received = new Uint32Array(request.phones);
let lost = 0;

function tell(message: FromPhones): void {
  process.send?.(message);
}

async function open(phone: number): Promise<void> {
  const isClient = phone < request.clientPhones;
  const options = {
    url: request.url,
    onLost: () => {
      lost += 1;
    },
    onChange: (sentAt: number) => {
      const latencyMs = epochMs() - sentAt;
      all.record(latencyMs);
      if (isClient) clients.record(latencyMs);
      received[phone] = (received[phone] ?? 0) + 1;
    },
  };
  const token = request.tokens[Math.floor(phone / request.phonesPerToken)] ?? null;
  if (isClient && token !== null) await openPhone({ ...options, token });
  else await openListener({ ...options, token });
}

async function openAll(): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < request.phones) await open(next++);
  };
  await Promise.all(Array.from({ length: BENCH_OPTIONS.phonesOpening }, worker));
}

process.on("message", () => {
  tell({
    type: "result",
    histogram: all.encode(),
    clientHistogram: clients.encode(),
    fewest: Math.min(...received),
    lost,
  });
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));

try {
  await openAll();
  tell({ type: "ready" });
} catch (error) {
  tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
}
