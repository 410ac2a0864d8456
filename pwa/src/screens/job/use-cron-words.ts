import { useEffect, useState } from "react";

/** `At 02:00, Monday through Friday`; the expression itself where it cannot be read. The library is loaded when first needed. */
export async function cronWords(expression: string): Promise<string> {
  try {
    const { toString } = await import("cronstrue");
    return toString(expression, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
  } catch {
    return expression;
  }
}

/** The words of the expression; the expression itself until they are there. */
export function useCronWords(expression: string): string {
  const [known, setKnown] = useState({ expression, words: expression });
  useEffect(() => {
    let isCurrent = true;
    void cronWords(expression).then((words) => {
      if (isCurrent) setKnown({ expression, words });
    });
    return () => {
      isCurrent = false;
    };
  }, [expression]);
  return known.expression === expression ? known.words : expression;
}
