import { formerName, type Stores } from "@batchwatch/engine";
import type { MeServices } from "./trust-services.ts";

export interface PrivacyParts {
  readonly stores: Pick<Stores, "privacy">;
  /** Whoever is gone is let in no more from now on. */
  readonly changed: () => Promise<void>;
  readonly now: () => number;
}

/** Typed to make sure; the message begins with the field. */
class WrongNameError extends Error {
  readonly code = "wrong_name";
  constructor() {
    super("name: this is not your name as it is kept; type it as it stands above.");
    this.name = "WrongNameError";
  }
}

/** What is kept of oneself, to take along or to have erased (GDPR articles 15, 17, 20). */
export function makePrivacyServices(parts: PrivacyParts): Pick<MeServices, "export" | "erase"> {
  const { stores, changed, now } = parts;
  return {
    async export({ userId }) {
      const at = new Date(now()).toISOString();
      const kept = await stores.privacy.export(userId, now());
      const text = `${JSON.stringify({ madeAt: at, ...kept }, null, 2)}\n`;
      return { fileName: `batchwatch-my-data-${at.slice(0, 10)}.json`, text };
    },
    async erase(user, name, commandId) {
      if (name !== user.name) throw new WrongNameError();
      const by = { userId: user.userId, name: user.name, commandId };
      await stores.privacy.erase(user.userId, formerName(user.userId), by, now());
      await changed();
    },
  };
}
