import type { ReactNode } from "react";
import { Link } from "wouter";
import { maySeeDeliveries, useMe } from "../../components/me.ts";

/** The way to the screens that are not under the thumb. */
export function MoreLinks(): ReactNode {
  const me = useMe();
  if (me.role === "display") return null;
  const links = [
    ["/more/on-call", "On call", "who is paged for which team, in which order"],
    ["/more/sources", "Sources", "where facts come from, and which of them page"],
    ...(maySeeDeliveries(me)
      ? [["/more/deliveries", "Deliveries", "messages, and those that did not arrive"]]
      : []),
  ];
  return (
    <ul className="list more-links">
      {links.map(([href, title, what]) => (
        <li key={href} className="list-item">
          <Link className="row item-row" href={href ?? "/"} data-row>
            <span className="item-name">{title}</span>
            <span className="item-note secondary">{what}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
