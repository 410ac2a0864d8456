import type { Cadence, ClockSettings, JobSettingsView } from "batchwatch/router";
import type { ReactNode } from "react";
import { EditableSection } from "../../components/EditableSection.tsx";
import { type Fact, FactList } from "../../components/Facts.tsx";
import type { AskedWith } from "../../components/use-asking.ts";
import { ClocksForm } from "./ClocksForm.tsx";
import { CLOCKS, clockWords, withoutClocks } from "./clock-words.ts";
import type { SaveResult } from "./save-result.ts";

export interface ClocksCardProps {
  readonly settings: JobSettingsView;
  readonly cadence: Cadence | null;
  readonly mayChange: boolean;
  onSave(clocks: ClockSettings, asked: AskedWith): Promise<SaveResult>;
}

/** The four clocks of the job, each with where its limit comes from. */
export function ClocksCard({ settings, cadence, mayChange, onSave }: ClocksCardProps): ReactNode {
  const none = withoutClocks(settings);
  const facts = CLOCKS.map(({ name, title }): Fact => [
    title,
    clockWords(name, settings.clocks, cadence),
  ]);
  return (
    <EditableSection
      title="Clocks"
      change={mayChange && none === null ? "Change the clocks" : null}
      renderForm={(done) => <ClocksForm initial={settings.clocks} onSave={onSave} onDone={done} />}
    >
      {none === null ? <FactList facts={facts} /> : <p className="empty">{none}</p>}
    </EditableSection>
  );
}
