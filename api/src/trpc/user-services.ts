import { isoOf, type PrivacyStore, StoreError, type User, type UserView } from "@batchwatch/engine";
import type { UserServices } from "./trust-services.ts";

/** People by name, in pages. There are as many as a bank's operations have: the list is cut here, not in the store. */
export function userServices(privacy: Pick<PrivacyStore, "users">): UserServices {
  return {
    list: async (limit, cursor, text) => {
      const all = [...(await privacy.users())].sort(byName);
      const from = cursor === null ? 0 : placeBehind(all, cursor);
      const wanted = text?.trim().toLowerCase() ?? "";
      const found = all.slice(from).filter(({ name }) => name.toLowerCase().includes(wanted));
      const shown = found.slice(0, limit);
      return {
        items: shown.map(({ userId, name, role, teamIds, lastSignInAt }): UserView => ({
          userId,
          name,
          role,
          teamIds,
          lastSignInAt: isoOf(lastSignInAt),
        })),
        nextCursor: found.length > limit ? (shown.at(-1)?.userId ?? null) : null,
      };
    },
  };
}

function byName(a: User, b: User): number {
  const [one, other] = a.name === b.name ? [a.userId, b.userId] : [a.name, b.name];
  return one < other ? -1 : 1;
}

/** A cursor is the id of the last one shown: a name may be longer than a cursor. */
function placeBehind(all: readonly User[], cursor: string): number {
  const index = all.findIndex(({ userId }) => userId === cursor);
  if (index >= 0) return index + 1;
  throw new StoreError(
    "invalid_cursor",
    "cursor: the person that the list went up to is gone; begin it anew.",
  );
}
