import type { ChangeOutcomeView, JobView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { AskingFields } from "../../components/AskingFields.tsx";
import { changeProblemWords } from "../../components/change-words.ts";
import { FormField } from "../../components/FormField.tsx";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { useAsking } from "../../components/use-asking.ts";
import { TIER_WORDS, TIERS } from "./about-words.ts";
import { type JobChangeInput, saveJob } from "./save-job.ts";
import { otherProblem, problemOf } from "./save-result.ts";
import { useSave } from "./use-save.ts";

interface AboutFormProps {
  readonly job: JobView;
  onOutcome(outcome: ChangeOutcomeView): void;
  onDone(): void;
}

/** Texts as the fields have them; empty: not set. */
interface Texts {
  readonly businessName: string;
  readonly tier: string;
  readonly monitored: "yes" | "no";
  readonly firstStep: string;
  readonly runbookUrl: string;
}
type TextField = "businessName" | "firstStep" | "runbookUrl";

interface TextFieldWords {
  readonly name: TextField;
  readonly label: string;
  readonly hint: string;
  /** Most characters; the server takes no more. */
  readonly most: number;
}
const NAME: TextFieldWords = {
  name: "businessName",
  label: "Business name",
  hint: "What people call it. Empty: its own name.",
  most: 200,
};
const HELP: readonly TextFieldWords[] = [
  {
    name: "firstStep",
    label: "First step",
    hint: "What to do first when it fails, in one line. It is readable without a network.",
    most: 200,
  },
  {
    name: "runbookUrl",
    label: "Runbook",
    hint: "The address of a page; it begins with https:// or http://.",
    most: 1_000,
  },
];
const FIELDS: readonly string[] = [
  "businessName",
  "tier",
  "monitored",
  "firstStep",
  "runbookUrl",
] satisfies readonly (keyof Texts)[];

/** What people set on a job beside its schedule and clocks. Only what differs is asked for. */
export function AboutForm({ job, onOutcome, onDone }: AboutFormProps): ReactNode {
  const [initial] = useState(() => textsOf(job));
  const [texts, setTexts] = useState(initial);
  const asking = useAsking();
  const { problem, isSaving, save, refuse } = useSave(onDone);
  const submit = (): void => {
    const change = changeOf(initial, texts);
    if (Object.keys(change).length === 0) {
      const message = changeProblemWords("nothing_changes") ?? "";
      refuse({ code: "nothing_changes", field: "", message });
    } else if (asking.check()) {
      save(() => saveJob(job.jobId, change, asking, onOutcome));
    }
  };
  const textField = ({ name, label, hint, most }: TextFieldWords): ReactNode => (
    <FormField key={name} label={label} hint={hint} problem={problemOf(problem, name)}>
      {(control) => (
        <input
          {...control}
          type={name === "runbookUrl" ? "url" : "text"}
          value={texts[name]}
          maxLength={most}
          autoComplete="off"
          onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
        />
      )}
    </FormField>
  );
  return (
    <form
      className="form"
      aria-label="About this job"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {textField(NAME)}
      <FormField
        label="Tier"
        hint="How much it matters. Tiers 3 and 4 wake nobody."
        problem={problemOf(problem, "tier")}
      >
        {(control) => (
          <select
            {...control}
            value={texts.tier}
            onChange={(event) => setTexts({ ...texts, tier: event.target.value })}
          >
            <option value="">Default: {TIER_WORDS[2]}</option>
            {TIERS.map((tier) => (
              <option key={tier} value={tier}>
                {TIER_WORDS[tier]}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <FormField
        label="Monitored"
        hint="Without it the job is kept and shown, is never late, and nobody is told when it fails."
        problem={problemOf(problem, "monitored")}
      >
        {(control) => (
          <select
            {...control}
            value={texts.monitored}
            onChange={(event) =>
              setTexts({ ...texts, monitored: event.target.value === "no" ? "no" : "yes" })
            }
          >
            <option value="yes">yes</option>
            <option value="no">no</option>
          </select>
        )}
      </FormField>
      {HELP.map(textField)}
      <AskingFields asking={asking} />
      <p className="problem" role="alert">
        {otherProblem(problem, FIELDS)}
      </p>
      <SaveButtons isSaving={isSaving} verb={asking.verb} onCancel={onDone} />
    </form>
  );
}

function textsOf(job: JobView): Texts {
  const { tier, monitored } = job.settings;
  return {
    businessName: job.businessName ?? "",
    tier: tier === null ? "" : String(tier),
    monitored: monitored ? "yes" : "no",
    firstStep: job.firstStep ?? "",
    runbookUrl: job.runbookUrl ?? "",
  };
}

/** What differs: a field that somebody else changes meanwhile is not touched. */
function changeOf(before: Texts, after: Texts): JobChangeInput {
  const text = (field: TextField): Partial<Record<TextField, string | null>> =>
    after[field].trim() === before[field] ? {} : { [field]: after[field].trim() || null };
  return {
    ...text("businessName"),
    ...text("firstStep"),
    ...text("runbookUrl"),
    ...(after.tier !== before.tier && {
      tier: TIERS.find((tier) => String(tier) === after.tier) ?? null,
    }),
    ...(after.monitored !== before.monitored && { monitored: after.monitored === "yes" }),
  };
}
