import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, stripText } from "./clean-text.ts";
import { keptValue, maskJson } from "./mask-json.ts";
import { maskText } from "./mask-text.ts";

const masked = (text: string): string => maskText(text).text;

describe("maskText", () => {
  it.each([
    ["card 4111111111111111 refused", "card [card …1111] refused"],
    ["card 4111-1111-1111-1111", "card [card …1111]"],
    ["5500 0000 0000 0004, twice", "[card …0004], twice"],
    ["amex 3782 822463 10005", "amex [card …0005]"],
    ["20241124 4111111111111111 12", "20241124 [card …1111] 12"],
    ["41111 11111 111111", "[card …1111]"],
    ["mail a.b+c@bank.example now", "mail [email] now"],
    ["to=ops@bank.example.", "to=[email]."],
    ["password=hunter2 next", "password=[secret] next"],
    ["db_pwd: hunter2", "db_pwd: [secret]"],
    ['{"password":"hunter2","a":1}', '{"password":"[secret]","a":1}'],
    ['{\\"passwd\\": \\"hunter2\\"}', '{\\"passwd\\": \\"[secret]\\"}'],
    ["secret='two words' x", "secret='[secret]' x"],
    ["api_key=abc&x=1", "api_key=[secret]"],
    ["token=abc", "token=[secret]"],
    ["run --password hunter2 --fast", "run --password [secret] --fast"],
    ["Bearer abc123", "Bearer [secret]"],
    ["Authorization: Basic dXNlcjpwdw==", "Authorization: Basic [secret]"],
    ["postgres://app:hunter2@db:5432/x", "postgres://app:[secret]@db:5432/x"],
    ["postgres://app:hun/ter@db/x", "postgres://app:[secret]@db/x"],
    ["jdbc:oracle:thin:scott/tiger@db:1521", "jdbc:oracle:thin:scott/[secret]@db:1521"],
    ["jwt eyJhbGciOiJI.eyJzdWIiOiIx.sig", "jwt [secret]"],
  ])("hides %j", (text, expected) => {
    expect(masked(text)).toBe(expected);
  });

  it.each([
    "at 1732430000000 and 1732430000001",
    "1732430000000000",
    "order 20241124061234",
    "id 4111111111111112",
    "id 1234567890123456",
    "550e8400-e29b-41d4-a716-446655440000",
    "2024-11-24 06:38:42.123456",
    "unexpected token: }",
    "bearer bonds matured",
    "token count 12, secretary, passwords expired",
    "http://host:8080/path",
    "process 4711@db01.bank.example",
    "step @Before failed",
  ])("leaves %j", (text) => {
    expect(masked(text)).toBe(text);
  });

  it("counts what it hid", () => {
    expect(maskText("pwd=x a@b.example c@d.example").counts).toEqual({ secret: 1, email: 2 });
    expect(maskText("nothing").counts).toEqual({});
  });

  it("is idempotent", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "4111111111111111",
        "41111 11111 111111",
        "password",
        "pwd",
        "token",
        "secret",
      ),
      fc.constantFrom(
        "Bearer",
        "Authorization",
        "Basic",
        "://",
        "u:p",
        "@",
        "a@b.example",
        "--",
        "eyJ",
      ),
      fc.constantFrom(
        " ",
        "-",
        "=",
        ":",
        '"',
        "'",
        "\\",
        "/",
        "\n",
        ".",
        "[secret]",
        "jdbc:oracle:thin:",
      ),
      fc.stringMatching(/^[0-9 -]{1,20}$/),
      fc.string({ maxLength: 8 }),
    );
    const text = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (raw) => {
        const once = masked(raw);
        expect(masked(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    "a",
    "1",
    "1 ",
    "1-",
    "@",
    "a@",
    "a.",
    "://a:b",
    "eyJ",
    "password",
    "password=",
    'pwd="',
    "bearer ",
    "token \t",
    "authorization:",
    "://a:b/",
    "jdbc:oracle:thin:",
    "-",
    "--",
    "eyJaaaaaaaa.",
  ])("takes time in proportion to the length for repeats of %j", (part) => {
    const timeOf = (length: number): number => {
      const text = part.repeat(Math.ceil(length / part.length));
      const start = performance.now();
      masked(text);
      return performance.now() - start;
    };
    timeOf(20_000);
    // A quadratic scan of 400 kB would take minutes.
    expect(timeOf(400_000)).toBeLessThan(3_000);
  });
});

describe("maskJson", () => {
  it("hides what stands under a secret's name, at any depth", () => {
    const value = {
      a: [{ dbPassword: "x" }, { name: "API_KEY", value: "y" }],
      card: 4111111111111111,
    };
    expect(maskJson(value)).toEqual({
      a: [{ dbPassword: "[secret]" }, { name: "API_KEY", value: "[secret]" }],
      card: "[card …1111]",
    });
    expect(keptValue("client_secret", "x")).toBe("[secret]");
  });
});

describe("cleanText", () => {
  it("keeps line feeds and tabs only, of the control characters", () => {
    expect(stripText("a\u0000b\u001b[1m\tc\n\u202ed\u0085\ud800e😀")).toBe("ab[1m\tc\nde😀");
  });

  it("keeps both ends of a long text, within the limit and well formed", () => {
    const cut = cleanText(`${"😀".repeat(3000)}end`);
    expect(cut.length).toBeLessThanOrEqual(2_000);
    expect(cut).toMatch(/^😀.* … .*end$/u);
    expect(stripText(cut)).toBe(cut);
  });
});
