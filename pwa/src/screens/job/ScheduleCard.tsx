import type { Cadence, JobSettingsView, ScheduleProposal } from "batchwatch/router";
import type { ReactNode } from "react";
import { EditableSection } from "../../components/EditableSection.tsx";
import { type Fact, FactList } from "../../components/Facts.tsx";
import { deviceZone, formatMomentIn } from "../../components/format.ts";
import { ScheduleProposalNote } from "./ScheduleProposalNote.tsx";
import type { AskedWith } from "../../components/use-asking.ts";
import type { SaveResult } from "./save-result.ts";
import { type CalendarChoice, ScheduleForm, type ScheduleInput } from "./ScheduleForm.tsx";
import { CADENCE_WORDS, FREE_DAY_WORDS, SCHEDULE_ORIGIN_WORDS } from "./schedule-words.ts";
import { useCronWords } from "./use-cron-words.ts";

export interface ScheduleCardProps {
  readonly settings: JobSettingsView;
  /** Set, or learned from the job's past; null while too little is known. */
  readonly cadence: Cadence | null;
  /** ISO 8601; null when nothing is due. */
  readonly nextExpectedAt: string | null;
  readonly proposal: ScheduleProposal | null;
  readonly calendars: readonly CalendarChoice[];
  readonly mayChange: boolean;
  onSave(schedule: ScheduleInput | null, asked: AskedWith): Promise<SaveResult>;
}

/** When the job is due, who says so, and what its past suggests. */
export function ScheduleCard(props: ScheduleCardProps): ReactNode {
  const { settings, proposal, calendars, mayChange, onSave } = props;
  const { schedule } = settings;
  const words = useCronWords(schedule?.expression ?? "");
  const change = schedule === null ? "Set a schedule" : "Change the schedule";
  return (
    <EditableSection
      title="Schedule"
      change={mayChange ? change : null}
      renderForm={(done) => (
        <ScheduleForm
          initial={schedule ?? proposedInput(proposal)}
          calendars={calendars}
          onSave={onSave}
          onDone={done}
        />
      )}
    >
      <FactList facts={scheduleFacts(props, words)} />
      {proposal !== null && schedule === null && (
        <ScheduleProposalNote
          proposal={proposal}
          mayChange={mayChange}
          onUse={(asked) => onSave(proposedInput(proposal), asked)}
        />
      )}
    </EditableSection>
  );
}

function scheduleFacts(
  { settings, cadence, nextExpectedAt, calendars }: ScheduleCardProps,
  words: string,
): readonly Fact[] {
  const { schedule } = settings;
  const zone = schedule?.zone ?? deviceZone();
  const facts: Fact[] = [];
  if (schedule === null) {
    facts.push(["Due", "no schedule: nothing is due, so nothing can be late"]);
  } else {
    facts.push(["Due", words], ["Expression", `${schedule.expression} in ${schedule.zone}`]);
    facts.push(["Origin", SCHEDULE_ORIGIN_WORDS[schedule.origin]]);
  }
  if (nextExpectedAt !== null) {
    facts.push(["Next start", formatMomentIn(Date.parse(nextExpectedAt), zone)]);
    if (zone !== deviceZone()) {
      facts.push(["Next start here", formatMomentIn(Date.parse(nextExpectedAt), deviceZone())]);
    }
  }
  if (schedule !== null && schedule.calendarId !== null) {
    const known = calendars.find((each) => each.calendarId === schedule.calendarId);
    facts.push(["Calendar", known?.name ?? schedule.calendarId]);
    facts.push(["On free days", FREE_DAY_WORDS[schedule.freeDayRule]]);
  }
  const origin = settings.cadence === null ? "learned" : "set by a person";
  facts.push([
    "How often",
    cadence === null ? "not known yet" : `${CADENCE_WORDS[cadence]} (${origin})`,
  ]);
  return facts;
}

function proposedInput(proposal: ScheduleProposal | null): ScheduleInput {
  const { expression, zone } = proposal ?? { expression: "", zone: deviceZone() };
  return { expression, zone, calendarId: null, freeDayRule: "RUN" };
}
