import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { deviceZone } from "../../components/format.ts";
import { FormField } from "../../components/FormField.tsx";
import { useMe } from "../../components/me.ts";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { proposeSource, type SourceAdd } from "./propose-source.ts";
import { useChange } from "./use-change.ts";

/** A new source whose key is shown now. */
export interface MadeSource {
  readonly key: string;
  readonly contract: SourceAdd["contract"];
}

interface SourceFormProps {
  onMade(source: MadeSource): void;
  onDone(): void;
}

const CONTRACT_WORDS: Readonly<Record<SourceAdd["contract"], string>> = {
  native: "Batchwatch’s own: one line in a job",
  openlineage: "OpenLineage: Spark, Airflow, dbt and others speak it",
};
const ENVIRONMENT_WORDS: Readonly<Record<SourceAdd["environment"], string>> = {
  PROD: "Production: it can page",
  UAT: "Acceptance test: it pages nobody",
  TEST: "Test: it pages nobody",
};
const ZONES = Intl.supportedValuesOf("timeZone");

/** Where facts will come from. Its key is made when it is applied. */
export function SourceForm({ onMade, onDone }: SourceFormProps): ReactNode {
  const me = useMe();
  const [input, setInput] = useState<SourceAdd>({
    name: "",
    contract: "native",
    environment: "PROD",
    zone: deviceZone(),
    teamName: null,
  });
  const [isNameless, setNameless] = useState(false);
  const set = (change: Partial<SourceAdd>): void => setInput({ ...input, ...change });
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    const key = await proposeSource(
      { kind: "source-add", payload: { ...input, name: input.name.trim() } },
      asking,
    );
    if (key !== null) onMade({ key, contract: input.contract });
  }, onDone);
  return (
    <form
      className="form"
      aria-label="New source"
      onSubmit={(event) => {
        event.preventDefault();
        const isMissing = input.name.trim() === "";
        setNameless(isMissing);
        if (asking.check() && !isMissing) change();
      }}
    >
      <FormField
        label="Name"
        hint="For example core-banking."
        problem={isNameless ? "Give a name." : null}
      >
        {(control) => (
          <input
            {...control}
            value={input.name}
            maxLength={100}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </FormField>
      <FormField label="Speaks" hint="How it tells what its jobs do." problem={null}>
        {(control) => (
          <select
            {...control}
            value={input.contract}
            onChange={(event) => set({ contract: event.target.value as SourceAdd["contract"] })}
          >
            <Options words={CONTRACT_WORDS} />
          </select>
        )}
      </FormField>
      <FormField label="Environment" hint="It begins as only watched." problem={null}>
        {(control) => (
          <select
            {...control}
            value={input.environment}
            onChange={(event) =>
              set({ environment: event.target.value as SourceAdd["environment"] })
            }
          >
            <Options words={ENVIRONMENT_WORDS} />
          </select>
        )}
      </FormField>
      <FormField label="Time zone" hint="Of times that come without one." problem={null}>
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
      <FormField label="Team" hint="Whose jobs they are where no event says it." problem={null}>
        {(control) => (
          <select
            {...control}
            value={input.teamName ?? ""}
            onChange={(event) => set({ teamName: event.target.value || null })}
          >
            <option value="">As its events say</option>
            {me.teams.map(({ teamId, name }) => (
              <option key={teamId} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <AskingFields asking={asking} />
      <p className="problem" role="alert">
        {problem}
      </p>
      <SaveButtons isSaving={isChanging} verb={asking.verb} onCancel={onDone} />
    </form>
  );
}

function Options({ words }: { readonly words: Readonly<Record<string, string>> }): ReactNode {
  return Object.entries(words).map(([value, text]) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));
}
