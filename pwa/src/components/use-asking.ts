import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { approvalStateQuery } from "../trust-queries.ts";
import { mayBreakGlass, useMe } from "./me.ts";

/** How a change is asked for. */
export interface AskedWith {
  readonly reason: string;
  /** At once, without a second person, for a short while. */
  readonly breakGlass: boolean;
}

export interface Asking extends AskedWith {
  /** One person may approve alone for now; until then, ISO 8601. Null: two people. Undefined: not known yet. */
  readonly setupUntil: string | null | undefined;
  readonly mayBreakGlass: boolean;
  /** What the button says. */
  readonly verb: string;
  /** What is missing, in words; null when nothing is. */
  readonly problem: string | null;
  setReason(reason: string): void;
  setBreakGlass(breakGlass: boolean): void;
  /** Whether it can be asked for; what is missing is said. */
  check(): boolean;
}

/** The reason that a second person reads, and whether to wait for one. */
export function useAsking(): Asking {
  const me = useMe();
  const state = useQuery(approvalStateQuery());
  const [reason, setReason] = useState("");
  const [breakGlass, setBreakGlass] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const setupUntil = state.data?.setupUntil;
  const isSetup = typeof setupUntil === "string";
  return {
    reason: reason.trim(),
    breakGlass: breakGlass && !isSetup,
    setupUntil,
    mayBreakGlass: mayBreakGlass(me) && !isSetup,
    verb: isSetup ? "Save" : breakGlass ? "Apply now" : "Ask for approval",
    problem: isMissing && reason.trim() === "" ? "Say why in a few words." : null,
    setReason,
    setBreakGlass,
    check: () => {
      const isEmpty = !isSetup && reason.trim() === "";
      setMissing(isEmpty);
      return !isEmpty;
    },
  };
}
