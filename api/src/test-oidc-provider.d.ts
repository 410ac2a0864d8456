/** The slice of the tests' identity provider that we call; it brings no types of its own. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
  }
  export = Provider;
}
