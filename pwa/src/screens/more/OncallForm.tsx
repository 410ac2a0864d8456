import type { OncallView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { oncallQuery, queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { deviceWords, moved, MOST_PEOPLE, type OncallPerson } from "./oncall-list.ts";
import { useChange } from "./use-change.ts";

export interface OncallFormProps {
  readonly team: OncallView;
  readonly candidates: readonly OncallPerson[];
  onDone(): void;
}

/** The order in which people are paged; buttons only, as a list under a thumb is no place to drag in. */
export function OncallForm({ team, candidates, onDone }: OncallFormProps): ReactNode {
  const [people, setPeople] = useState<readonly OncallPerson[]>(team.people);
  const { change, isChanging, problem } = useChange(async () => {
    const userIds = people.map(({ userId }) => userId);
    const commandId = crypto.randomUUID();
    const { items } = await api.oncall.setList.mutate({
      commandId,
      teamId: team.teamId,
      userIds,
    });
    queryClient.setQueryData<readonly OncallView[]>(oncallQuery().queryKey, (known) =>
      known?.map((each) => items.find(({ teamId }) => teamId === each.teamId) ?? each),
    );
  }, onDone);
  const rest = candidates.filter(
    ({ userId }) => !people.some((person) => person.userId === userId),
  );
  return (
    <form
      className="form oncall-form"
      aria-label={`On call for ${team.teamName}`}
      onSubmit={(event) => {
        event.preventDefault();
        change();
      }}
    >
      <ol className="oncall-edit">
        {people.map((person, at) => (
          <li key={person.userId}>
            <span className="oncall-person">
              <span className="num">{at + 1}</span> {person.name}{" "}
              <span className="secondary">{deviceWords(person.devices)}</span>
            </span>
            <button
              type="button"
              className="button"
              disabled={at === 0}
              aria-label={`Move ${person.name} up`}
              onClick={() => setPeople(moved(people, at, -1))}
            >
              Up
            </button>
            <button
              type="button"
              className="button"
              disabled={at === people.length - 1}
              aria-label={`Move ${person.name} down`}
              onClick={() => setPeople(moved(people, at, 1))}
            >
              Down
            </button>
            <button
              type="button"
              className="button"
              aria-label={`Remove ${person.name}`}
              onClick={() => setPeople(people.filter((each) => each !== person))}
            >
              Remove
            </button>
          </li>
        ))}
      </ol>
      {people.length === 0 && (
        <p className="secondary">
          Empty: the default holds again, the team's people on call, then its leads, then
          operations.
        </p>
      )}
      {people.length < MOST_PEOPLE && rest.length > 0 && (
        <label className="oncall-add">
          Add
          <select
            className="field"
            value=""
            onChange={(event) => {
              const person = rest.find(({ userId }) => userId === event.target.value);
              if (person !== undefined) setPeople([...people, person]);
            }}
          >
            <option value="">Choose a person</option>
            {rest.map((person) => (
              <option key={person.userId} value={person.userId}>
                {person.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className="problem" role="alert">
        {problem}
      </p>
      <SaveButtons isSaving={isChanging} onCancel={onDone} />
    </form>
  );
}
