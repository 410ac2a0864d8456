import { type ReactNode, useEffect } from "react";
import { useBoardLists } from "../live/use-board-lists.ts";
import { attentionOf } from "./attention.ts";
import { useMe } from "./me.ts";

/** The number on the app's icon: how many need me. Nothing where the device has no such thing, or nothing is known. */
export function NeedBadge(): ReactNode {
  const { userId } = useMe();
  const lists = useBoardLists();
  const count = lists === null ? null : attentionOf(lists, userId).me;
  useEffect(() => {
    if (count === null || !("setAppBadge" in navigator)) return;
    const done = count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count);
    // Refused where the app is not installed: then there is no icon to mark.
    done.catch(() => {});
  }, [count]);
  return null;
}
