import { API_LIMITS } from "../options.ts";

/**
 * What people choose most where twelve characters are asked for, without case, digits at the end, and signs. Length does the rest: no rules on
 * kinds of characters, which make passwords no better (NIST SP 800-63B §3.1.1.2).
 */
const COMMONEST: ReadonlySet<string> = new Set(
  `password passwordpassword passwort passwortpasswort passw0rd p@ssw0rd qwertyuiop qwertzuiop qwerty qwertyqwerty
  asdfghjkl asdfghjklzxcvbnm qwertyuiopasdfghjkl zxcvbnmasdfghjkl 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx iloveyou iloveyouforever
  letmein letmeinplease letmeinnow welcome welcomewelcome welcometo changeme changemeplease changemenow changeit administrator admin
  adminadmin administratoradmin rootroot rootrootroot superuser superman batman dragon dragondragon monkey monkeymonkey football
  footballfootball baseball baseballbaseball sunshine sunshinesunshine princess princessprincess trustno1 whatever michelle
  computer computercomputer internet internetinternet starwars starwarsstarwars pokemon pokemonpokemon liverpool
  liverpoolfc chelsea arsenal bankbank bankbankbank batchwatch batchwatchbatchwatch operations operationsoperations
  operator operatoroperator monitoring monitoringmonitoring correcthorsebatterystaple abcdefghijkl abcdefghijklm
  abcdefghijklmnop abcdefghijklmnopqrstuvwxyz aaaaaaaaaaaa abcabcabcabc testtesttest testtest testpassword mypassword
  newpassword oldpassword secretsecret secretpassword defaultpassword temppassword temporarypassword thisisapassword
  ichliebedich hallohallo hallohallohallo schatzschatz motdepasse motdepassemotdepasse contraseña contrasena azertyuiop azerty summer winter spring autumn
  sommer herbst january february march april june july august september october november december monday tuesday wednesday thursday
  friday saturday sunday`.split(/\s+/),
);

/** Why a password is not taken, and what would be; null: it is taken. The message begins with the field. */
export function passwordWeakness(password: string, name: string): string | null {
  const { passwordLeast, passwordMost } = API_LIMITS;
  const length = Array.from(password.normalize("NFKC")).length;
  if (length < passwordLeast) {
    return `password: ${length} characters; use at least ${passwordLeast}, for example four words that do not belong together.`;
  }
  if (password.length > passwordMost) {
    return `password: ${password.length} characters; use at most ${passwordMost}.`;
  }
  const plain = lettersOf(password);
  const written = password.toLowerCase().trim();
  if (written === name.toLowerCase().trim() || (plain !== "" && plain === lettersOf(name))) {
    return "password: it is your name; use what nobody would try first.";
  }
  if (COMMONEST.has(plain) || COMMONEST.has(written) || isPattern(password)) {
    return "password: it is one of those that are tried first; use four words that do not belong together.";
  }
  return null;
}

/** Without what people add to a word to make it long enough. */
function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/\P{L}/gu, "");
}

/** One to four characters again and again, or nothing but digits. */
function isPattern(password: string): boolean {
  const repeats = [1, 2, 3, 4].some((size) =>
    Array.from(password).every((letter, at, all) => letter === all[at % size]),
  );
  return repeats || /^\d+$/.test(password);
}
