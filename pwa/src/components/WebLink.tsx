import type { ReactNode } from "react";

export interface WebLinkProps {
  /** As somebody wrote it. */
  readonly address: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A link that others wrote: to a page of the web, in a tab of its own. Any other address is shown, and leads nowhere. */
export function WebLink({ address, className, children }: WebLinkProps): ReactNode {
  const isWeb = /^https?:\/\//i.test(address) && URL.canParse(address);
  if (!isWeb) return <span className="secondary">{address}</span>;
  return (
    <a className={className} href={address} rel="noreferrer" target="_blank">
      {children}
    </a>
  );
}
