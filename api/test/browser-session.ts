import WebSocket from "ws";
import type { ServerProcess } from "./server-process.ts";

export interface AuthAnswer {
  readonly status: number;
  readonly body: {
    readonly accessToken?: string;
    readonly expiresAt?: string;
    readonly code?: string;
  };
}

/** What a browser keeps of a sign-in: the refresh cookie in its jar, the access token in the page's memory. */
export class BrowserSession {
  readonly #url: string;
  cookie = "";
  accessToken = "";

  private constructor(url: string) {
    this.#url = url;
  }

  static async signIn(server: Pick<ServerProcess, "url">, body: object): Promise<BrowserSession> {
    const session = new BrowserSession(server.url);
    const answer = await session.post("/auth/sign-in", body);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return session;
  }

  /** By the link that the server printed; it works once. */
  static byLink(server: Pick<ServerProcess, "url" | "signInLink">): Promise<BrowserSession> {
    return BrowserSession.signIn(server, { code: server.signInLink.split("code=")[1] });
  }

  async post(path: string, body: object = {}, cookie = this.cookie): Promise<AuthAnswer> {
    const response = await fetch(`${this.#url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#url, cookie },
      body: JSON.stringify(body),
    });
    for (const set of response.headers.getSetCookie()) this.cookie = set.split(";")[0] ?? "";
    const answer = (await response.json()) as AuthAnswer["body"];
    this.accessToken = answer.accessToken ?? this.accessToken;
    return { status: response.status, body: answer };
  }

  get headers(): Readonly<Record<string, string>> {
    return { authorization: `Bearer ${this.accessToken}` };
  }
}

/** A socket of a page that has said its token; `closed` gives the code and the time of its end. */
export async function openSocket(url: string, token: string) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/trpc?connectionParams=1`, {
    origin: url,
    rejectUnauthorized: false,
  });
  const frames: { readonly at: number; readonly text: string }[] = [];
  socket.on("message", (data: Buffer) => frames.push({ at: Date.now(), text: data.toString() }));
  socket.on("error", () => {});
  const closed = new Promise<{ readonly code: number; readonly at: number }>((resolve) => {
    socket.on("close", (code) => resolve({ code, at: Date.now() }));
  });
  await new Promise<void>((resolve) => {
    socket.on("open", resolve);
    socket.on("close", () => resolve());
  });
  socket.send(JSON.stringify({ method: "connectionParams", data: { token } }));
  return {
    socket,
    frames,
    closed,
    ask: (id: number, path: string, method = "query", input?: unknown) =>
      socket.send(JSON.stringify({ id, method, params: { path, input } })),
  };
}
