import type { ReactNode } from "react";

const PATHS = {
  now: "M3 12h4l3-8 4 16 3-8h4",
  incidents: "M12 4 2.5 20h19zM12 10v4M12 17h.01",
  jobs: "M4 6h16M4 12h16M4 18h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
} as const;
export type NavIconName = keyof typeof PATHS;

export function NavIcon({ name }: { readonly name: NavIconName }): ReactNode {
  return (
    <svg
      className={`nav-icon nav-${name}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
