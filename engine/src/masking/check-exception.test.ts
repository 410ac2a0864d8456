import { describe, expect, it } from "vitest";
import { ChangeRefused } from "../model/settings-change.ts";
import { checkedException } from "./check-exception.ts";

describe("an exception from masking", () => {
  it("is taken with its kinds in order, once each; none takes it back", () => {
    expect(
      checkedException({ field: " contact mail ", kinds: ["phone", "email", "phone"] }),
    ).toEqual({
      field: "contact mail",
      kinds: ["email", "phone"],
    });
    expect(checkedException({ field: "tel", kinds: [] })).toEqual({ field: "tel", kinds: [] });
  });

  it.each([
    ["a secret", "note", ["secret"], "kinds"],
    ["a secret among others", "note", ["email", "secret"], "kinds"],
    ["no such kind", "note", ["name"], "kinds"],
    ["a secret's name", "dbPassword", ["email"], "field"],
    ["a name that is masked itself", "4111111111111111", ["card"], "field"],
    ["no name", "", ["email"], "field"],
    ["blanks alone", " ", ["email"], "field"],
    ["two lines", "a\nb", ["email"], "field"],
    ["a control character", "a\u0007", ["email"], "field"],
    ["101 characters", "x".repeat(101), ["email"], "field"],
  ])("is refused: %s", (_, field, kinds, about) => {
    const refused = (): unknown => checkedException({ field, kinds });
    expect(refused).toThrow(ChangeRefused);
    expect(refused).toThrow(new RegExp(`^${about}: give|^${about}: a name that`));
  });
});
