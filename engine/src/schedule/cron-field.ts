/**
 * The shortest usual way to write a set of values as a cron field: `*`, a step, ranges, a list.
 * `values` ascend, none twice, all within `least` … `most`.
 */
export function cronField(values: readonly number[], least: number, most: number): string {
  if (values.length === most - least + 1) return "*";
  return steps(values, least, most) ?? ranges(values);
}

/** `*` with a step, or from the first value to the end with a step, where nothing of the progression is left out. */
function steps(values: readonly number[], least: number, most: number): string | null {
  const [first = least, second = first] = values;
  const step = second - first;
  const even = values.every((value, index) => value === first + index * step);
  if (
    values.length < 3 ||
    step < 2 ||
    !even ||
    first - step >= least ||
    (values.at(-1) ?? first) + step <= most
  )
    return null;
  return first === least ? `*/${step}` : `${first}-${most}/${step}`;
}

function ranges(values: readonly number[]): string {
  const parts: { from: number; to: number }[] = [];
  for (const value of values) {
    const last = parts.at(-1);
    if (last !== undefined && last.to + 1 === value) last.to = value;
    else parts.push({ from: value, to: value });
  }
  return parts
    .map(({ from, to }) =>
      from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`,
    )
    .join(",");
}
