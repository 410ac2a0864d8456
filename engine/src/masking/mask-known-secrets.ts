import { type MaskSpan, SECRET_MASK } from "./mask-kind.ts";

/** Keys and tokens that are known by how they begin. Every form is its issuer's own. */
const FORMS: readonly RegExp[] = [
  // Amazon, Google, GitHub, GitLab, Slack, Stripe and signed webhooks, npm, Vault, SendGrid, DigitalOcean, model services, our own.
  /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bgh[opusr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\bhooks\.slack\.com\/services\/[\w/]{10,}/g,
  /\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\bwhsec_[A-Za-z0-9+/=]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bhv[sb]\.[\w-]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bdop_v1_[a-f0-9]{40,}/g,
  /\bsk-(?:proj-)?[A-Za-z0-9]{20,}/g,
  /\bbws?_[\w-]{43}/g,
];
/** Signatures that open a stored object to whoever has the address. */
const SIGNED = /(?:[?&;]|%26)(?:sig|x-amz-signature|x-goog-signature|signature)=([^&\s"'<>]{8,})/gi;
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

/** Private keys and well-known tokens of a text. They may overlap one another. */
export function knownSecretSpans(text: string): MaskSpan[] {
  const spans = text.includes("-----BEGIN") ? privateKeySpans(text) : [];
  for (const form of FORMS) {
    for (const { 0: found, index } of text.matchAll(form))
      spans.push(span(index, index + found.length));
  }
  for (const { 0: found, 1: value = "", index } of text.matchAll(SIGNED)) {
    const to = index + found.length;
    spans.push(span(to - value.length, to));
  }
  return spans;
}

/** From each BEGIN line to the END line, or to the end of the text where that is cut off. */
function privateKeySpans(text: string): MaskSpan[] {
  const spans: MaskSpan[] = [];
  const begins = new RegExp(BEGIN);
  const ends = new RegExp(END);
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    ends.lastIndex = begins.lastIndex;
    const to = ends.test(text) ? ends.lastIndex : text.length;
    spans.push(span(begin.index, to));
    begins.lastIndex = to;
  }
  return spans;
}

function span(from: number, to: number): MaskSpan {
  return { from, to, kind: "secret", by: SECRET_MASK };
}
