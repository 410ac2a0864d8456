import type { Page } from "playwright-core";
import type { MadeAnswers } from "./made-answers.ts";

/**
 * What a page would run, load or follow if words were more than text to it. Characters that turn the reading direction or control a terminal
 * do not come this far: the server takes them out of everything at its door (engine/src/masking/clean-text.ts).
 */
export const PAYLOADS: readonly string[] = [
  "<script>alert('p')</script>",
  "<img src=x onerror=alert('p')>",
  "<svg/onload=alert('p')>",
  "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  '"><a href="javascript:alert(1)">p</a>',
  "</title></textarea></style><script>alert('p')</script>",
  "<style>*{display:none}</style><base href=//evil.example>",
  "<form action=//evil.example><input autofocus onfocus=alert('p')>",
  "{{constructor.constructor('alert(1)')()}} ${alert('p')}",
  "[p](javascript:alert(1)) <math><mi xlink:href=javascript:alert(1)>p",
];
/** A link that is none of a page's business. */
const LINK = "javascript:alert('link')";

/** Fields whose words come from jobs, people and other systems. */
const WORDS: ReadonlySet<string> = new Set(
  `jobName name namespace businessName teamName message stage text by note reason label title receiver lastError who
  subjectName requestedBy decidedBy decisionNote firstStep sourceName recoveryRecipe host appVersion excerpt runKey instanceKey
  onCall resolvedBy resolutionReason whyNot words finding source untoldWords setBy approvedBy`.split(
    /\s+/,
  ),
);
const LINKS: ReadonlySet<string> = new Set(["runbookUrl"]);
/** Whose values are words, whatever the keys. */
const MAPS: ReadonlySet<string> = new Set(["params"]);

/** Puts a payload behind every word of an answer, each time the next one. */
class Poison {
  #next = 0;

  of(value: unknown, key = ""): unknown {
    if (Array.isArray(value)) return value.map((one) => this.of(one, key));
    if (typeof value === "string") return this.#word(value, key);
    if (typeof value !== "object" || value === null) return LINKS.has(key) ? LINK : value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        this.of(one, MAPS.has(key) ? "text" : name),
      ]),
    );
  }

  #word(value: string, key: string): string {
    if (LINKS.has(key)) return LINK;
    if (!WORDS.has(key) && !["approvers", "before", "after"].includes(key)) return value;
    this.#next += 1;
    return `${value} ${PAYLOADS[this.#next % PAYLOADS.length] ?? ""}`;
  }
}

/** Every answer of the server comes with payloads; those of `made` are made here. Returns how many were poisoned. */
export async function poisonAnswers(page: Page, made: MadeAnswers): Promise<() => number> {
  const poison = new Poison();
  let count = 0;
  await page.route("**/trpc/**", async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const paths = url.pathname.slice("/trpc/".length).split(",");
    const isBatch = url.searchParams.has("batch");
    const text = request.postData() ?? url.searchParams.get("input") ?? "{}";
    const inputs = (isBatch ? JSON.parse(text) : { 0: JSON.parse(text) }) as Record<string, object>;
    const isReal = paths.some((path) => made[path] === undefined || path === "dashboard.get");
    const real: unknown = isReal ? await (await route.fetch()).json() : [];
    const answers = [real].flat() as { result?: { data?: object } }[];
    const results = paths.map((path, at) => {
      const answer = answers[at];
      const data = made[path]?.(inputs[String(at)] as never, answer?.result?.data ?? null);
      const shown = data === undefined ? answer?.result?.data : data;
      if (shown === undefined) return answer;
      count += 1;
      return { result: { data: poison.of(shown) } };
    });
    await route.fulfill({ json: isBatch ? results : results[0] });
  });
  return () => count;
}
