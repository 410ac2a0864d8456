import {
  CADENCES,
  checkedChange,
  FREE_DAY_RULES,
  type SettingsChange,
  type Tier,
} from "@batchwatch/engine";
import { UsageError, type Command, type Given } from "./command.ts";
import { AT_THE_HOST, changeJob, JOB_HINT } from "./jobs.ts";
import { duration, oneOf, positional, text } from "./values.ts";

/** Takes a setting back. */
const DEFAULT = "default";

const CLOCK_OPTIONS = {
  "start-grace": "startGraceMs",
  "run-budget": "runBudgetMs",
  "minimum-duration": "minimumDurationMs",
  heartbeat: "heartbeatMs",
} as const;

export const jobConfigure: Command = {
  name: "job configure",
  sentence: "Sets what is expected of a job.",
  usage: "JOB [--tier 1-4] [--schedule EXPRESSION --zone ZONE] [--heartbeat SPAN] …",
  details: [
    JOB_HINT,
    "--tier 1 (critical) to 4 (low), --monitored yes|no,",
    `--cadence ${CADENCES.join("|")}: how often it runs, which sets the defaults of its clocks,`,
    "--schedule five cron fields or none, --zone IANA zone (UTC when left out), --calendar ID,",
    `--free-day-rule ${FREE_DAY_RULES.join("|")}: what happens on the calendar's free days,`,
    "--start-grace, --run-budget, --minimum-duration, --heartbeat SPAN: 90s, 10m, 2h or 1d,",
    "--business-name, --runbook URL, --first-step TEXT.",
    `The word ${DEFAULT} takes a setting back. What is not named stays.`,
  ],
  options: {
    tier: { type: "string" },
    monitored: { type: "string" },
    cadence: { type: "string" },
    schedule: { type: "string" },
    zone: { type: "string" },
    calendar: { type: "string" },
    "free-day-rule": { type: "string" },
    "start-grace": { type: "string" },
    "run-budget": { type: "string" },
    "minimum-duration": { type: "string" },
    heartbeat: { type: "string" },
    "business-name": { type: "string" },
    runbook: { type: "string" },
    "first-step": { type: "string" },
  },
  positionals: 1,
  run(given) {
    const job = positional(given, 0, "job");
    const change = checkedChange(changeOf(given));
    if (Object.keys(change).length === 0) {
      throw new UsageError("Nothing to set; see: batchwatch job configure --help");
    }
    return changeJob("job configure", given, job, ({ settings }, { jobId }, now) =>
      settings.configure(jobId, change, AT_THE_HOST, now),
    );
  },
};

function changeOf(given: Given): SettingsChange {
  const change: { -readonly [K in keyof SettingsChange]: SettingsChange[K] } = {};
  const set = <T>(option: string, read: (value: string) => T): T | null | undefined => {
    const value = text(given, option);
    if (value === null) return undefined;
    return value === DEFAULT ? null : read(value);
  };
  const put = <K extends keyof SettingsChange>(name: K, value: SettingsChange[K]): void => {
    if (value !== undefined) change[name] = value;
  };
  put(
    "tier",
    set("tier", (value) => Number(oneOf("tier", value, ["1", "2", "3", "4"])) as Tier),
  );
  const monitored = text(given, "monitored");
  if (monitored !== null) {
    change.monitored = oneOf("monitored", monitored, ["yes", "no"]) === "yes";
  }
  put(
    "cadence",
    set("cadence", (value) => oneOf("cadence", value, CADENCES)),
  );
  put(
    "businessName",
    set("business-name", (value) => value),
  );
  put(
    "runbookUrl",
    set("runbook", (value) => value),
  );
  put(
    "firstStep",
    set("first-step", (value) => value),
  );
  put("schedule", scheduleOf(given));
  const clocks: { -readonly [K in keyof NonNullable<SettingsChange["clocks"]>]?: number | null } =
    {};
  for (const [option, name] of Object.entries(CLOCK_OPTIONS)) {
    const value = set(option, (span) => duration(option, span));
    if (value !== undefined) clocks[name] = value;
  }
  if (Object.keys(clocks).length > 0) change.clocks = clocks;
  return change;
}

function scheduleOf(given: Given): SettingsChange["schedule"] {
  const expression = text(given, "schedule");
  if (expression === null) {
    const orphan = ["zone", "calendar", "free-day-rule"].find(
      (option) => text(given, option) !== null,
    );
    if (orphan === undefined) return undefined;
    throw new UsageError(`--${orphan} belongs to a schedule; give --schedule too.`);
  }
  if (expression === DEFAULT || expression === "none") return null;
  const rule = text(given, "free-day-rule");
  return {
    expression,
    zone: text(given, "zone") ?? "UTC",
    calendarId: text(given, "calendar"),
    freeDayRule: rule === null ? undefined : oneOf("free-day-rule", rule, FREE_DAY_RULES),
  };
}
