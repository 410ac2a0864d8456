/** Numbers in [0, 1), the same for the same key on every machine. */
export type Random = () => number;

function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * A stream of numbers of its own for each key, so that adding a job to the sample leaves the others as they were.
 * The generator is mulberry32: 32 bits of state, enough for a sample.
 */
export function randomOf(seed: number, ...key: readonly (string | number)[]): Random {
  let state = hash32([seed, ...key].join("/"));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Mean 0, standard deviation 1, never beyond ±3.5: a sum of four even numbers. */
export function bellOf(random: Random): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}
