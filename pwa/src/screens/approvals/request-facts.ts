import type { ChangeRequestView } from "batchwatch/router";
import { CHANGE_MODE_WORDS, isStanding } from "../../components/change-words.ts";
import type { Fact } from "../../components/Facts.tsx";
import { formatDuration, formatMoment } from "../../components/format.ts";

const moment = (at: string): string => formatMoment(Date.parse(at));

/** Who, when, until when and how, as names and values. @param now epoch milliseconds */
export function requestFacts(request: ChangeRequestView, now: number): readonly Fact[] {
  const { state, mode, approvers, decidedBy, decidedAt, revertsAt } = request;
  const facts: Fact[] = [
    ["Asked by", request.requestedBy],
    ["Asked", moment(request.requestedAt)],
    ["How", CHANGE_MODE_WORDS[mode]],
  ];
  if (state === "WAITING") {
    const leftMs = Date.parse(request.expiresAt) - now;
    facts.push(["Expires", `${moment(request.expiresAt)}, in ${formatDuration(leftMs)}`]);
  }
  if (isStanding(request) && revertsAt !== null) facts.push(["Is taken back", moment(revertsAt)]);
  if (state === "WAITING" || isStanding(request)) {
    facts.push(["Could approve", approvers.length === 0 ? "nobody yet" : approvers.join(", ")]);
  }
  if (decidedBy !== null) facts.push(["Decided by", decidedBy]);
  if (decidedAt !== null) facts.push(["Decided", moment(decidedAt)]);
  return facts;
}
