import { inScope, type OncallView, type Scope, type Stores, type User } from "@batchwatch/engine";
import { canAnswerFor, mayCall } from "../auth/policy.ts";
import type { ReceiverDirectory } from "../notify/receiver-directory.ts";
import type { OncallServices } from "./incident-services.ts";

export interface OncallParts {
  readonly stores: { readonly receivers: Pick<Stores["receivers"], "setOncall"> };
  readonly receivers: Pick<ReceiverDirectory, "hasList" | "peopleOf" | "workingDevices">;
  readonly people: { users(): readonly User[] };
  readonly teams: () => Promise<readonly { readonly teamId: string; readonly name: string }[]>;
  /** Who can be told changed: everything that remembers it looks again. */
  readonly changed: () => Promise<void>;
  readonly now: () => number;
}

/** Who is paged for each team, and who else could be. */
export function oncallServices(parts: OncallParts): OncallServices {
  const { stores, receivers, people, teams, changed, now } = parts;
  const view = async (scope: Scope): Promise<OncallView[]> =>
    (await teams())
      .filter(({ teamId }) => inScope(scope, teamId))
      .map(({ teamId, name }) => {
        const listed = receivers.peopleOf(teamId);
        const isListed = new Set(listed.map(({ person }) => person.userId));
        return {
          teamId,
          teamName: name,
          origin: receivers.hasList(teamId) ? "SET" : "DEFAULT",
          people: listed.map(({ person: { userId, name: personName } }) => ({
            userId,
            name: personName,
            devices: receivers.workingDevices(userId),
          })),
          candidates: people
            .users()
            .filter((user) => !isListed.has(user.userId) && canAnswerFor(user, teamId))
            .map((user) => ({
              userId: user.userId,
              name: user.name,
              devices: receivers.workingDevices(user.userId),
            })),
        };
      });
  return {
    now: view,
    setList: async (user, teamId, userIds) => {
      const known = people.users().filter(({ userId }) => userIds.includes(userId));
      const unfit = known.find((one) => !canAnswerFor(one, teamId));
      if (unfit !== undefined) {
        // Who does not list users is not told whose id it was.
        const who = mayCall(user.role, "users.list") ? unfit.name : "somebody in it";
        const words = `userIds: ${who} cannot see or acknowledge the incidents of ${teamId}.`;
        throw Object.assign(new Error(words), { code: "cannot_answer" });
      }
      await stores.receivers.setOncall(teamId, userIds, user, now());
      await changed();
      return view({ teamIds: [teamId], payload: true });
    },
  };
}
