/** What is wrong with one field of a form: the server's code, its field, and what would be right. */
export interface FieldProblem {
  readonly code: string;
  /** As the server names it, for example `schedule.expression`; empty when it is not about a field. */
  readonly field: string;
  readonly message: string;
}

/** Null: saved. */
export type SaveResult = FieldProblem | null;

/** The sentence for this field, without the field's name in front; null when the problem is not about it. */
export function problemOf(problem: SaveResult, field: string): string | null {
  if (problem === null || problem.field !== field) return null;
  const prefix = `${field}: `;
  const sentence = problem.message.startsWith(prefix)
    ? problem.message.slice(prefix.length)
    : problem.message;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
