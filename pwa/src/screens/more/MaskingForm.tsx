import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { FormField } from "../../components/FormField.tsx";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { useAsking } from "../../components/use-asking.ts";
import type { SourceDetail } from "../../trust-queries.ts";
import { MASK_KIND_WORDS, MASK_KINDS, type MaskKind } from "./mask-words.ts";
import { proposeSource } from "./propose-source.ts";
import { useChange } from "./use-change.ts";

interface MaskingFormProps {
  readonly source: SourceDetail;
  onDone(): void;
}

/** One field of the source, and what of it is not hidden any more. None: everything is hidden again. */
export function MaskingForm({ source, onDone }: MaskingFormProps): ReactNode {
  const [field, setField] = useState("");
  const [kinds, setKinds] = useState<readonly MaskKind[]>([]);
  const [isMissing, setMissing] = useState(false);
  const asking = useAsking();
  const { change, isChanging, problem } = useChange(async () => {
    const payload = { sourceId: source.sourceId, field: field.trim(), kinds: [...kinds] };
    await proposeSource({ kind: "masking-exception", payload }, asking);
  }, onDone);
  const choose = (name: string): void => {
    setField(name);
    const known = source.maskingExceptions.find((each) => each.field === name.trim());
    if (known !== undefined) setKinds(known.kinds);
  };
  return (
    <form
      className="form"
      aria-label="Kept unmasked"
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(field.trim() === "");
        if (asking.check() && field.trim() !== "") change();
      }}
    >
      <FormField
        label="Field"
        hint="The name of a parameter or counter, as the source sends it."
        problem={isMissing ? "Give the field’s name." : null}
      >
        {(control) => (
          <>
            <input
              {...control}
              list={`${control.id}-fields`}
              value={field}
              maxLength={100}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => choose(event.target.value)}
            />
            <datalist id={`${control.id}-fields`}>
              {source.maskingExceptions.map((each) => (
                <option key={each.field}>{each.field}</option>
              ))}
            </datalist>
          </>
        )}
      </FormField>
      <fieldset>
        <legend>Not hidden in it</legend>
        {MASK_KINDS.map((kind) => (
          <label key={kind} className="check">
            <input
              type="checkbox"
              checked={kinds.includes(kind)}
              onChange={(event) =>
                setKinds(
                  event.target.checked ? [...kinds, kind] : kinds.filter((each) => each !== kind),
                )
              }
            />
            {MASK_KIND_WORDS[kind]}
          </label>
        ))}
      </fieldset>
      <AskingFields asking={asking} />
      <p className="problem" role="alert">
        {problem}
      </p>
      <SaveButtons isSaving={isChanging} verb={asking.verb} onCancel={onDone} />
    </form>
  );
}
