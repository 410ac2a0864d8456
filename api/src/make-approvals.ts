import { areApproversOne, type HeldBack, type Stores } from "@batchwatch/engine";
import type { Directory } from "./auth/directory.ts";
import type { HealthFacts } from "./http/health-facts.ts";
import type { Logger } from "./logger.ts";
import { approvalNotices } from "./notify/approval-notices.ts";
import type { ReceiverDirectory } from "./notify/receiver-directory.ts";
import { makeApprovalServices } from "./trpc/approval-services.ts";
import { approversOf } from "./trpc/approval-views.ts";
import { ApprovalWatch } from "./trpc/approval-watch.ts";
import { makeChangeServices } from "./trpc/make-change-services.ts";
import type { ApprovedServices } from "./trpc/make-services.ts";
import { servedStores } from "./trpc/served-stores.ts";
import { sourceServices } from "./trpc/source-services.ts";
import { userServices } from "./trpc/user-services.ts";

export interface ApprovalSetup {
  readonly stores: Stores;
  readonly readers: Stores;
  readonly directory: Directory;
  readonly receivers: ReceiverDirectory;
  readonly heldBack: (sourceId: string) => HeldBack;
  readonly publicUrl: () => string;
  /** Lets this process know of a change at once; others notice it by themselves. */
  readonly changed: () => Promise<void>;
  readonly logger: Logger;
  readonly now: () => number;
}

export interface Approvals {
  readonly services: ApprovedServices;
  readonly facts: () => HealthFacts["approvals"];
  /** Ends what is over before anything is served, then keeps time. */
  start(): Promise<void>;
  /** Ends what is over now, as it does at intervals. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires what needs two people: asking, deciding, keeping time, telling. */
export function makeApprovals(setup: ApprovalSetup): Approvals {
  const { readers, directory, receivers, publicUrl, changed, logger, now } = setup;
  const stores = servedStores(setup.stores);
  const watch = new ApprovalWatch({
    approvals: stores.approvals,
    outbox: stores.outbox,
    noticesOf: (request) => {
      if (!receivers.alertsOn) return [];
      const asker = directory.userById(request.requestedBy)?.name ?? "A former user";
      return approvalNotices(request, asker, {
        approvers: approversOf(request, directory),
        devicesOf: (userId) => receivers.devicesOf(userId),
        zoneOf: (subscriptionId) => receivers.zoneOf(subscriptionId),
        webhooks: receivers.platformPolicy.webhooks,
      });
    },
    changed,
    now,
    onError: (error, what) => logger.warn({ err: error }, what),
  });
  const { services, ask } = makeApprovalServices({
    approvals: stores.approvals,
    people: directory,
    publicUrl,
    changed,
    announce: (request) => watch.announce(request),
    now,
  });
  return {
    services: {
      approvals: services,
      changing: makeChangeServices({ stores, ask, now }),
      sources: sourceServices({ readers, people: directory, heldBack: setup.heldBack, ask }),
      users: userServices(stores.privacy),
    },
    facts: () => ({ ...watch.counts, approversAreOne: areApproversOne(directory.users()) }),
    async start() {
      await watch.start();
      if (!areApproversOne(directory.users())) return;
      logger.warn(
        {},
        "all who may approve changes could be one person: make one of them a new link (batchwatch user link)",
      );
    },
    look: () => watch.look(),
    stop: () => watch.stop(),
  };
}
