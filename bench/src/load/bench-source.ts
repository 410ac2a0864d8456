import type { Source } from "@batchwatch/engine";

/** The source that every in-process load comes from. */
export const BENCH_SOURCE: Source = {
  sourceId: "bench",
  name: "bench",
  contract: "native",
  environment: "PROD",
  zone: "UTC",
  newDayTime: "00:00",
  businessDateParams: ["businessDate"],
  pagingMode: "WATCHING",
  recoveryRecipe: null,
  teamId: null,
  createdAt: 0,
};
