import { isIP, isIPv6 } from "node:net";
import type { Logger } from "../logger.ts";
import { LineBudget } from "./line-budget.ts";

export interface Refused {
  readonly method: string;
  /** The route as declared, never the address that was asked for; "none" where there is none. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** The caller's address; of it only the network is logged. */
  readonly address: string;
  /** Of a tRPC call: its name, and the code it was refused with. */
  readonly procedure?: string | undefined;
  readonly code?: string | undefined;
}

export interface AccessLogOptions {
  readonly logger: Logger;
  /** Whether lines name the caller's network. */
  readonly networks: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * One line for each request that was refused or failed, without query, body or address. In one second at most
 * API_LIMITS.accessLinesPerSecond are written; the next line says how many were left out.
 */
export class AccessLog {
  readonly #options: AccessLogOptions;
  readonly #lines = new LineBudget();

  constructor(options: AccessLogOptions) {
    this.#options = options;
  }

  refused(one: Refused): void {
    const { logger, networks, now } = this.#options;
    const before = this.#lines.next(now());
    if (before === null) return;
    const { method, route, status, procedure, code } = one;
    const durationMs = Math.round(one.durationMs);
    const network = networks ? networkOf(one.address) : null;
    const skipped = before === 0 ? undefined : before;
    if (status >= 500) {
      logger.error(
        { method, route, procedure, code, status, durationMs, network, skipped },
        "a request failed",
      );
    } else {
      logger.info(
        { method, route, procedure, code, status, durationMs, network, skipped },
        "a request was refused",
      );
    }
  }
}

/** `192.0.2.7` → `192.0.2.0/24`, `2001:db8:1:2::3` → `2001:db8:1::/48`; null for what is no address. */
export function networkOf(address: string): string | null {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  if (isIP(plain) === 0) return null;
  if (!isIPv6(plain)) return `${plain.split(".").slice(0, 3).join(".")}.0/24`;
  const [head = "", tail] = plain.split("%")[0]?.split("::") ?? [];
  const groups = head.split(":").filter((group) => group !== "");
  const behind = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => "0");
  const network = [...groups, ...zeros, ...behind].slice(0, 3);
  while (network.at(-1) === "0") network.pop();
  return `${network.join(":")}::/48`;
}
