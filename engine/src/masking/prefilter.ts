import { classOf, DIGIT, TABLE } from "./char-class.ts";
import { IBAN_FORMS } from "./iban-countries.ts";
import { type Pattern, ScanTable, type Step, stepsOf } from "./scan-table.ts";

/** What a text may hold. A detector that needs two of them has no flag of its own. */
export const MAY_HOLD = {
  secret: 1,
  at: 2,
  slash: 4,
  scheme: 8,
  iban: 16,
  card: 32,
  ssn: 64,
  ssnKey: 128,
  phone: 256,
  phoneKey: 512,
  accountKey: 1_024,
  /** Six digits with little between them: the least that a key word can announce. */
  digits: 2_048,
  knownSecret: 4_096,
} as const;

const SECRET_WORDS =
  words(`passw passphrase passcode pass= pass" pass' pass: pass\\ pwd secret token api?key access?key
  private?key account?key authorization bearer eyj cvv cvc pin= pin: pin" pin\\`);
const KNOWN_SECRETS =
  words(`private?key akia asia aroa aida ghp_ gho_ ghu_ ghs_ ghr_ github_pat glpat- xox sk_live sk_test
  rk_live rk_test sk- whsec_ aiza ya29. npm_ hvs. hvb. sg. dop_v1 bw_ bws_ slack.com sig= signature=`);
const SSN_WORDS = words("ssn social?sec soc?sec soc.?sec itin");
const PHONE_WORDS = words(
  "telephone telefon phone mobil msisdn whatsapp rufnummer tel cell handy fax gsm sms",
);
const ACCOUNT_WORDS = words(
  "acc kto konto compte cuenta rekening rachunek a/c aba rtn blz bankleitzahl routing sort?code bic swift",
);

/** Between the digits of a number that people write in groups. */
const BETWEEN: readonly number[] = Array.from(" -\n./_+%", (one) => classOf(one.charCodeAt(0)));
let table: ScanTable | null = null;

/** Flags of {@link MAY_HOLD}: one pass, whatever is looked for. A flag that is not set rules its detector out. */
export function mayHold(text: string): number {
  table ??= new ScanTable(PATTERNS, TABLE);
  return table.flagsOf(text);
}

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}

function once(classes: readonly number[]): Step {
  return { classes, least: 1, most: 1 };
}

/** This many digits with at most three signs between two of them. */
function digits(count: number): Step[] {
  const between: Step = { classes: BETWEEN, least: 0, most: 3 };
  return Array.from({ length: count }, (_, at) => (at === 0 ? [] : [between])).flatMap((before) => [
    ...before,
    once([DIGIT]),
  ]);
}

/** `?` inside of a word is a blank, dash or underscore that may be absent. */
function wordSteps(word: string): Step[] {
  const joint = [" ", "-", "_"].map((one) => classOf(one.charCodeAt(0)));
  return Array.from(word).flatMap((character): Step[] =>
    character === "?" ? [{ classes: joint, least: 0, most: 1 }] : stepsOf(character),
  );
}

function holding(flag: number, all: readonly string[], atWordStart = false): Pattern[] {
  return all.map((word) => ({ flag, atWordStart, steps: wordSteps(word) }));
}

const PATTERNS: readonly Pattern[] = [
  ...holding(MAY_HOLD.secret, SECRET_WORDS),
  ...holding(MAY_HOLD.knownSecret, KNOWN_SECRETS),
  ...holding(MAY_HOLD.at, ["@", "%40"]),
  ...holding(MAY_HOLD.slash, ["/"]),
  ...holding(MAY_HOLD.scheme, ["://"]),
  ...holding(MAY_HOLD.ssnKey, SSN_WORDS),
  ...holding(MAY_HOLD.phoneKey, PHONE_WORDS),
  ...holding(MAY_HOLD.accountKey, ACCOUNT_WORDS),
  { flag: MAY_HOLD.card, atWordStart: false, steps: digits(13) },
  // Joints that addresses of pages and JSON write with letters.
  ...holding(MAY_HOLD.card, [
    "0%2d0",
    "0%c2%a00",
    "0\\u00a00",
    "0\\u200",
    "0\\t0",
    "0\\n0",
    "0\\r\\n0",
  ]),
  { flag: MAY_HOLD.digits, atWordStart: false, steps: digits(6) },
  { flag: MAY_HOLD.ssn, atWordStart: false, steps: stepsOf("000-00-0000") },
  ...holding(MAY_HOLD.phone, ["+0", "+(", "%2b", "000-000-0000", ")000-0000", ") 000-0000"]),
  ...holding(
    MAY_HOLD.iban,
    [...IBAN_FORMS.keys()].map((country) => `${country.toLowerCase()}00`),
  ),
];
