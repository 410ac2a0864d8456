import type { ScheduleProposal } from "batchwatch/router";
import { expect, test } from "vitest";
import { proposalSentence, workdayWords } from "./schedule-words.ts";
import { cronWords } from "./use-cron-words.ts";

const proposal = (fields: Partial<ScheduleProposal> = {}): ScheduleProposal => ({
  expression: "0 2 * * 1-5",
  zone: "Europe/Berlin",
  workdays: [1, 2, 3, 4, 5],
  confidence: 1,
  matched: 14,
  of: 14,
  fromNominal: false,
  ...fields,
});
const sentence = async (fields: Partial<ScheduleProposal> = {}): Promise<string> => {
  const each = proposal(fields);
  return proposalSentence(each, await cronWords(each.expression));
};

test("a proposal in one sentence", async () => {
  expect(await sentence()).toBe(
    "Seen 14 of 14 nights at about 02:00 Europe/Berlin on weekdays. Use this schedule?",
  );
  expect(await sentence({ expression: "30 14 * * *", workdays: [1, 2, 3, 4, 5, 6, 7] })).toBe(
    "Seen 14 of 14 days at about 14:30 Europe/Berlin every day. Use this schedule?",
  );
  expect(await sentence({ fromNominal: true, matched: 13 })).toBe(
    "Planned by its own source 13 of 14 nights at 02:00 Europe/Berlin on weekdays. Use this schedule?",
  );
  expect(await sentence({ expression: "*/15 * * * *", matched: 1_340, of: 1_344 })).toBe(
    "Seen 1,340 of 1,344 times: every 15 minutes, Europe/Berlin. Use this schedule?",
  );
});

test("days in words", () => {
  expect(workdayWords([7, 6])).toBe("at weekends");
  expect(workdayWords([5, 1, 3])).toBe("on Mon, Wed and Fri");
  expect(workdayWords([7])).toBe("on Sun");
});

test("an expression in words, or as it is where it cannot be read", async () => {
  expect(await cronWords("0 2 * * 1-5")).toBe("At 02:00, Monday through Friday");
  expect(await cronWords("0 2 1 * *")).toBe("At 02:00, on day 1 of the month");
  expect(await cronWords("0 6,18 * * *")).toBe("At 06:00 and 18:00");
  expect(await cronWords("61 2 * *")).toBe("61 2 * *");
  expect(await cronWords("")).toBe("");
});
