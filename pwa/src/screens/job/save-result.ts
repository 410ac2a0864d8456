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
  return problem === null || problem.field !== field ? null : sentenceOf(problem);
}

/** The sentence for what none of the form's own fields says; null when there is no such problem. */
export function otherProblem(problem: SaveResult, fields: readonly string[]): string | null {
  return problem === null || fields.includes(problem.field) ? null : sentenceOf(problem);
}

function sentenceOf({ field, message }: FieldProblem): string {
  const prefix = `${field}: `;
  const sentence = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
