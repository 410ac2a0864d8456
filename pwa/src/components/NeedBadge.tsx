import { type ReactNode, useEffect } from "react";
import { needsMe } from "../live/incident-lists.ts";
import { useBoardLists } from "../live/use-board-lists.ts";
import { useMe } from "./me.ts";

/** The number on the app's icon while somebody is signed in: how many incidents need them. Nothing where the device has no such thing, or nothing is known. */
export function NeedBadge(): ReactNode {
  const { userId } = useMe();
  const lists = useBoardLists();
  // As the server counts for the icon with each push: incidents, without runs that none speaks for.
  const count = lists?.incidents.filter((one) => needsMe(one, userId)).length ?? null;
  useEffect(() => {
    if (count !== null) mark(count);
  }, [count]);
  // Whoever has left is needed by nothing here.
  useEffect(() => () => mark(0), []);
  return null;
}

function mark(count: number): void {
  if (!("setAppBadge" in navigator)) return;
  const done = count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count);
  // Refused where the app is not installed: then there is no icon to mark.
  done.catch(() => {});
}
