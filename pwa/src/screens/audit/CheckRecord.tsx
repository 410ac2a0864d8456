import type { AuditVerdictView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { Glyph } from "../../components/Glyph.tsx";
import { saveFile } from "../../components/save-file.ts";
import { ClockTime } from "../../components/times.tsx";
import { api } from "../../trpc.ts";
import type { AuditQuery } from "../../trust-queries.ts";
import { useChange } from "../more/use-change.ts";
import { verdictWords } from "./audit-words.ts";

/** Whether the record is whole, and a file of what is searched for that shows it by itself. */
export function CheckRecord({ filter }: { readonly filter: AuditQuery }): ReactNode {
  const [verdict, setVerdict] = useState<AuditVerdictView | null>(null);
  const [saved, setSaved] = useState("");
  const check = useChange(async () => {
    setVerdict(await api.audit.verify.mutate());
  });
  const take = useChange(async () => {
    const { fileName, text, records, cut } = await api.audit.evidence.mutate({ filter });
    saveFile(fileName, text, "application/x-ndjson");
    const count = records === 1 ? "1 record" : `${records} records`;
    const more = cut ? " More matched than fit into one file: narrow the search." : "";
    setSaved(`${count} in ${fileName}.${more}`);
  });
  const glyph = verdict?.intact !== true ? "failed" : verdict.complete ? "succeeded" : "unknown";
  return (
    <section className="check-record" aria-label="The record as a whole">
      <div className="buttons">
        <button type="button" className="button" disabled={check.isChanging} onClick={check.change}>
          {check.isChanging ? "Checking…" : "Check the record"}
        </button>
        <button type="button" className="button" disabled={take.isChanging} onClick={take.change}>
          {take.isChanging ? "Putting it together…" : "Evidence file"}
        </button>
      </div>
      <div role="status">
        {verdict !== null && (
          <p className={`mark-words s-${glyph}`}>
            <Glyph name={glyph} />
            <span className="words">
              {verdictWords(verdict)} Checked <ClockTime at={verdict.at} />
              {verdict.headSeq !== null && (
                <>
                  , sealed up to record <span className="num">{verdict.headSeq}</span>
                </>
              )}
              .
            </span>
          </p>
        )}
        {saved !== "" && <p>{saved}</p>}
      </div>
      <p className="problem" role="alert">
        {check.problem ?? take.problem}
      </p>
    </section>
  );
}
