import { gzipSync } from "node:zlib";

/** Values of every kind that a mask hides. They belong to nobody; nothing of them may ever be found anywhere. */
export const CANARY = {
  card: "4539 1488 0343 6467",
  cardDigits: "4539148803436467",
  ssn: "219-45-7391",
  ssnDigits: "219457391",
  iban: "DE66 3704 0044 0532 0173 91",
  email: "canary.person@bank.example",
  phone: "+49 30 7391 8264",
  phoneDigits: "3073918264",
  account: "5583920174",
  secret: "hunter-canary-71",
  key: "AKIACANARYCANARY7391",
  pem: "-----BEGIN PRIVATE KEY-----\nMIICanaryCanary73917391\n-----END PRIVATE KEY-----",
} as const;

/** A word that may be kept: where it is not found, a search of that place proves nothing. */
export const CONTROL = "plaincanaryword";

/** All kinds in one sentence, with the word that may stay. */
export const TEXT = [
  CONTROL,
  `card ${CANARY.card}`,
  `ssn ${CANARY.ssn}`,
  `iban ${CANARY.iban}`,
  `mail ${CANARY.email}`,
  `phone ${CANARY.phone}`,
  `account ${CANARY.account}`,
  `key ${CANARY.key}`,
  `url amqp://svc:${CANARY.secret}@mq/`,
  `password=${CANARY.secret}`,
].join(" ");

/** What is searched for, in lower case: each value and its parts as they could stand without the signs between. */
const NEEDLES: readonly string[] = [
  CANARY.card,
  CANARY.cardDigits,
  CANARY.cardDigits.slice(0, 12),
  CANARY.cardDigits.slice(4),
  "4539 1488",
  "1488 0343",
  "4539-1488",
  CANARY.ssn,
  CANARY.ssnDigits,
  CANARY.iban,
  CANARY.iban.replaceAll(" ", ""),
  "370400440532017391",
  "0532 0173",
  "canary.person",
  CANARY.phone,
  CANARY.phoneDigits,
  "7391 8264",
  CANARY.account,
  CANARY.secret,
  CANARY.key,
  "miicanarycanary",
].map((needle) => needle.toLowerCase());

/** The card's number as numbers are kept: eight bytes, whole or floating, in either order. */
const NUMBERS: readonly Buffer[] = [8, 8, 8, 8].map((length, form) => {
  const bytes = Buffer.alloc(length);
  const number = Number(CANARY.cardDigits);
  if (form === 0) bytes.writeDoubleBE(number);
  else if (form === 1) bytes.writeDoubleLE(number);
  else if (form === 2) bytes.writeBigInt64BE(BigInt(number));
  else bytes.writeBigInt64LE(BigInt(number));
  return bytes;
});

/** What of the canaries is in there. */
export function foundIn(place: string, content: Buffer | string): string[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const text = bytes.toString("latin1").toLowerCase();
  return [
    ...NEEDLES.filter((needle) => text.includes(needle)).map((needle) => `${place}: ${needle}`),
    ...NUMBERS.filter((number) => bytes.includes(number)).map(
      () => `${place}: the card as a number`,
    ),
  ];
}

export interface Sent {
  readonly what: string;
  readonly body: BodyInit;
  readonly headers?: Record<string, string>;
}

const now = () => new Date().toISOString();

/** A native member that says the canaries in every field that takes a text. */
function everywhere(kind: string, runId: string): Record<string, unknown> {
  return {
    job: { namespace: TEXT, name: TEXT, team: TEXT },
    run: {
      id: `${runId} ${TEXT}`.slice(0, 512),
      parent: { job: { name: TEXT }, run: { id: TEXT } },
    },
    kind,
    at: now(),
    stage: { name: TEXT },
    progress: { done: 1, unit: TEXT },
    metrics: { [TEXT]: 1 },
    message: `${TEXT} ${CANARY.pem}`,
    exitCode: TEXT,
    datasets: { in: [TEXT], out: [{ namespace: TEXT, name: TEXT }] },
    params: {
      [TEXT]: TEXT,
      cardNo: CANARY.cardDigits,
      pan: Number(CANARY.cardDigits),
      ssn: CANARY.ssnDigits,
      phoneNumber: `0${CANARY.phoneDigits}`,
      accountNo: CANARY.account,
      customerAccount: Number(CANARY.account),
      db_password: CANARY.secret,
    },
  };
}

/** Members whose refusal would repeat what they hold. */
function refused(): unknown[] {
  const good = everywhere("log", "refused");
  return [
    { ...good, [TEXT]: TEXT },
    { ...good, kind: TEXT },
    { ...good, at: TEXT },
    { ...good, params: { [TEXT]: { deep: TEXT } } },
    { ...good, counters: { [TEXT]: 1 } },
    { ...good, counters: { read: Number(CANARY.cardDigits) } },
    { ...good, metrics: { last: Number(CANARY.cardDigits) } },
    { ...good, metrics: { [TEXT]: TEXT } },
    { ...good, progress: { done: Number(CANARY.cardDigits) } },
    { ...good, datasets: { in: [{ name: TEXT, rows: Number(CANARY.cardDigits) }] } },
    { ...good, job: { name: TEXT.repeat(3) } },
    { ...good, run: { id: Number(CANARY.cardDigits) } },
    TEXT,
    Number(CANARY.cardDigits),
    [TEXT, { ssn: CANARY.ssnDigits }],
    { accountNo: Number(CANARY.account), phone: CANARY.phoneDigits, pin: "739182" },
  ];
}

