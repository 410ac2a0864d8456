import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { maySeeUsers, useMe } from "../../components/me.ts";
import { usersQuery } from "../../trust-queries.ts";
import { type AuditFilterInput, NO_FILTER, partsSet } from "./audit-filter.ts";
import { AUDIT_ACTION_WORDS, AUDIT_ACTIONS, SUBJECT_KINDS } from "./audit-words.ts";

interface AuditFilterFormProps {
  readonly initial: AuditFilterInput;
  onSearch(filter: AuditFilterInput): void;
}

/** By person, act, subject, team and time. */
export function AuditFilterForm({ initial, onSearch }: AuditFilterFormProps): ReactNode {
  const [filter, setFilter] = useState(initial);
  const set = (change: Partial<AuditFilterInput>): void => setFilter({ ...filter, ...change });
  const count = partsSet(initial);
  return (
    <details className="panel search" open={count > 0}>
      <summary>{count === 0 ? "Search" : `Search: ${count} set`}</summary>
      <form
        className="form search-form"
        aria-label="Search the record"
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(filter);
        }}
      >
        <WhoField value={filter.who} onChange={(who) => set({ who })} />
        <label className="form-field">
          Did
          <select
            className="field"
            value={filter.action}
            onChange={(event) => set({ action: event.target.value })}
          >
            <option value="">anything</option>
            {AUDIT_ACTIONS.map((action) => (
              <option key={action} value={action}>
                {AUDIT_ACTION_WORDS[action]}
              </option>
            ))}
          </select>
        </label>
        <label className="form-field">
          About
          <select
            className="field"
            value={filter.about}
            onChange={(event) => set({ about: event.target.value })}
          >
            <option value="">anything</option>
            {Object.entries(SUBJECT_KINDS).map(([kind, words]) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label className="form-field">
          Its id
          <input
            className="field"
            value={filter.id}
            maxLength={200}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => set({ id: event.target.value })}
          />
        </label>
        <TeamField value={filter.team} onChange={(team) => set({ team })} />
        <label className="form-field">
          From
          <input
            className="field"
            type="datetime-local"
            value={filter.from}
            onChange={(event) => set({ from: event.target.value })}
          />
        </label>
        <label className="form-field">
          Until
          <input
            className="field"
            type="datetime-local"
            value={filter.until}
            onChange={(event) => set({ until: event.target.value })}
          />
        </label>
        <div className="buttons">
          <button type="submit" className="button primary">
            Search
          </button>
          {count > 0 && (
            <button type="button" className="button" onClick={() => onSearch(NO_FILTER)}>
              Clear
            </button>
          )}
        </div>
      </form>
    </details>
  );
}

interface WhoFieldProps {
  readonly value: string;
  onChange(who: string): void;
}

/** People by name where the reader may list them, else by their number. */
function WhoField({ value, onChange }: WhoFieldProps): ReactNode {
  const me = useMe();
  const users = useInfiniteQuery({ ...usersQuery(""), enabled: maySeeUsers(me) });
  const known = users.data?.pages.flatMap((page) => page.items) ?? [];
  const choices = [
    [me.userId, `${me.name} (you)`],
    ...known
      .filter(({ userId }) => userId !== me.userId)
      .map(({ userId, name }) => [userId, name] as const),
    ["host", "Command line on the host"],
    ["service", "Batchwatch"],
    ["unknown", "Somebody unknown"],
  ] as const;
  const isListed = value === "" || choices.some(([id]) => id === value);
  return (
    <label className="form-field">
      Who
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">anybody</option>
        {!isListed && <option value={value}>{value}</option>}
        {choices.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TeamFieldProps {
  readonly value: string;
  onChange(team: string): void;
}

/** Whose jobs it concerned: one of the reader's teams. */
function TeamField({ value, onChange }: TeamFieldProps): ReactNode {
  const { teams } = useMe();
  const isListed = value === "" || teams.some(({ teamId }) => teamId === value);
  return (
    <label className="form-field">
      Team
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">any, or none</option>
        {!isListed && <option value={value}>{value}</option>}
        {teams.map(({ teamId, name }) => (
          <option key={teamId} value={teamId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
