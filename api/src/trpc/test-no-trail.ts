import type { TrailServices } from "./trail-services.ts";

/** For tests that ask nothing of what is recorded. */
export const NO_TRAIL: TrailServices = {
  viewed: async () => {},
  sourceViewed: async () => {},
  incidentViewed: () => {},
  refused: () => {},
};
