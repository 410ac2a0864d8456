/**
 * Loaded into a page by tests: gives commands as a screen does. A module instance of its own, as a second tab would be.
 */
import { sendCommand } from "../src/offline/commands.ts";

Object.assign(globalThis, { sendCommand });
