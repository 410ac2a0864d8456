import { useQuery } from "@tanstack/react-query";
import type { MeView } from "batchwatch/router";
import { type ReactNode, useState } from "react";
import { EditableSection } from "../../components/EditableSection.tsx";
import { FormField } from "../../components/FormField.tsx";
import { useMe } from "../../components/me.ts";
import { QueryState } from "../../components/QueryState.tsx";
import { SaveButtons } from "../../components/SaveButtons.tsx";
import { queryClient } from "../../queries.ts";
import { api } from "../../trpc.ts";
import { hasPasswordQuery, pairedDevicesQuery, sessionsQuery } from "../../trust-queries.ts";
import { pairAfterSignIn } from "../../push/pair-device.ts";
import { problemOf } from "../job/save-result.ts";
import { problemFrom } from "../job/save-job.ts";
import { useSave } from "../job/use-save.ts";

/** Longest password that the server takes, characters. */
const PASSWORD_LENGTH = 256;

/** Whether there is one, and the way to another. */
export function PasswordCard(): ReactNode {
  const query = useQuery(hasPasswordQuery());
  const [isSet, setSet] = useState(false);
  const has = query.data === true;
  return (
    <EditableSection
      title="Password"
      change={query.data === undefined ? null : has ? "Change the password" : "Set a password"}
      renderForm={(done) => (
        <PasswordForm
          hasPassword={has}
          onDone={done}
          onSet={() => {
            setSet(true);
            done();
          }}
        />
      )}
    >
      <QueryState query={query} loading="whether you have one" what="answer" />
      {query.data !== undefined && (
        <p className="empty" role="status">
          {isSet
            ? "It is set. Your other browsers were signed out."
            : has
              ? "You can sign in with your name and a password."
              : "You have none: you sign in by link, or by your organisation."}
        </p>
      )}
    </EditableSection>
  );
}

/** A new password ends every paired device: this one, on which it was set, answers pages as before. */
async function pairAgain(me: MeView): Promise<void> {
  await pairAfterSignIn(me).catch(() => {});
  await queryClient.invalidateQueries({ queryKey: pairedDevicesQuery().queryKey });
}

interface PasswordFormProps {
  readonly hasPassword: boolean;
  onDone(): void;
  onSet(): void;
}

function PasswordForm({ hasPassword, onDone, onSet }: PasswordFormProps): ReactNode {
  const me = useMe();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const { problem, isSaving, save, refuse } = useSave(onSet);
  const submit = (): void => {
    if (password === "") {
      refuse({ code: "missing", field: "password", message: "Give the new password." });
      return;
    }
    save(async () => {
      try {
        await api.me.setPassword.mutate({ password, current: hasPassword ? current : null });
      } catch (error) {
        return problemFrom(error);
      }
      queryClient.setQueryData(hasPasswordQuery().queryKey, true);
      await pairAgain(me);
      await queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
      return null;
    });
  };
  const wrong = problem?.code === "wrong_password";
  const own = wrong ? "current" : "password";
  const late =
    problem?.code === "sign_in_again"
      ? "For a first password you must have just signed in. Sign out and in again."
      : null;
  return (
    <form
      className="form"
      aria-label="Password"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {/* A password manager keeps the password under this name. */}
      <input
        className="visually-hidden"
        name="username"
        autoComplete="username"
        value={me.name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      {hasPassword && (
        <FormField
          label="Current password"
          hint="So that nobody changes it on a screen left open."
          problem={wrong ? "That is not it." : null}
        >
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="current-password"
              maxLength={PASSWORD_LENGTH}
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </FormField>
      )}
      <FormField
        label="New password"
        hint="At least 12 characters. Three or four unrelated words are easy to keep in mind and hard to guess."
        problem={wrong ? null : (late ?? problemOf(problem, own) ?? problem?.message ?? null)}
      >
        {(control) => (
          <input
            {...control}
            type={isShown ? "text" : "password"}
            autoComplete="new-password"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={PASSWORD_LENGTH}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </FormField>
      <label className="check">
        <input
          type="checkbox"
          checked={isShown}
          onChange={(event) => setShown(event.target.checked)}
        />
        Show it
      </label>
      <SaveButtons isSaving={isSaving} onCancel={onDone} />
    </form>
  );
}
