import { pino } from "pino";

/** The slice of pino that we call. */
export type Logger = Pick<ReturnType<typeof makeLogger>, "info" | "warn" | "error" | "fatal">;

/** JSON lines on standard error: a job's text stays data and cannot forge a line. */
export function makeLogger() {
  return pino(
    { level: "info", base: { pid: process.pid } },
    pino.destination({ dest: 2, sync: true }),
  );
}
