/**
 * How much of a file ran: its statements, and its lines on which a statement starts.
 *
 * @param {import("istanbul-lib-coverage").FileCoverageData} file as the unit tests ran it
 * @param {(place: { line: number, column: number }) => boolean} ranElsewhere whether it ran in another process, thread or page
 */
export function figureOf(file, ranElsewhere) {
  const lines = new Map();
  const statements = Object.entries(file.statementMap);
  let ran = 0;
  for (const [id, { start }] of statements) {
    const hasRun = (file.s[id] ?? 0) > 0 || ranElsewhere(start);
    if (hasRun) ran += 1;
    lines.set(start.line, (lines.get(start.line) ?? false) || hasRun);
  }
  const missed = [...lines].filter(([, hasRun]) => !hasRun).map(([line]) => line);
  return {
    statements: statements.length,
    ran,
    lines: lines.size,
    linesRun: lines.size - missed.length,
    missed: missed.sort((a, b) => a - b),
  };
}

export function sumOf(figures) {
  const sum = { files: figures.length, statements: 0, ran: 0, lines: 0, linesRun: 0 };
  for (const one of figures) {
    for (const key of ["statements", "ran", "lines", "linesRun"]) sum[key] += one[key];
  }
  return sum;
}

/** The lower of both, per cent. */
export function shareOf(sum) {
  return Math.min(share(sum.linesRun, sum.lines), share(sum.ran, sum.statements));
}

export function share(part, whole) {
  return whole === 0 ? 100 : (part / whole) * 100;
}
