import { type MaskSpan, SECRET_MASK } from "./mask-kind.ts";
import { eachMatch, inOrder } from "./spans.ts";

/** Keys and tokens that are known by how they begin, each with the fewest characters that one has. Every form is its issuer's own. */
const FORMS: readonly (readonly [form: RegExp, fewest: number])[] = [
  // Amazon, Google, GitHub, GitLab, Slack, Stripe and signed webhooks, npm, Vault, SendGrid, DigitalOcean, model services, our own.
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]+\b/g, 20],
  [/\bAIza[\w-]+/g, 39],
  [/\bya29\.[\w-]+/g, 25],
  [/\bgh[opusr]_[A-Za-z0-9]+/g, 24],
  [/\bgithub_pat_\w+/g, 31],
  [/\bglpat-[\w-]+/g, 22],
  [/\bxox[abeoprs]-[A-Za-z0-9-]+/g, 15],
  [/\bhooks\.slack\.com\/services\/[\w/]+/g, 35],
  [/\b[rs]k_(?:live|test)_[A-Za-z0-9]+/g, 18],
  [/\bwhsec_[A-Za-z0-9+/=]+/g, 22],
  [/\bnpm_[A-Za-z0-9]+/g, 34],
  [/\bhv[sb]\.[\w-]+/g, 24],
  [/\bSG\.[\w-]+\.[\w-]+/g, 36],
  [/\bdop_v1_[a-f0-9]+/g, 47],
  [/\bsk-(?:proj-)?[A-Za-z0-9]+/g, 23],
  [/\bbws?_[\w-]+/g, 46],
];
/** Signatures that open a stored object to whoever has the address. */
const SIGNED = /(?:[?&;]|%26)(?:sig|x-amz-signature|x-goog-signature|signature)=([^&\s"'<>]+)/gi;
const FEWEST_SIGNED = 8;
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** Private keys and well-known tokens of a text, in order and without overlap. */
export function knownSecretSpans(text: string): MaskSpan[] {
  const spans = text.includes("-----BEGIN") ? privateKeySpans(text) : [];
  for (const [form, fewest] of FORMS) {
    eachMatch(form, text, ({ 0: found, index }) => {
      if (found.length >= fewest) spans.push(span(index, index + found.length));
    });
  }
  eachMatch(SIGNED, text, ({ 0: found, 1: value = "", index }) => {
    const to = index + found.length;
    if (value.length >= FEWEST_SIGNED) spans.push(span(to - value.length, to));
  });
  return inOrder(spans);
}

/** From each BEGIN line to the END line, or to the end of the text where that is cut off. */
function privateKeySpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  eachMatch(BEGIN, text, ({ index }) => {
    END.lastIndex = BEGIN.lastIndex;
    const to = END.test(text) ? END.lastIndex : text.length;
    spans.push(span(index, to));
    BEGIN.lastIndex = to;
  });
  return spans;
}

function span(from: number, to: number): MaskSpan {
  return { from, to, kind: "secret", by: SECRET_MASK };
}
