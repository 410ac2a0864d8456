import type { RunErrorView } from "batchwatch/router";
import type { ReactNode } from "react";
import { TimeAndAge } from "../../components/times.tsx";

export function RunErrors({ errors }: { readonly errors: readonly RunErrorView[] }): ReactNode {
  if (errors.length === 0) return null;
  return (
    <section aria-labelledby="errors-title">
      <h2 id="errors-title" className="section-title">
        Errors <span className="num">{errors.length}</span>
      </h2>
      <ul className="panel errors">
        {errors.map((error, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- errors have no id and are only appended
          <li key={`${error.at} ${index}`}>
            <p className="error-message">{error.message}</p>
            <p className="secondary">
              <TimeAndAge at={error.at} />
              {error.stage !== null && ` · ${error.stage}`}
              {error.exitCode !== null && ` · exit code ${error.exitCode}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
