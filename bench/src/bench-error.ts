/** A bench that cannot be run or was asked for wrongly; `wrong`: what was measured did not do its work. */
export class BenchError extends Error {
  readonly code: "usage" | "not_built" | "child_failed" | "timeout" | "refused" | "wrong";

  constructor(code: BenchError["code"], message: string) {
    super(message);
    this.name = "BenchError";
    this.code = code;
  }
}
