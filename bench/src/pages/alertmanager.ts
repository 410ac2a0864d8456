import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../child-process.ts";
import { freePort } from "../free-port.ts";
import { BENCH_OPTIONS } from "../options.ts";
import { answers } from "../server.ts";

/** Where its Debian package puts it. */
export const ALERTMANAGER = "/usr/bin/prometheus-alertmanager";

export interface RunningAlertmanager {
  readonly url: string;
  stop(): Promise<void>;
}

/** One that sends every alert to a webhook at once; null where its Debian package is not installed. */
export async function startAlertmanager(webhookPort: number): Promise<RunningAlertmanager | null> {
  if (!existsSync(ALERTMANAGER)) return null;
  const folder = await mkdtemp(join(tmpdir(), "batchwatch-bench-peer-"));
  const config = join(folder, "alertmanager.yml");
  await writeFile(
    config,
    [
      "route: {receiver: bench, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}",
      `receivers: [{name: bench, webhook_configs: [{url: 'http://127.0.0.1:${webhookPort}/'}]}]`,
    ].join("\n"),
  );
  const port = await freePort();
  const child = new Child(ALERTMANAGER, [
    `--config.file=${config}`,
    `--storage.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
    "--log.level=error",
  ]);
  const url = `http://127.0.0.1:${port}`;
  await answers(child, `${url}/-/ready`, BENCH_OPTIONS.startTimeoutMs);
  return {
    url,
    stop: async () => {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
