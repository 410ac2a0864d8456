/** Issuer ranges: lowest and highest prefix of the same length, and the number lengths cards of it have. */
const ISSUERS: readonly (readonly [low: number, high: number, lengths: readonly number[]])[] = [
  [4, 4, [13, 16, 19]],
  [51, 55, [16]],
  [2221, 2720, [16]],
  [34, 34, [15]],
  [37, 37, [15]],
  [300, 305, [14, 16]],
  [309, 309, [14, 16]],
  [36, 36, [14, 16]],
  [38, 39, [14, 16]],
  [6011, 6011, [16, 19]],
  [644, 649, [16, 19]],
  [65, 65, [16, 19]],
  [3528, 3589, [16, 17, 18, 19]],
  [62, 62, [16, 17, 18, 19]],
  [2200, 2204, [16, 17, 18, 19]],
  [5018, 5018, [13, 14, 15, 16, 17, 18, 19]],
  [5020, 5020, [13, 14, 15, 16, 17, 18, 19]],
  [5038, 5038, [13, 14, 15, 16, 17, 18, 19]],
  [5893, 5893, [13, 14, 15, 16, 17, 18, 19]],
  [6304, 6304, [13, 14, 15, 16, 17, 18, 19]],
  [6759, 6763, [13, 14, 15, 16, 17, 18, 19]],
];

/** Whether bare digits carry a payment card's issuer prefix, a length that issuer uses, and a right check digit. */
export function isCardNumber(digits: string): boolean {
  return hasIssuer(digits) && passesLuhn(digits);
}

function hasIssuer(digits: string): boolean {
  const first = Number(digits.slice(0, 4));
  for (const [low, high, lengths] of ISSUERS) {
    const prefix = low > 999 ? first : Math.floor(first / (low > 99 ? 10 : low > 9 ? 100 : 1_000));
    if (prefix >= low && prefix <= high && lengths.includes(digits.length)) return true;
  }
  return false;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  let double = false;
  for (let at = digits.length - 1; at >= 0; at -= 1) {
    let digit = digits.charCodeAt(at) - 48;
    if (double) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
    double = !double;
  }
  return sum % 10 === 0;
}
