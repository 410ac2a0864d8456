import { vi } from "vitest";

/** Before each file of tests: files share a process, but what our modules remember is each file's own. */
vi.resetModules();
