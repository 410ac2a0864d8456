import type { FastifyInstance } from "fastify";
import { routeRule } from "../auth/route-policy.ts";

/** Fail closed: a route without a rule ends the start with its name. To be called before any route is registered. */
export function ruledRoutes(app: FastifyInstance): void {
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) {
      if (routeRule(one, url) !== null) continue;
      throw new Error(`${one} ${url} has no rule: give it one in api/src/auth/route-policy.ts.`);
    }
  });
}
