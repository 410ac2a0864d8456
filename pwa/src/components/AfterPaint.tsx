import { type ReactNode, useEffect, useState } from "react";

/** What need not be on the first picture, and must not keep it waiting, ms. */
const LATER_MS = 300;

export function AfterPaint({ children }: { readonly children: ReactNode }): ReactNode {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPainted(true), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isPainted ? children : null;
}
