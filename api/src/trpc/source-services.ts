import {
  isoOf,
  LIMITS,
  MASK_KINDS,
  type MaskedDay,
  type MaskKind,
  type Source,
  type Stores,
} from "@batchwatch/engine";
import type { Ask } from "./approval-services.ts";
import type { SourceDetailView, SourceServices, SourceView } from "./incident-services.ts";

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
  readonly ask: Ask;
}

/** Where facts come from: what is known of each, and what may be changed on it. */
export function sourceServices({ readers, people, ask }: SourceParts): SourceServices {
  return {
    list: () => people.sources().map(sourceView),
    get: async (scope, sourceId) => {
      const source = people.sourceById(sourceId);
      if (source === null) return null;
      const [rejections, masked, exceptions] = await Promise.all([
        readers.sources.rejections(sourceId, LIMITS.rejectionsPerSource),
        readers.sources.maskedCounts(sourceId, MASKED_DAYS),
        readers.approvals.maskingExceptions(),
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
        masked: byKind(masked),
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

/** Days of counts that are summed up for a reader. */
const MASKED_DAYS = 30;

/** Sums over all days, kinds in one order; a kind of which nothing was found is left out. */
function byKind(days: readonly MaskedDay[]): SourceDetailView["masked"] {
  return MASK_KINDS.flatMap((kind) => {
    const own = days.filter((day) => day.kind === kind);
    const sum = (of: "hidden" | "kept") => own.reduce((total, day) => total + day[of], 0);
    return own.length === 0 ? [] : [{ kind, hidden: sum("hidden"), kept: sum("kept") }];
  });
}

export function sourceView(source: HeardSource): SourceView {
  const { sourceId, name, contract, environment, pagingMode, lastSeenAt } = source;
  return { sourceId, name, contract, environment, pagingMode, lastSeenAt: isoOf(lastSeenAt) };
}
