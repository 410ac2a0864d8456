import { type ReactNode, useEffect } from "react";
import { Facts } from "../../components/Facts.tsx";
import { timeZoneName } from "../../components/format.ts";
import { useMe } from "../../components/me.ts";
import { Notice } from "../../components/Notice.tsx";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { clock } from "../../live/tick-clock.ts";
import { roleName } from "../users/user-words.ts";
import { MyData } from "./MyData.tsx";
import { PairedDevices } from "./PairedDevices.tsx";
import { PasswordCard } from "./PasswordCard.tsx";
import { Retention } from "./Retention.tsx";
import { Sessions } from "./Sessions.tsx";

/** Where I am signed in, my password, my devices, and what is kept of me. */
export function YouScreen(): ReactNode {
  const me = useMe();
  useEffect(() => {
    document.title = "You · Batchwatch";
  }, []);
  const facts: readonly (readonly [string, string])[] = [
    ["Name", me.name],
    ["Role", roleName(me.role)],
    ["Teams", me.teams.map((team) => team.name).join(", ") || "none"],
    ["Time zone", timeZoneName(clock.now())],
  ];
  return (
    <div className="page more you-page">
      <h1>You</h1>
      {me.role === "display" ? (
        <Notice>A wall is nobody: it has no sign-ins, devices or data of its own.</Notice>
      ) : (
        <>
          <Facts title="Who" facts={facts} empty="" />
          <Sessions />
          <PasswordCard />
          <PairedDevices />
          <MyData />
          <Retention />
          <ZoneNote />
        </>
      )}
    </div>
  );
}
