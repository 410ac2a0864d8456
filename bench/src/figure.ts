/** One measured value of one run. */
export interface Reading {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly better: "higher" | "lower";
  /** What is claimed; absent where nothing is. */
  readonly bar?: number;
}

/** A figure over all runs. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly bar: number | null;
  readonly better: "higher" | "lower";
  /** Whether the median meets the bar; null without a bar. */
  readonly met: boolean | null;
}

/** NaN of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  const high = sorted[upper] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[upper - 1] ?? Number.NaN)) / 2;
}

/** Four figures say enough of a measurement, and results differ less from one time to the next. */
function rounded(value: number): number {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value : Number(value.toPrecision(4));
}

function figureOf(readings: readonly [Reading, ...Reading[]]): Figure {
  const [{ name, unit, better, bar }] = readings;
  const values = readings.map((reading) => reading.value).sort((a, b) => a - b);
  const median = medianOf(values);
  const met = bar === undefined ? null : better === "higher" ? median >= bar : median <= bar;
  return {
    name,
    unit,
    median: rounded(median),
    min: rounded(values[0] ?? Number.NaN),
    max: rounded(values.at(-1) ?? Number.NaN),
    bar: bar ?? null,
    better,
    met,
  };
}

/** One figure for each name, in the order of the first run. */
export function figuresOf(runs: readonly (readonly Reading[])[]): readonly Figure[] {
  const byName = new Map<string, [Reading, ...Reading[]]>();
  for (const reading of runs.flat()) {
    const known = byName.get(reading.name);
    if (known === undefined) byName.set(reading.name, [reading]);
    else known.push(reading);
  }
  return [...byName.values()].map(figureOf);
}
