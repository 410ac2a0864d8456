/** Number of single-character insertions, deletions and substitutions between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substituted));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The known word that a mistyped one most likely meant, or null when none is near (over half its letters differ). */
export function nearest(word: string, known: Iterable<string>): string | null {
  const typed = word.slice(0, 100).toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.floor(typed.length / 2) + 1;
  for (const candidate of known) {
    const found = distance(typed, candidate.toLowerCase());
    if (found < bestDistance) {
      best = candidate;
      bestDistance = found;
    }
  }
  return best;
}
