import { useInfiniteQuery } from "@tanstack/react-query";
import type { UserView } from "batchwatch/router";
import { type ReactNode, useDeferredValue, useEffect, useState } from "react";
import { AdministratorsOnly } from "../../components/AdministratorsOnly.tsx";
import { EditableSection } from "../../components/EditableSection.tsx";
import { FilterField } from "../../components/FilterField.tsx";
import { mayChangeUsers, maySeeUsers, teamName, useMe } from "../../components/me.ts";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Notice } from "../../components/Notice.tsx";
import { QueryState } from "../../components/QueryState.tsx";
import { SecretOnce } from "../../components/SecretOnce.tsx";
import { SetupBanner } from "../../components/SetupBanner.tsx";
import { TimeAndAge } from "../../components/times.tsx";
import { WaitingChanges } from "../../components/WaitingChanges.tsx";
import { usersQuery } from "../../trust-queries.ts";
import { LINK_WORDS } from "../approvals/Collect.tsx";
import { RemoveSheet } from "./RemoveSheet.tsx";
import { UserForm } from "./UserForm.tsx";
import { roleName } from "./user-words.ts";

/** Who may sign in, as what; each change of it is a request. */
export function UsersScreen(): ReactNode {
  const me = useMe();
  useEffect(() => {
    document.title = "Users · Batchwatch";
  }, []);
  return (
    <div className="page more users-page">
      <h1>Users</h1>
      {maySeeUsers(me) ? (
        <Users />
      ) : (
        <Notice>Operations managers, auditors and administrators see who may sign in.</Notice>
      )}
    </div>
  );
}

function Users(): ReactNode {
  const me = useMe();
  const [text, setText] = useState("");
  const [link, setLink] = useState<string | null>(null);
  const query = useInfiniteQuery(usersQuery(useDeferredValue(text.trim())));
  const users = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <SetupBanner />
      {link !== null && (
        <SecretOnce
          title="Sign-in link"
          words={LINK_WORDS}
          secret={link}
          onClose={() => setLink(null)}
        />
      )}
      {mayChangeUsers(me) && (
        <EditableSection
          title="New"
          change="Add a user"
          renderForm={(done) => <UserForm user={null} onSecret={setLink} onDone={done} />}
        >
          {null}
        </EditableSection>
      )}
      <AdministratorsOnly what="add, change and remove users" />
      <FilterField value={text} label="Find a user" onChange={setText} />
      <QueryState query={query} loading="the users" what="list" />
      {users?.length === 0 && (
        <Notice>{text === "" ? "Nobody may sign in yet." : `No user matches “${text}”.`}</Notice>
      )}
      <ul className="sources users">
        {users?.map((user) => (
          <li key={user.userId} className="panel">
            <User user={user} />
          </li>
        ))}
      </ul>
      <MoreButton query={query} />
    </>
  );
}

function User({ user }: { readonly user: UserView }): ReactNode {
  const me = useMe();
  const [is, setIs] = useState<"shown" | "changing" | "removing">("shown");
  const teams = user.teamIds.map((teamId) => teamName(me, teamId)).join(", ");
  return (
    <>
      <p className="source-name">
        <strong>{user.name}</strong>
        <span className="secondary">{roleName(user.role)}</span>
      </p>
      <p className="secondary num">
        {teams === "" ? "no team" : teams} ·{" "}
        {user.lastSignInAt === null ? (
          "never signed in"
        ) : (
          <>
            signed in <TimeAndAge at={user.lastSignInAt} />
          </>
        )}
      </p>
      <WaitingChanges subjectId={user.userId} />
      {is === "changing" ? (
        <UserForm user={user} onSecret={() => {}} onDone={() => setIs("shown")} />
      ) : (
        mayChangeUsers(me) && (
          <div className="buttons">
            <button
              type="button"
              className="button"
              aria-label={`Change ${user.name}`}
              onClick={() => setIs("changing")}
            >
              Change
            </button>
            <button
              type="button"
              className="button"
              aria-label={`Remove ${user.name}`}
              onClick={() => setIs("removing")}
            >
              Remove…
            </button>
          </div>
        )
      )}
      {is === "removing" && <RemoveSheet user={user} onClose={() => setIs("shown")} />}
    </>
  );
}
