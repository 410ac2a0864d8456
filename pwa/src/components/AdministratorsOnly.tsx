import type { ReactNode } from "react";
import { CopyLines } from "./CopyLines.tsx";
import { mayChangeUsers, mayRunSources, useMe } from "./me.ts";
import { Notice } from "./Notice.tsx";

/** The first user of an installation is an operations manager: the first administrator comes from the host. */
const MAKE_ONE = 'npx --no batchwatch user add --name "NAME" --role administrator';

/** Why nothing can be changed here, and, for who runs Batchwatch, how somebody comes who may. */
export function AdministratorsOnly({ what }: { readonly what: string }): ReactNode {
  const me = useMe();
  if (mayChangeUsers(me)) return null;
  if (!mayRunSources(me)) return <Notice>Only administrators {what}.</Notice>;
  return (
    <Notice>
      <p>
        Only administrators {what}. The first one is made on the host, by a command that prints a
        sign-in link; once signed in, that person approves what you ask for, and you what they ask
        for.
      </p>
      <CopyLines text={MAKE_ONE} />
    </Notice>
  );
}
