// node .ci/supply.mjs: says in one line what is known of the packages' weaknesses, and keeps a bill of materials in dist/sbom.cdx.json.
// Ends with 1 for a critical weakness of a package that runs in production, and where the bill cannot be made; not for a registry that does
// not answer, which has told neither good nor bad.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SBOM = "dist/sbom.cdx.json";
/** What npm marks a package of development with. */
const DEVELOPMENT = "cdx:npm:package:development";
/** Time for the registry, ms. */
const AUDIT_MS = 20_000;
/** Most that npm prints of either, bytes. */
const OUTPUT_BYTES = 64 * 1024 * 1024;

/** What npm prints, whatever it ends with. */
function npm(args, { env = {}, timeoutMs = 60_000 } = {}) {
  const options = {
    cwd: ROOT,
    env: { ...process.env, ...env },
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    maxBuffer: OUTPUT_BYTES,
  };
  return new Promise((resolve) => {
    execFile("npm", args, options, (_error, out) => resolve(out));
  });
}

/**
 * The line for what `npm audit --json` printed, and the packages of production with a critical weakness. What is not a whole report is none:
 * a registry, a proxy or npm itself may say anything instead.
 */
export function auditOf(printed, lock) {
  let report;
  try {
    report = JSON.parse(printed);
  } catch {
    return { line: "audit: unavailable", critical: [] };
  }
  const counts = report?.metadata?.vulnerabilities;
  const found = report?.vulnerabilities;
  if (!Number.isInteger(counts?.critical) || !Number.isInteger(counts?.high) || !found) {
    return { line: "audit: unavailable", critical: [] };
  }
  const inProduction = (path) => lock.packages[path]?.dev !== true;
  const critical = Object.values(found)
    .filter(({ severity, nodes }) => severity === "critical" && nodes.some(inProduction))
    .map(({ name }) => name)
    .sort();
  return { line: `audit: ${counts.critical} critical, ${counts.high} high`, critical };
}

/** @param settings `env` for npm, and the time it has, ms */
export async function audit({ env, timeoutMs = AUDIT_MS } = {}) {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  // Off the network npm would call everything sound.
  const args = ["audit", "--json", "--audit-level=critical", "--offline=false"];
  return auditOf(await npm(args, { env, timeoutMs }), lock);
}

/**
 * What runs in production, as CycloneDX, from the lock file alone; fails when npm does not make one. Its `--omit=dev` is not used: it leaves out
 * whatever something of development needs as well, as `ws` and `react`.
 */
export async function sbom({ env } = {}) {
  const args = ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--omit="];
  const bill = JSON.parse(await npm(args, { env }));
  const components = bill.components.filter(
    ({ properties = [] }) => !properties.some(({ name }) => name === DEVELOPMENT),
  );
  const kept = new Set([bill.metadata.component, ...components].map((one) => one["bom-ref"]));
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return { ...bill, components, dependencies };
}

async function main() {
  const [{ line, critical }, bill] = await Promise.all([audit(), sbom()]);
  mkdirSync(dirname(join(ROOT, SBOM)), { recursive: true });
  writeFileSync(join(ROOT, SBOM), `${JSON.stringify(bill, null, 2)}\n`);
  console.log(line);
  console.log(`sbom: ${bill.components.length} components in ${SBOM}`);
  for (const name of critical) console.log(`${name}: a critical weakness in production`);
  process.exitCode = critical.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
