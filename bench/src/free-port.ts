import { createServer } from "node:net";
import { BenchError } from "./bench-error.ts";

/** A port of the loopback address that was free just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new BenchError("child_failed", "The listening socket has no port."));
      });
    });
  });
}
