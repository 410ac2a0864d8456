import { admit, type Admitted, type AdmitRequest } from "@batchwatch/engine";

import { sealPrototypes } from "../sealed-prototypes.ts";

/** Owns nothing: parses, validates, masks and groups one large body. Hostile bytes never meet owned state. */
export default function door(request: AdmitRequest): Admitted {
  sealPrototypes();
  return admit(request);
}
