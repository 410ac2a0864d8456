import { StoreError, stripText, teamIdOf } from "@batchwatch/engine";
import { DB_LIMITS } from "../schema/limits.ts";

/** A trimmed name of 1 … `DB_LIMITS.nameLength` characters; fails with `invalid_name` or `too_long`. */
export function checkedName(field: string, name: string): string {
  const trimmed = name.trim();
  if (trimmed === "") throw new StoreError("invalid_name", `${field}: give a name.`);
  if (trimmed.length > DB_LIMITS.nameLength) {
    throw new StoreError(
      "too_long",
      `${field}: ${trimmed.length} characters; at most ${DB_LIMITS.nameLength} are kept.`,
    );
  }
  if (stripText(trimmed) !== trimmed) {
    const right = "leave out control characters and those that turn the reading direction.";
    throw new StoreError("invalid_name", `${field}: ${right}`);
  }
  return trimmed;
}

/** A team's checked name with its id; fails with `invalid_name` when no id can be made of it. */
export function checkedTeam(field: string, name: string): { teamId: string; name: string } {
  const trimmed = checkedName(field, name);
  const teamId = teamIdOf(trimmed);
  if (teamId !== "") return { teamId, name: trimmed };
  throw new StoreError("invalid_name", `${field}: use at least one letter a–z or digit.`);
}
