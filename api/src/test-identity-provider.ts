import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { onTestFinished, vi } from "vitest";

export const CLIENT_ID = "batchwatch";
export const CLIENT_SECRET = "the secret of a client in a test";

/** What the provider knows of a person, by the login that they type. */
export interface Account {
  readonly sub?: string;
  readonly email?: string;
  readonly email_verified?: boolean | string;
}

/** A real identity provider on loopback, and a browser's way through its pages. */
export class IdentityProvider {
  readonly issuer: string;
  readonly accounts = new Map<string, Account>();
  readonly #server: Server;

  private constructor(server: Server, issuer: string) {
    this.#server = server;
    this.issuer = issuer;
  }

  static async listen(redirectUri: string): Promise<IdentityProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const idp = new IdentityProvider(server, `http://127.0.0.1:${port}`);
    server.on("request", providerFor(idp, redirectUri).callback());
    onTestFinished(() => idp.close());
    return idp;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  /** After a close, at the same address. */
  async reopen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(Number(new URL(this.issuer).port), "127.0.0.1", resolve);
    });
  }

  /** Signs in as this account where `location` leads; answers the address that the browser is sent back to. */
  async signIn(location: string, login: string, redirectUri: string): Promise<string> {
    const jar = new Map<string, string>();
    let url = location;
    let form: URLSearchParams | null = null;
    for (let step = 0; step < 12; step += 1) {
      const response = await fetch(url, {
        method: form === null ? "GET" : "POST",
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
        redirect: "manual",
        ...(form === null ? {} : { body: form }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        if (value === "") jar.delete(name);
        else jar.set(name, value);
      }
      const page = await response.text();
      const next = response.headers.get("location");
      if (next !== null) {
        url = new URL(next, url).href;
        form = null;
        if (url.startsWith(redirectUri)) return url;
      } else {
        const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
        if (prompt === undefined) throw new Error(`${response.status} ${page.slice(0, 500)}`);
        form = new URLSearchParams({ prompt, login, password: "any" });
      }
    }
    throw new Error("the provider leads nowhere");
  }
}

function providerFor(idp: IdentityProvider, redirectUri: string): Provider {
  const { issuer, accounts } = idp;
  // It warns of what only tests may do.
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ["a key of a test"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...accounts.get(id) }),
    }),
  });
  warn.mockRestore();
  return provider;
}
