import { type ReactNode, useEffect, useState } from "react";
import { FilterField } from "../../components/FilterField.tsx";
import { ZoneNote } from "../../components/ZoneNote.tsx";
import { OpenIncidents } from "./OpenIncidents.tsx";
import { ResolvedIncidents } from "./ResolvedIncidents.tsx";

const VIEWS = [
  ["open", "Open"],
  ["resolved", "Resolved"],
] as const;

/** Every incident that is open, and those that were. */
export function IncidentsScreen(): ReactNode {
  const [view, setView] = useState<"open" | "resolved">("open");
  const [text, setText] = useState("");
  useEffect(() => {
    document.title = "Incidents · Batchwatch";
  }, []);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Incidents</h1>
        <FilterField label="Filter: words, team:…, state:…" value={text} onChange={setText} />
      </div>
      <fieldset className="views">
        <legend className="visually-hidden">Which incidents</legend>
        {VIEWS.map(([name, label]) => (
          <label key={name} className={view === name ? "view chosen" : "view"}>
            <input
              type="radio"
              name="view"
              checked={view === name}
              onChange={() => setView(name)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {view === "open" ? (
        <OpenIncidents text={text} onClear={() => setText("")} />
      ) : (
        <ResolvedIncidents text={text} onClear={() => setText("")} />
      )}
      <ZoneNote />
    </div>
  );
}
