import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Libraries that nothing needs before something is sent: they are loaded then, or once there is somebody to send to, and not at
 * every start. Together they cost 70 ms of processor time and 10 MiB.
 */
export function webPush(): typeof import("web-push") {
  return require("web-push") as typeof import("web-push");
}

export function filteringAgent(): typeof import("request-filtering-agent") {
  return require("request-filtering-agent") as typeof import("request-filtering-agent");
}
