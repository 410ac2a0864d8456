import type { FreeDayRule, JobSettingsView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { FormField } from "../../components/FormField.tsx";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { type AskedWith, useAsking } from "../../components/use-asking.ts";
import { otherProblem, problemOf, type SaveResult } from "./save-result.ts";
import { FREE_DAY_WORDS } from "./schedule-words.ts";
import { useCronWords } from "./use-cron-words.ts";
import { useSave } from "./use-save.ts";

type ScheduleView = NonNullable<JobSettingsView["schedule"]>;

/** A schedule as a person gives it. */
export type ScheduleInput = Pick<
  ScheduleView,
  "expression" | "zone" | "calendarId" | "freeDayRule"
>;

export interface CalendarChoice {
  readonly calendarId: string;
  readonly name: string;
}

export interface ScheduleFormProps {
  readonly initial: ScheduleInput;
  readonly calendars: readonly CalendarChoice[];
  /** Null: the job has no schedule from now on. */
  onSave(schedule: ScheduleInput | null, asked: AskedWith): Promise<SaveResult>;
  onDone(): void;
}

/** Fields that say themselves what is wrong with them. */
const FIELDS: readonly string[] = ["expression", "zone", "calendarId", "freeDayRule"].map(
  (name) => `schedule.${name}`,
);
const FREE_DAY_RULES = Object.keys(FREE_DAY_WORDS) as readonly FreeDayRule[];
const ZONES = Intl.supportedValuesOf("timeZone");

/** When a job is due. An empty expression takes the schedule away. */
export function ScheduleForm({ initial, calendars, onSave, onDone }: ScheduleFormProps): ReactNode {
  const [input, setInput] = useState(initial);
  const asking = useAsking();
  const { problem, isSaving, save } = useSave(onDone);
  const set = (change: Partial<ScheduleInput>): void => setInput({ ...input, ...change });
  const expression = input.expression.trim();
  const words = useCronWords(expression);
  return (
    <form
      className="form"
      aria-label="Schedule"
      onSubmit={(event) => {
        event.preventDefault();
        if (!asking.check()) return;
        save(() => onSave(expression === "" ? null : { ...input, expression }, asking));
      }}
    >
      <FormField
        label="Due at"
        hint={
          words === expression
            ? "Five fields: minute, hour, day of month, month, day of week. Empty: nothing is due."
            : words
        }
        problem={problemOf(problem, "schedule.expression")}
      >
        {(control) => (
          <input
            {...control}
            value={input.expression}
            placeholder="0 2 * * 1-5"
            maxLength={100}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => set({ expression: event.target.value })}
          />
        )}
      </FormField>
      <FormField
        label="Time zone"
        hint="The zone that the times above are in."
        problem={problemOf(problem, "schedule.zone")}
      >
        {(control) => (
          <>
            <input
              {...control}
              list={`${control.id}-zones`}
              value={input.zone}
              maxLength={64}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => set({ zone: event.target.value })}
            />
            <datalist id={`${control.id}-zones`}>
              {ZONES.map((zone) => (
                <option key={zone}>{zone}</option>
              ))}
            </datalist>
          </>
        )}
      </FormField>
      <FormField
        label="Calendar"
        hint="Says which days are business days."
        problem={problemOf(problem, "schedule.calendarId")}
      >
        {(control) => (
          <select
            {...control}
            value={input.calendarId ?? ""}
            onChange={(event) => set({ calendarId: event.target.value || null })}
          >
            <option value="">None: every day is a business day</option>
            {calendars.map(({ calendarId, name }) => (
              <option key={calendarId} value={calendarId}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField
        label="On a free day"
        hint="What happens to a start that falls on one."
        problem={problemOf(problem, "schedule.freeDayRule")}
      >
        {(control) => (
          <select
            {...control}
            value={input.freeDayRule}
            onChange={(event) => set({ freeDayRule: event.target.value as FreeDayRule })}
          >
            {FREE_DAY_RULES.map((rule) => (
              <option key={rule} value={rule}>
                {FREE_DAY_WORDS[rule]}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <AskingFields asking={asking} />
      <p className="problem" role="alert">
        {otherProblem(problem, FIELDS)}
      </p>
      <SaveButtons isSaving={isSaving} verb={asking.verb} onCancel={onDone} />
    </form>
  );
}
