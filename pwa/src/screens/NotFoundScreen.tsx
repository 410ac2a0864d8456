import type { ReactNode } from "react";
import { Link } from "wouter";
import { Notice } from "../components/Notice.tsx";

export function NotFoundScreen(): ReactNode {
  return (
    <Notice>
      <p>There is no such page.</p>
      <Link className="button" href="/">
        Go to Now
      </Link>
    </Notice>
  );
}
