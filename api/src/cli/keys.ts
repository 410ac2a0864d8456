import { replaceKeys, whileLocked } from "../auth/key-file.ts";
import { rotateKeys } from "../auth/rotate-keys.ts";
import { openSecret } from "../auth/secret-file.ts";
import { SealError } from "../auth/seal.ts";
import { API_LIMITS } from "../options.ts";
import { CommandError, type Command } from "./command.ts";
import { withStores } from "./open-store.ts";

export const keysRotate: Command = {
  name: "keys rotate",
  sentence: "Makes a new key for the secrets in the store and seals all of them with it.",
  usage: "",
  details: [
    "The secret file (BATCHWATCH_SECRET_FILE, else secret.key in the data folder) keeps the older keys.",
    "A running server notices by itself; people's access tokens are made anew. Broken off, call it again.",
    "Make a copy of the file afterwards: without it nothing in the store can be opened.",
  ],
  options: {},
  positionals: 0,
  run(given) {
    return withStores(given.io.env, async ({ keys: store }, { settings, begins }) => {
      const { file } = await openSecret(settings);
      const rotation = await whileLocked(file, async () => {
        // Read behind the lock: another process may have just changed it.
        const { keys } = await openSecret(settings);
        if (keys.length >= API_LIMITS.keysKept) {
          throw new CommandError(
            `The secret file ${file} holds ${keys.length} keys, which is the most; take out some between the first and the last.`,
          );
        }
        await begins({ command: "keys rotate", subjectKind: "key", subjectId: null });
        const keep = (ring: typeof keys) => replaceKeys(file, ring);
        return rotateKeys({ keys, keep, store, now: Date.now }).catch((error: unknown) => {
          if (error instanceof SealError) throw new CommandError(error.message);
          throw error;
        });
      });
      const { keyId, resealed, resumed } = rotation;
      const what = resumed ? "The change that was broken off is complete" : "There is a new key";
      return {
        host: { command: "keys rotate", subjectKind: "key", subjectId: keyId },
        lines: [
          `${what}: ${keyId}; ${resealed} secrets were sealed anew.`,
          `The older keys stay in ${file}; make a copy of it. A running server has noticed.`,
        ],
        json: { keyId, resealed, resumed, file },
      };
    });
  },
};