/** Bodies of the native contract, good and bad, whole and broken. */
export function nativeBodies(): Sent[] {
  const members = [everywhere("started", "1"), everywhere("failed", "1")];
  const json = JSON.stringify(members);
  const spelled = TEXT.replaceAll(/[0-9a-z]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const gzip = { "content-encoding": "gzip" };
  return [
    { what: "every field", body: json },
    { what: "gzip", body: gzipSync(json), headers: gzip },
    { what: "lines", body: members.map((one) => JSON.stringify(one)).join("\n") },
    { what: "refused members", body: JSON.stringify(refused()) },
    {
      what: "a line that is not JSON",
      body: `${JSON.stringify(members[0])}\n{"message":"${TEXT}"`,
    },
    { what: "broken JSON", body: `[{"message":"${TEXT}"` },
    { what: "JSON that spells it in escapes, broken", body: `[{"message":"${spelled}"` },
    {
      what: "nested JSON, broken",
      body: JSON.stringify(JSON.stringify({ note: TEXT, ssn: CANARY.ssnDigits })).slice(0, -1),
    },
    { what: "no JSON", body: TEXT },
    {
      what: "no UTF-8",
      body: Buffer.concat([Buffer.from(`["${TEXT}`), Buffer.from([0xff, 0xfe]), Buffer.from('"]')]),
    },
    { what: "a forbidden key", body: `[{"__proto__":{"${TEXT}":"${TEXT}"}}]` },
    { what: "too deep", body: `${"[".repeat(40)}"${TEXT}"${"]".repeat(40)}` },
    { what: "too large", body: `["${TEXT.repeat(4_000)}"]` },
    { what: "not gzip", body: TEXT, headers: gzip },
    {
      what: "an encoding that is none",
      body: json,
      headers: { "content-encoding": CANARY.cardDigits },
    },
    {
      what: "a content type that is none",
      body: json,
      headers: { "content-type": `text/${CANARY.cardDigits}; a=${CANARY.email}` },
    },
  ];
}

const RUN_ID = "4d3b8069-69b6-4708-ade0-3275112c9f04";

/** OpenLineage events: of a run, a job and a dataset, with the canaries in known and unknown facets. */
export function lineageEvents(): Record<string, unknown>[] {
  const unknown = {
    _producer: TEXT,
    note: TEXT,
    list: [TEXT, Number(CANARY.cardDigits)],
    accountNo: CANARY.account,
    [TEXT]: TEXT,
  };
  const dataset = {
    namespace: TEXT,
    name: TEXT,
    facets: { custom: unknown },
    outputFacets: { outputStatistics: { rowCount: Number(CANARY.cardDigits), size: 1 } },
  };
  const event = {
    eventTime: now(),
    producer: `https://p.example/?pan=${CANARY.cardDigits}`,
    schemaURL: `https://s.example/${CANARY.email}`,
  };
  const job = {
    namespace: TEXT,
    name: TEXT,
    facets: { ownership: { owners: [{ name: `team:${TEXT}` }] }, custom: unknown },
  };
  const facets = {
    errorMessage: {
      message: TEXT,
      programmingLanguage: TEXT,
      stackTrace: `${TEXT}\n\tat ${CANARY.cardDigits}`,
    },
    parent: { job: { namespace: TEXT, name: TEXT }, run: { runId: RUN_ID } },
    nominalTime: { nominalStartTime: TEXT },
    executionParameters: {
      parameters: [
        { key: TEXT, value: TEXT },
        { key: "ssn", value: CANARY.ssnDigits },
        { key: "password", value: CANARY.secret },
      ],
    },
    tags: {
      tags: [
        { key: "accountNo", value: CANARY.account },
        { key: TEXT, value: TEXT },
      ],
    },
    custom: unknown,
  };
  const run = { runId: RUN_ID, facets };
  return [
    { ...event, eventType: "START", run, job, inputs: [dataset], outputs: [dataset] },
    { ...event, eventType: "FAIL", run, job, inputs: [dataset], outputs: [dataset] },
    { ...event, job, inputs: [dataset], outputs: [dataset], custom: unknown },
    { ...event, dataset },
    { ...event, dataset: { ...dataset, facets: { custom: { note: TEXT.repeat(400) } } } },
  ];
}

/** Events that are refused. */
export function badLineageEvents(): Record<string, unknown>[] {
  const [event = {}] = lineageEvents();
  return [
    { ...event, eventType: TEXT },
    { ...event, eventTime: TEXT },
    { ...event, run: { runId: TEXT } },
    { ...event, run: { runId: RUN_ID }, job: { name: TEXT } },
    { ...event, producer: { a: TEXT } },
    { eventTime: now(), [TEXT]: TEXT },
  ];
}
