/** A bench that cannot be run or was asked for wrongly. */
export class BenchError extends Error {
  readonly code: "usage" | "not_built" | "child_failed" | "timeout" | "refused";

  constructor(code: BenchError["code"], message: string) {
    super(message);
    this.name = "BenchError";
    this.code = code;
  }
}
