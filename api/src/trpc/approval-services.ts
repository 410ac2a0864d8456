import {
  type ApprovalStore,
  type ChangeAuthor,
  type ChangeOutcomeView,
  type ChangeRequest,
  type ChangeRequestView,
  checkedProposal,
  inScope,
  type JobSettings,
  judgeSetup,
  maskText,
  type ProposedChange,
  scopeOf,
  StoreError,
  type User,
} from "@batchwatch/engine";
import { hashSecret, newSignInCode, newSourceKey, signInLink } from "../auth/secrets.ts";
import { API_LIMITS } from "../options.ts";
import { hasSecret, type KnownUsers, requestView } from "./approval-views.ts";
import type { ApprovalServices, Asking } from "./trust-services.ts";

export interface ApprovalParts {
  readonly approvals: ApprovalStore;
  readonly people: KnownUsers;
  readonly publicUrl: () => string;
  /** Lets this process know of a change at once; others notice it by themselves. */
  readonly changed: () => Promise<void>;
  /** Tells those who could approve. It must not fail. */
  readonly announce: (request: ChangeRequest) => void;
  readonly now: () => number;
}

/** What became of what a person asked for. `settings`: the job's after it, where it is a job's. */
export interface Asked {
  readonly outcome: ChangeOutcomeView;
  readonly settings: JobSettings | null;
  readonly secret: string | null;
}

/** The only way on which a person changes a protected thing through the API (EYES-15). */
export type Ask = (
  user: User,
  change: ProposedChange,
  asking: Asking,
  takesBack?: string,
) => Promise<Asked>;

export function makeApprovalServices(parts: ApprovalParts): {
  readonly services: ApprovalServices;
  readonly ask: Ask;
} {
  const { approvals, people, changed, announce, now } = parts;
  const viewed = (request: ChangeRequest, user: User): ChangeRequestView =>
    requestView(request, user, people, now());
  const decided = async (
    user: User,
    requestId: string,
    commandId: string,
    decide: (by: ChangeAuthor) => Promise<ChangeRequest>,
  ): Promise<ChangeRequestView> => {
    // Another team's request is not there: who may not see it learns nothing of it by deciding.
    if ((await seen(user, requestId)) === null) throw noRequest(requestId);
    const request = await decide({ ...authorOf(user), commandId });
    await changed();
    return viewed(request, user);
  };

  const ask: Ask = async (user, change, asking, takesBack) => {
    const checked = checkedProposal(change);
    const by = { ...authorOf(user), commandId: asking.commandId };
    const how = {
      reason: plain(asking.reason),
      mode: asking.breakGlass ? "break-glass" : "two-people",
      takesBack: takesBack ?? null,
      asked: asking.asked,
    } as const;
    const { request, settings } = await approvals.propose(checked, by, how, now());
    if (request === null) {
      return { outcome: { outcome: "applied", request: null }, settings, secret: null };
    }
    const waits = request.state === "WAITING";
    const secret = hasSecret(request) ? await secretOf(request, user) : null;
    if (!waits) await changed();
    announce(request);
    return {
      outcome: { outcome: waits ? "waiting" : "applied", request: viewed(request, user) },
      settings,
      secret,
    };
  };

  /** Null: a repeat of the command, whose first answer had it, or came before it was taken back. */
  async function secretOf(request: ChangeRequest, user: User): Promise<string | null> {
    const current = await approvals.get(request.requestId);
    if (current === null || !hasSecret(current)) return null;
    try {
      return await fetchSecret(current, user);
    } catch (error) {
      // What was asked for is done; its link is the host's to make.
      if (codeOf(error) === "same_hands") return null;
      throw error;
    }
  }

  async function fetchSecret({ kind, requestId }: ChangeRequest, user: User): Promise<string> {
    const secret = kind === "source-add" ? newSourceKey() : newSignInCode();
    const at = now();
    const expiresAt = at + API_LIMITS.signInCodeMs;
    await approvals.collect(requestId, hashSecret(secret), expiresAt, authorOf(user), at);
    return kind === "source-add" ? secret : signInLink(parts.publicUrl(), secret);
  }

  /** A request that the person may see; null: there is none. */
  async function seen(user: User, requestId: string): Promise<ChangeRequest | null> {
    const request = await approvals.get(requestId);
    if (request === null) return null;
    const scope = scopeOf(user);
    if (scope.teamIds === "all" || request.requestedBy === user.userId) return request;
    return request.teamId !== null && inScope(scope, request.teamId) ? request : null;
  }

  async function propose(
    ...[user, change, asking, takesBack]: Parameters<Ask>
  ): ReturnType<ApprovalServices["propose"]> {
    const { outcome, secret } = await ask(user, change, asking, takesBack);
    const { request } = outcome;
    if (request === null) {
      throw new StoreError("nothing_changes", "It is so already: nothing was asked for.");
    }
    return { outcome: outcome.outcome, request, secret };
  }

  return {
    ask,
    services: {
      propose: (user, change, asking) => propose(user, change, asking),
      list: async (user, states, limit, cursor) => {
        const page = await approvals.list(scopeOf(user), { states }, limit, cursor);
        return { ...page, items: page.items.map((request) => viewed(request, user)) };
      },
      get: async (user, requestId) => {
        const request = await seen(user, requestId);
        return request === null ? null : viewed(request, user);
      },
      approve: (user, requestId, hash, note, commandId) =>
        decided(user, requestId, commandId, (by) =>
          approvals.approve(requestId, hash, note === null ? null : plain(note), by, now()),
        ),
      reject: (user, requestId, note, commandId) =>
        decided(user, requestId, commandId, (by) =>
          approvals.reject(requestId, plain(note), by, now()),
        ),
      withdraw: (user, requestId, commandId) =>
        decided(user, requestId, commandId, (by) => approvals.withdraw(requestId, by, now())),
      revert: async (user, requestId, asking) => {
        if ((await seen(user, requestId)) === null) throw noRequest(requestId);
        return propose(user, await approvals.inverse(requestId), asking, requestId);
      },
      collect: async (user, requestId) => {
        const request = await approvals.get(requestId);
        if (request === null) throw noRequest(requestId);
        const secret = await fetchSecret(request, user);
        await changed();
        return { secret };
      },
      state: async () => {
        const [facts, counts] = await Promise.all([approvals.setup(), approvals.counts()]);
        const setup = judgeSetup(facts, now());
        return {
          setupUntil: setup.on ? new Date(setup.until).toISOString() : null,
          waiting: counts.waiting,
          breakGlass: counts.breakGlass,
        };
      },
    },
  };
}

function authorOf({ userId, name }: User): ChangeAuthor {
  return { userId, name };
}

/** Errors from another thread keep their code, not their class. */
function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}

/** People write into a reason what they have before them. */
function plain(text: string): string {
  return maskText(text.trim()).text;
}

function noRequest(requestId: string): StoreError {
  return new StoreError("not_found", `requestId: there is no change request "${requestId}".`);
}
