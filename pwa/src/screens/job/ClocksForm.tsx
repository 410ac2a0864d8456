import type { ClockSettings } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { FormField } from "../../components/FormField.tsx";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { type ClockName, CLOCKS } from "./clock-words.ts";
import { durationText, parseDuration } from "./duration-text.ts";
import { type AskedWith, useAsking } from "../../components/use-asking.ts";
import { otherProblem, problemOf, type SaveResult } from "./save-result.ts";
import { useSave } from "./use-save.ts";

export interface ClocksFormProps {
  readonly initial: ClockSettings;
  onSave(clocks: ClockSettings, asked: AskedWith): Promise<SaveResult>;
  onDone(): void;
}

type Texts = Readonly<Record<ClockName, string>>;

/** The four clocks as durations in words; an empty field goes back to the default. */
export function ClocksForm({ initial, onSave, onDone }: ClocksFormProps): ReactNode {
  const [texts, setTexts] = useState<Texts>(() => mapClocks((name) => durationText(initial[name])));
  const asking = useAsking();
  const { problem, isSaving, save, refuse } = useSave(onDone);
  const submit = (): void => {
    const parsed = mapClocks((name) => parseDuration(texts[name]));
    const wrong = CLOCKS.find(({ name }) => parsed[name] === undefined);
    if (wrong !== undefined) {
      refuse({
        code: "invalid_duration",
        field: `clocks.${wrong.name}`,
        message: "This is not a duration. Give for example 10 min, 1 h 30 min or 90 s.",
      });
      return;
    }
    if (!asking.check()) return;
    save(() =>
      onSave(
        mapClocks((name) => parsed[name] ?? null),
        asking,
      ),
    );
  };
  return (
    <form
      className="form"
      aria-label="Clocks"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {CLOCKS.map(({ name, title, hint }) => (
        <FormField
          key={name}
          label={title}
          hint={`${hint} Empty: the default.`}
          problem={problemOf(problem, `clocks.${name}`)}
        >
          {(control) => (
            <input
              {...control}
              value={texts[name]}
              placeholder="10 min"
              maxLength={40}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
            />
          )}
        </FormField>
      ))}
      <AskingFields asking={asking} />
      <p className="problem" role="alert">
        {otherProblem(
          problem,
          CLOCKS.map(({ name }) => `clocks.${name}`),
        )}
      </p>
      <SaveButtons isSaving={isSaving} verb={asking.verb} onCancel={onDone} />
    </form>
  );
}

function mapClocks<T>(of: (name: ClockName) => T): Record<ClockName, T> {
  return {
    startGraceMs: of("startGraceMs"),
    runBudgetMs: of("runBudgetMs"),
    minimumDurationMs: of("minimumDurationMs"),
    heartbeatMs: of("heartbeatMs"),
  };
}
