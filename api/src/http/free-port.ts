import { createServer } from "node:net";
import { SettingsError } from "../settings.ts";

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use, perhaps by a Batchwatch that runs already",
  EACCES: "may not be listened on by this user",
  EADDRNOTAVAIL: "is no address of this machine",
};

/**
 * Fails in words where nothing can be listened on. Asked before the store is opened: whoever opens it takes it over from a server that runs
 * on it, which must not happen by a second start that then cannot listen.
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const why = WHY[error.code ?? ""] ?? `cannot be listened on (${error.code ?? "unknown"})`;
      reject(new SettingsError(`BATCHWATCH_HOST and BATCHWATCH_PORT: ${host}:${port} ${why}.`));
    });
    probe.listen({ host, port }, () => probe.close(() => resolve()));
  });
}
