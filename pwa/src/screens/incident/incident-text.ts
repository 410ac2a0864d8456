import type { IncidentView } from "batchwatch/router";
import { evidenceSentence } from "../../components/evidence-words.ts";
import { formatMoment } from "../../components/format.ts";
import { causeSentence, incidentFacts, incidentMark } from "../../components/incident-words.ts";

/** What is known and what to do, as plain text for a ticket or a message. @param address of this page */
export function incidentText(incident: IncidentView, address: string, now: number): string {
  const { jobName, since, evidence, firstStep, runbookUrl } = incident;
  const waiting = [...incident.waiting, ...incident.foreignWaiting];
  const run = { startedAt: null, endedAt: null, durationMs: null };
  const lines = [
    `${incidentMark(incident).word} ${jobName}, since ${formatMoment(Date.parse(since))}`,
    incidentFacts(incident),
    causeSentence(incident, now),
    ...evidence.map((each) => evidenceSentence(each, run, now)),
    waiting.length === 0 ? "" : `Waiting for it: ${waiting.map(({ name }) => name).join(", ")}`,
    firstStep === null ? "" : `First step: ${firstStep}`,
    runbookUrl === null ? "" : `Runbook: ${runbookUrl}`,
    address,
  ];
  return [...new Set(lines.filter((line) => line !== ""))].join("\n");
}
