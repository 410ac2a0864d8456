import { useQuery } from "@tanstack/react-query";
import type { RetentionView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AdministratorsOnly } from "../../components/AdministratorsOnly.tsx";
import { AskingFields } from "../../components/AskingFields.tsx";
import { daysWords } from "../../components/change-words.ts";
import { EditableSection } from "../../components/EditableSection.tsx";
import { FactList } from "../../components/Facts.tsx";
import { FormField } from "../../components/FormField.tsx";
import { mayChangeUsers, useMe } from "../../components/me.ts";
import { QueryState } from "../../components/QueryState.tsx";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { WaitingChanges } from "../../components/WaitingChanges.tsx";
import { queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { approvalsChanged, retentionQuery } from "../../trust-queries.ts";
import { useChange } from "../more/use-change.ts";

type Kept = RetentionView["what"];

const KEPT_WORDS: Readonly<Record<Kept, string>> = {
  audit: "The record of who did what",
  incidents: "Incidents, with what was said about them",
  notifications: "Messages to people",
  runs: "Runs, with their figures and messages",
};

/** Most days that the server takes. */
const MOST_DAYS = 36_500;

/** What is kept how long: everybody may know. */
export function Retention(): ReactNode {
  const me = useMe();
  const query = useQuery(retentionQuery());
  const kept = query.data ?? [];
  return (
    <EditableSection
      title="What is kept how long"
      change={mayChangeUsers(me) && kept.length > 0 ? "Change how long" : null}
      renderForm={(done) => <RetentionForm kept={kept} onDone={done} />}
    >
      <QueryState query={query} loading="how long things are kept" what="list" />
      {kept.length > 0 && (
        <FactList
          facts={kept.map(({ what, days, setBy }) => [
            KEPT_WORDS[what],
            `${daysWords(days)}${setBy === "host" ? "" : ", by an approved change"}`,
          ])}
        />
      )}
      {kept.map(({ what }) => (
        <WaitingChanges key={what} subjectId={what} />
      ))}
      {kept.length > 0 && <AdministratorsOnly what="change how long something is kept" />}
    </EditableSection>
  );
}

interface RetentionFormProps {
  readonly kept: readonly RetentionView[];
  onDone(): void;
}

function RetentionForm({ kept, onDone }: RetentionFormProps): ReactNode {
  const [what, setWhat] = useState<Kept>(kept[0]?.what ?? "runs");
  const [days, setDays] = useState("");
  const [isWrong, setWrong] = useState(false);
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    const { reason, breakGlass } = asking;
    await api.retention.propose.mutate({
      commandId: crypto.randomUUID(),
      what,
      days: days.trim() === "" ? null : Number(days),
      reason,
      breakGlass,
    });
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: retentionQuery().queryKey }),
      approvalsChanged(),
    ]);
  }, onDone);
  return (
    <form
      className="form"
      aria-label="How long"
      onSubmit={(event) => {
        event.preventDefault();
        const isNumber = /^\d*$/.test(days.trim()) && Number(days) <= MOST_DAYS;
        const isOther = !isNumber || (days.trim() !== "" && Number(days) < 1);
        setWrong(isOther);
        if (asking.check() && !isOther) change();
      }}
    >
      <FormField label="What" hint="What is older is deleted." problem={null}>
        {(control) => (
          <select
            {...control}
            value={what}
            onChange={(event) => setWhat(event.target.value as Kept)}
          >
            {kept.map((each) => (
              <option key={each.what} value={each.what}>
                {KEPT_WORDS[each.what]}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField
        label="Days"
        hint="Empty: as the host says."
        problem={isWrong ? "Give whole days from 1 to 36500." : null}
      >
        {(control) => (
          <input
            {...control}
            inputMode="numeric"
            maxLength={5}
            value={days}
            autoComplete="off"
            onChange={(event) => setDays(event.target.value)}
          />
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
