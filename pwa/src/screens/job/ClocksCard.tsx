import type { Cadence, ClockSettings, JobSettingsView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { Facts } from "../../components/Facts.tsx";
import { ClocksForm } from "./ClocksForm.tsx";
import { CLOCKS, clockWords, withoutClocks } from "./clock-words.ts";
import type { SaveResult } from "./save-result.ts";

export interface ClocksCardProps {
  readonly settings: JobSettingsView;
  readonly cadence: Cadence | null;
  readonly mayChange: boolean;
  onSave(clocks: ClockSettings): Promise<SaveResult>;
}

/** The four clocks of the job, each with where its limit comes from. */
export function ClocksCard({ settings, cadence, mayChange, onSave }: ClocksCardProps): ReactNode {
  const [isEditing, setEditing] = useState(false);
  const none = withoutClocks(settings);
  if (isEditing) {
    return (
      <section aria-labelledby="clocks-title">
        <h2 id="clocks-title" className="section-title">
          Clocks
        </h2>
        <div className="panel">
          <ClocksForm initial={settings.clocks} onSave={onSave} onDone={() => setEditing(false)} />
        </div>
      </section>
    );
  }
  const facts = CLOCKS.map(
    ({ name, title }) => [title, clockWords(name, settings.clocks, cadence)] as const,
  );
  return (
    <>
      <Facts title="Clocks" facts={none === null ? facts : []} empty={none ?? ""} />
      {mayChange && none === null && (
        <button type="button" className="button after-panel" onClick={() => setEditing(true)}>
          Change the clocks
        </button>
      )}
    </>
  );
}
