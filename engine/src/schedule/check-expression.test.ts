import { expect, it } from "vitest";
import { checkExpression, checkZone } from "./check-expression.ts";
import { CronReadings } from "./cron-readings.ts";
import { ScheduleError } from "./schedule-error.ts";

function refusal(check: () => unknown): ScheduleError {
  try {
    check();
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

it.each([
  ["", "expression", "five"],
  ["30 2 * *", "expression", "4 fields"],
  ["0 30 2 * * *", "expression", "6 fields"],
  [`${"1,".repeat(200)}1 * * * *`, "expression", "at most 200"],
  ["60 2 * * *", "minute", "0 to 59"],
  ["5/15 * * * *", "minute", "5-59/15"],
  ["*/0 * * * *", "minute", "from 1 to 60"],
  ["*/90 * * * *", "minute", "from 1 to 60"],
  ["1,,2 * * * *", "minute", "0 to 59"],
  ["*-5 * * * *", "minute", "0 to 59"],
  ["0 24 * * *", "hour", "0 to 23"],
  ["0 22-2 * * *", "hour", "22-23,0-2"],
  ["0 2am * * *", "hour", '"2AM"'],
  ["0 2 0 * *", "day of month", "1 to 31"],
  ["0 2 15W * *", "day of month", "L for the last"],
  ["0 2 1 13 *", "month", "JAN to DEC"],
  ["0 2 * * 8", "day of week", "SUN to SAT"],
  ["0 2 * * MONDAY", "day of week", "SUN to SAT"],
  ["@daily * * * *", "minute", "0 to 59"],
])("[SCHED-2] %j is refused: %s, %s", (expression, field, right) => {
  const error = refusal(() => checkExpression(expression));
  expect(error).toMatchObject({ code: "invalid_schedule", field });
  expect(error.message).toContain(right);
});

it("[SCHED-2] what is accepted is understood by the library in the same way", () => {
  const expressions = [
    "*/15 0-6,22-23 1,15,L JAN,jul-SEP mon-FRI",
    "0 0 * * 5-7",
    "0 0 * * SUN",
    "0 0 * * FRI-7",
    "  5   4 3 2 1 ",
    "10-50/20 */3 */2 */2 */2",
    "*/60 */24 */31 */12 */7",
  ];
  for (const expression of expressions) {
    const parsed = checkExpression(expression);
    const readings = new CronReadings(expression);
    let reading: number | null = Date.UTC(2026, 0, 1) - 1;
    for (let count = 0; count < 100 && reading !== null; count++) {
      reading = readings.after(reading);
      if (reading === null) break;
      const date = new Date(reading);
      const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0));
      const day =
        parsed.daysOfMonth.includes(date.getUTCDate()) ||
        (parsed.lastDayOfMonth && date.getUTCDate() === last.getUTCDate());
      const weekday = parsed.daysOfWeek.includes(date.getUTCDay());
      expect({
        minute: parsed.minutes.includes(date.getUTCMinutes()),
        hour: parsed.hours.includes(date.getUTCHours()),
        day: parsed.bothDays ? day && weekday : day || weekday,
        month: parsed.months.includes(date.getUTCMonth() + 1),
      }).toEqual({ minute: true, hour: true, day: true, month: true });
    }
    expect(reading).not.toBeNull();
  }
});

it("[SCHED-2] a zone that the runtime does not know is refused", () => {
  for (const zone of ["", "Mars/Olympus", "+02:00", "Europe/Paris; DROP", "x".repeat(500)]) {
    expect(refusal(() => checkZone(zone))).toMatchObject({
      code: "invalid_schedule",
      field: "zone",
    });
  }
  for (const zone of ["UTC", "Europe/Paris", "Asia/Calcutta", "US/Eastern"]) checkZone(zone);
});
