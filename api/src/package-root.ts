import { fileURLToPath } from "node:url";

/** Where the package lies: this file is one folder below it in `src`, `dist` and, as a part of another file, in `bundle`. */
export const PACKAGE_ROOT = new URL("../", import.meta.url);

/** The built page. */
export const PAGES_ROOT = fileURLToPath(new URL("../pwa/dist", PACKAGE_ROOT));
