import type { RunView } from "batchwatch/router";
import type { ReactNode } from "react";
import { Facts } from "../../components/Facts.tsx";

export function RunParams({ params }: { readonly params: RunView["params"] }): ReactNode {
  const facts = Object.entries(params);
  return <Facts title="Parameters (masked)" facts={facts} empty="No parameters are shown." />;
}
