import type { Role, UserView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { FormField } from "../../components/FormField.tsx";
import { teamName, useMe } from "../../components/me.ts";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { useChange } from "../more/use-change.ts";
import { proposeUser } from "./propose-user.ts";
import { ROLE_WORDS, ROLES, teamNamesOf } from "./user-words.ts";

interface UserFormProps {
  /** Null: a new one. */
  readonly user: UserView | null;
  /** A new user's sign-in link, where it was applied at once. */
  onSecret(secret: string): void;
  onDone(): void;
}

/** Most characters of a person's name; the server takes no more. */
const NAME_LENGTH = 100;

/** Name, role and teams; a known user's name stays. */
export function UserForm({ user, onSecret, onDone }: UserFormProps): ReactNode {
  const me = useMe();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>(user?.role ?? "on-call");
  const [teams, setTeams] = useState(
    () => user?.teamIds.map((teamId) => teamName(me, teamId)).join(", ") ?? "",
  );
  const [isNameless, setNameless] = useState(false);
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    const teamNames = [...teamNamesOf(teams)];
    const secret = await proposeUser(
      user === null
        ? { kind: "user-add", payload: { name: name.trim(), role, teamNames } }
        : { kind: "user-change", payload: { userId: user.userId, role, teamNames } },
      asking,
    );
    if (secret !== null) onSecret(secret);
  }, onDone);
  const known = me.teams.map((team) => team.name).join(", ");
  return (
    <form
      className="form"
      aria-label={user === null ? "New user" : `Change ${user.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        const isMissing = user === null && name.trim() === "";
        setNameless(isMissing);
        if (asking.check() && !isMissing) change();
      }}
    >
      {user === null && (
        <FormField
          label="Name"
          hint="As it stands in lists, and as it is signed in with."
          problem={isNameless ? "Give a name." : null}
        >
          {(control) => (
            <input
              {...control}
              value={name}
              maxLength={NAME_LENGTH}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </FormField>
      )}
      <FormField label="Role" hint="What they may see and do." problem={null}>
        {(control) => (
          <select
            {...control}
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {ROLE_WORDS[each]}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField
        label="Teams"
        hint={`Names with commas between them.${known === "" ? "" : ` Known: ${known}.`}`}
        problem={null}
      >
        {(control) => (
          <input
            {...control}
            value={teams}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTeams(event.target.value)}
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
