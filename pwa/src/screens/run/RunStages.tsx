import type { StageView } from "batchwatch/router";
import type { ReactNode } from "react";
import { StageTrack } from "../../charts/StageTrack.tsx";
import { formatDuration, formatNumber, plainName } from "../../components/format.ts";
import { progressWords } from "../../components/ProgressBar.tsx";
import { StateMark } from "../../components/StateChip.tsx";
import { ClockTime, Elapsed } from "../../components/times.tsx";
import { useNow } from "../../live/tick-clock.ts";

/** The stages in order, each with its place on the run's time line. */
export function RunStages({ stages }: { readonly stages: readonly StageView[] }): ReactNode {
  const now = useNow(1_000);
  const starts = stages.flatMap((stage) =>
    stage.startedAt === null ? [] : [Date.parse(stage.startedAt)],
  );
  const ends = stages.map((stage) => (stage.endedAt === null ? now : Date.parse(stage.endedAt)));
  const from = Math.min(...starts);
  const to = Math.max(...ends, from + 1);
  return (
    <section aria-labelledby="stages-title">
      <h2 id="stages-title" className="section-title">
        Stages <span className="num">{stages.length}</span>
      </h2>
      {stages.length === 0 ? (
        <p className="empty">This run has reported no stages.</p>
      ) : (
        <ol className="panel stages">
          {stages.map((stage) => (
            <li key={stage.name} className={`stage s-${stage.state}`}>
              <span className="stage-name">{stage.name}</span>
              <StateMark state={stage.state} />
              <span className="stage-time num">
                {stage.durationMs === null
                  ? stage.startedAt !== null && <Elapsed since={stage.startedAt} />
                  : formatDuration(stage.durationMs)}
              </span>
              <StageTrack
                from={share(stage.startedAt, from, to, from)}
                to={share(stage.endedAt, from, to, now)}
              />
              <span className="stage-note secondary num">{stageNote(stage)}</span>
              {stage.startedAt !== null && (
                <span className="stage-since secondary">
                  <ClockTime at={stage.startedAt} />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function share(at: string | null, from: number, to: number, fallback: number): number {
  const moment = at === null ? fallback : Date.parse(at);
  return Math.min(1, Math.max(0, (moment - from) / (to - from)));
}

function stageNote(stage: StageView): string {
  const counters = Object.entries(stage.counters).map(
    ([name, n]) => `${formatNumber(n)} ${plainName(name)}`,
  );
  const progress = stage.endedAt === null ? progressWords(stage.progress) : "";
  return [progress, ...counters].filter((part) => part !== "").join(" · ");
}
