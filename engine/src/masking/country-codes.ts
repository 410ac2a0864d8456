/** Digits of a national number behind a country's calling code (ITU-T E.164), fewest and most. */
const NATIONAL: Readonly<Record<string, readonly [fewest: number, most: number]>> = {
  1: [10, 10],
  7: [10, 10],
  20: [8, 10],
  27: [9, 9],
  30: [10, 10],
  31: [9, 9],
  32: [8, 9],
  33: [9, 9],
  34: [9, 9],
  36: [8, 9],
  39: [8, 11],
  40: [9, 9],
  41: [9, 9],
  43: [7, 12],
  44: [9, 10],
  45: [8, 8],
  46: [7, 10],
  47: [8, 8],
  48: [9, 9],
  49: [7, 12],
  51: [8, 9],
  52: [10, 10],
  53: [8, 8],
  54: [10, 11],
  55: [10, 11],
  56: [9, 9],
  57: [10, 10],
  58: [10, 10],
  60: [8, 10],
  61: [9, 9],
  62: [8, 12],
  63: [8, 10],
  64: [8, 10],
  65: [8, 8],
  66: [8, 9],
  81: [9, 10],
  82: [8, 10],
  84: [9, 10],
  86: [10, 11],
  90: [10, 10],
  91: [10, 10],
  92: [9, 10],
  93: [9, 9],
  94: [9, 9],
  95: [7, 10],
  98: [10, 10],
};
/** The codes of three digits that are assigned. */
const OF_THREE =
  /^(?:21[12368]|2[2346]\d|25[0-8]|29[01789]|35\d|37\d|38[0-35-79]|42[013]|50\d|59\d|67[02-9]|68\d|69[0-2]|85[02356]|88[06]|96[0-8]|97[0-7]|99[2-68])/;
const OF_THREE_NATIONAL = [7, 10] as const;

/** Whether these digits are a calling code and a national number of a length that its country has. */
export function isInternational(digits: string): boolean {
  for (const length of [1, 2]) {
    const national = NATIONAL[digits.slice(0, length)];
    if (national !== undefined) return isNational(digits, length, national);
  }
  return OF_THREE.test(digits) && isNational(digits, 3, OF_THREE_NATIONAL);
}

function isNational(
  digits: string,
  codeLength: number,
  [fewest, most]: readonly [number, number],
): boolean {
  const length = digits.length - codeLength;
  if (length < fewest || length > most) return false;
  return codeLength !== 1 || digits.charAt(0) !== "1" || isNorthAmerican(digits.slice(1));
}

/** Area and exchange begin with 2 … 9. */
export function isNorthAmerican(digits: string): boolean {
  return /^[2-9]\d{2}[2-9]\d{6}$/.test(digits);
}
