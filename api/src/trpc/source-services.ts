import {
  type HeldBack,
  isoOf,
  LIMITS,
  type MaskKind,
  type Source,
  type Stores,
} from "@batchwatch/engine";
import { API_LIMITS } from "../options.ts";
import { maySeeSource } from "../auth/policy.ts";
import type { Ask } from "./approval-services.ts";
import type { SourceServices, SourceView } from "./incident-services.ts";

type HeardSource = Source & { readonly lastSeenAt: number | null };

export interface SourceParts {
  readonly readers: {
    readonly sources: Pick<Stores["sources"], "rejections" | "maskedCounts">;
    readonly approvals: Pick<Stores["approvals"], "maskingExceptions">;
  };
  readonly people: {
    sources(): readonly HeardSource[];
    sourceById(sourceId: string): HeardSource | null;
  };
  /** What "start paging" would tell of at once. */
  readonly heldBack: (sourceId: string) => HeldBack;
  readonly ask: Ask;
}

/** Where facts come from: what is known of each, and what may be changed on it. */
export function sourceServices({ readers, people, heldBack, ask }: SourceParts): SourceServices {
  const sourceView = (source: HeardSource): SourceView => {
    const { sourceId, name, contract, environment, pagingMode, lastSeenAt } = source;
    return {
      sourceId,
      name,
      contract,
      environment,
      pagingMode,
      lastSeenAt: isoOf(lastSeenAt),
      heldBack: heldBack(sourceId),
    };
  };
  return {
    list: (scope) =>
      people
        .sources()
        .filter((source) => maySeeSource(scope, source))
        .map(sourceView),
    get: async (scope, sourceId) => {
      const source = people.sourceById(sourceId);
      if (source === null || !maySeeSource(scope, source)) return null;
      const [rejections, exceptions, masked] = await Promise.all([
        readers.sources.rejections(sourceId, LIMITS.rejectionsPerSource),
        readers.approvals.maskingExceptions(),
        readers.sources.maskedCounts(sourceId, API_LIMITS.maskedDaysShown),
      ]);
      return {
        ...sourceView(source),
        zone: source.zone,
        newDayTime: source.newDayTime,
        businessDateParams: source.businessDateParams,
        teamId: source.teamId,
        recoveryRecipe: source.recoveryRecipe,
        createdAt: new Date(source.createdAt).toISOString(),
        rejected: rejections.map(({ receivedAt, contract, code, message, excerpt }) => ({
          at: new Date(receivedAt).toISOString(),
          contract,
          code,
          message,
          excerpt: scope.payload ? excerpt : null,
        })),
        masked: masked.map(({ day, kind, hidden, kept }) => ({ day, kind, hidden, kept })),
        maskingExceptions: exceptions
          .filter((one) => one.sourceId === sourceId)
          .map(({ field, kinds }) => ({ field, kinds: kinds as readonly MaskKind[] })),
      };
    },
    setPaging: async (user, sourceId, pagingMode, asking) => {
      const change = { kind: "source-paging", payload: { sourceId, pagingMode } } as const;
      const { outcome } = await ask(user, change, asking);
      const source = people.sourceById(sourceId);
      return source === null ? null : { ...sourceView(source), ...outcome };
    },
  };
}
