/** The database file and this program do not fit together. */
export class SchemaError extends Error {
  readonly code: "schema_newer" | "schema_older";
  constructor(code: SchemaError["code"], message: string) {
    super(message);
    this.name = "SchemaError";
    this.code = code;
  }
}
