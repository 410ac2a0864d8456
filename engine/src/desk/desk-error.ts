/** Why the desk itself did not carry a command out; nothing changed. It may be sent again with its id. */
export class DeskError extends Error {
  readonly code: "desk_full" | "desk_conflict";

  constructor(code: DeskError["code"], message: string) {
    super(message);
    this.name = "DeskError";
    this.code = code;
  }
}
