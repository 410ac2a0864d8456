import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { formatMoment } from "../../components/format.ts";
import { FormField } from "../../components/FormField.tsx";
import { useMe } from "../../components/me.ts";
import { QueryState } from "../../components/QueryState.tsx";
import { saveFile } from "../../components/save-file.ts";
import { Sheet } from "../../components/Sheet.tsx";
import { devicesQuery } from "../../queries.ts";
import { forgetHere } from "../../session.ts";
import { api } from "../../trpc.ts";
import { useChange } from "../more/use-change.ts";

/** What is kept of me: to take along, to agree to, to have erased. */
export function MyData(): ReactNode {
  const [saved, setSaved] = useState("");
  const [isErasing, setErasing] = useState(false);
  const take = useChange(async () => {
    const { fileName, text } = await api.me.export.mutate();
    saveFile(fileName, text, "application/json");
    setSaved(`Saved as ${fileName}.`);
  });
  return (
    <section aria-labelledby="data-title">
      <h2 id="data-title" className="section-title">
        My data
      </h2>
      <Consent />
      <div className="buttons after-panel">
        <button type="button" className="button" disabled={take.isChanging} onClick={take.change}>
          {take.isChanging ? "Putting it together…" : "Export my data"}
        </button>
        <button type="button" className="button" onClick={() => setErasing(true)}>
          Erase my data…
        </button>
      </div>
      <p role="status" className="secondary">
        {saved}
      </p>
      <p className="problem" role="alert">
        {take.problem}
      </p>
      {isErasing && <EraseSheet onClose={() => setErasing(false)} />}
    </section>
  );
}

/** Since when I agreed to be woken, on which device. Turning a device off takes the agreement back. */
function Consent(): ReactNode {
  const query = useQuery(devicesQuery());
  return (
    <>
      <QueryState query={query} loading="what you agreed to" what="list" />
      {query.data?.length === 0 && (
        <p className="empty">You have not agreed to be woken by push on any device.</p>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <ul className="panel devices" aria-label="Agreed to be woken">
          {query.data.map((device) => (
            <li key={device.subscriptionId}>
              <span className="words">You agreed to be woken on {device.label}</span>
              <span className="secondary num">
                since {formatMoment(Date.parse(device.createdAt))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function EraseSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const me = useMe();
  const [name, setName] = useState("");
  const [isWrong, setWrong] = useState(false);
  const { change, isChanging, problem } = useChange(async () => {
    await api.me.erase.mutate({ commandId: crypto.randomUUID(), name: name.trim() });
    await forgetHere();
  });
  return (
    <Sheet title="Erase my data?" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          const isOther = name.trim() !== me.name;
          setWrong(isOther);
          if (!isOther) change();
        }}
      >
        <ul className="steps">
          <li>Your sign-ins, password, devices and places on on-call lists go, at once.</li>
          <li>
            Your name becomes “Former user” and four letters wherever it stands: in incidents,
            comments, changes.
          </li>
          <li>
            What you did stays in the record under a number, for as long as the record is kept: a
            bank must be able to show it.
          </li>
          <li>It cannot be undone, and you cannot sign in any more.</li>
        </ul>
        <FormField
          label="Your name"
          hint={`Type ${me.name} to say that you mean it.`}
          problem={isWrong ? `That is not your name. It is ${me.name}.` : null}
        >
          {(control) => (
            <input
              {...control}
              value={name}
              maxLength={200}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </FormField>
        <p className="problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button danger wide" disabled={isChanging}>
          Erase my data
        </button>
      </form>
    </Sheet>
  );
}
