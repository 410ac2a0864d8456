import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { build, type Plugin, type ResolvedConfig, type Rolldown } from "vite";

/** Lazy chunks up to this size are wanted without a network, too; larger ones are charts and the like, bytes. */
const SMALL_CHUNK = 20_000;

/**
 * Builds `src/sw.ts` into one classic script, `/sw.js`, with the list of the shell's files in it: the page, the entry
 * with all that it loads at once, its styles, small lazy chunks, and what pages show of `public`.
 */
export function serviceWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: "batchwatch:service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    async writeBundle(_options, bundle) {
      await buildWorker(config, [...shellOf(bundle), ...publicFiles(config.publicDir)]);
    },
  };
}

async function buildWorker(config: ResolvedConfig, shell: readonly string[]): Promise<void> {
  await build({
    configFile: false,
    root: config.root,
    publicDir: false,
    logLevel: "warn",
    mode: config.mode,
    define: { __SHELL__: JSON.stringify(shell) },
    build: {
      target: "es2022",
      outDir: config.build.outDir,
      emptyOutDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: resolve(config.root, "src/sw.ts"),
        output: { format: "iife", entryFileNames: "sw.js", codeSplitting: false },
      },
    },
  });
}

/** Hashed files as they are; `index.html` with its digest behind a question mark. */
function shellOf(bundle: Rolldown.OutputBundle): readonly string[] {
  const outputs = Object.values(bundle);
  const late = new Set(
    outputs.flatMap((one) => (one.type === "chunk" && !isInShell(one) ? stylesOf(one) : [])),
  );
  return outputs.flatMap((one): readonly string[] => {
    if (one.type === "chunk") return isInShell(one) ? [`/${one.fileName}`] : [];
    if (one.fileName.endsWith(".map") || late.has(one.fileName)) return [];
    return [`/${one.fileName}${one.fileName.endsWith(".html") ? `?${digest(one.source)}` : ""}`];
  });
}

function isInShell(chunk: Rolldown.OutputChunk): boolean {
  return !chunk.isDynamicEntry || chunk.code.length <= SMALL_CHUNK;
}

function stylesOf(chunk: Rolldown.OutputChunk): readonly string[] {
  return [...(chunk.viteMetadata?.importedCss ?? [])];
}

/** Fetched by the system when the app is installed, and by no page. */
const SYSTEM_ICONS = /(maskable|monochrome|apple-touch|icon-512)/;

function publicFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !SYSTEM_ICONS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `/${relative(folder, path).split(sep).join("/")}?${digest(readFileSync(path))}`);
}

function digest(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}
