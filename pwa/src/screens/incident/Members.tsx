import type { IncidentMemberView, IncidentView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ForeignJobRows } from "../../components/ForeignJobRows.tsx";
import { Glyph } from "../../components/Glyph.tsx";
import type { GlyphName } from "../../components/glyph-paths.ts";
import { teamName, useMe } from "../../components/me.ts";
import { TimeAndAge } from "../../components/times.tsx";

const RULE_MARKS: ReadonlyMap<string, readonly [GlyphName, string]> = new Map([
  ["failed", ["failed", "FAILED"]],
  ["missed", ["late", "NOT STARTED"]],
  ["stalled", ["stalled", "STALLED"]],
  ["source-silent", ["unknown", "NO DATA"]],
]);

/** What is in a grouped incident; nothing where it is one thing alone. */
export function Members({ incident }: { readonly incident: IncidentView }): ReactNode {
  const { members, membersNotShown, foreignMembers } = incident;
  const count = members.length + foreignMembers.length + membersNotShown;
  if (count < 2) return null;
  return (
    <section aria-labelledby="members-title">
      <h2 id="members-title" className="section-title">
        In this incident <span className="num">{count}</span>
      </h2>
      {members.length + membersNotShown > 0 && (
        <ul className="panel members">
          {members.map((member) => (
            <Member key={member.alertId} member={member} />
          ))}
          {membersNotShown > 0 && <li className="secondary">{membersNotShown} more not shown</li>}
        </ul>
      )}
      <ForeignJobRows jobs={foreignMembers} />
    </section>
  );
}

function Member({ member }: { readonly member: IncidentMemberView }): ReactNode {
  const me = useMe();
  const [glyph, word] = RULE_MARKS.get(member.rule) ?? ["unknown", member.rule.toUpperCase()];
  const target =
    member.executionId !== null
      ? `/runs/${member.executionId}`
      : member.jobId === null
        ? null
        : `/jobs/${member.jobId}`;
  return (
    <li className={`s-${member.firing ? glyph : "succeeded"}`}>
      <p className="member-head">
        <span className="mark">
          <Glyph name={member.firing ? glyph : "succeeded"} />
          {member.firing ? word : `${word}, OVER`}
        </span>
        <span className="secondary">
          <TimeAndAge at={member.since} />
        </span>
      </p>
      <p>{target === null ? member.jobName : <Link href={target}>{member.jobName}</Link>}</p>
      <p className="secondary">
        {teamName(me, member.teamId)}
        {member.attempt > 1 && ` · attempt ${member.attempt}`}
      </p>
      {member.message !== null && <p className="secondary words">{member.message}</p>}
    </li>
  );
}
