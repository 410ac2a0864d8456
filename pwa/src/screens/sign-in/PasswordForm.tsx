import { type KeyboardEvent, type ReactNode, useState } from "react";
import { Countdown, useSecondsLeft } from "./Countdown.tsx";
import { useSignIn } from "./use-sign-in.ts";

/** Longest name and password that the server takes, characters. */
const NAME_LENGTH = 100;
const PASSWORD_LENGTH = 256;

interface PasswordFormProps {
  /** Another way in stands above it as the first. */
  readonly isSecond: boolean;
}

/** A name and a password, as password managers know them. */
export function PasswordForm({ isSecond }: PasswordFormProps): ReactNode {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isShown, setShown] = useState(false);
  const [isCapsLock, setCapsLock] = useState(false);
  const { isBusy, problem, waitUntil, submit, refuse } = useSignIn(null);
  const secondsLeft = useSecondsLeft(waitUntil);
  const look = (event: KeyboardEvent): void => setCapsLock(event.getModifierState("CapsLock"));
  return (
    <form
      aria-label="Name and password"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "" || password === "") refuse("Give your name and your password.");
        else submit({ name: name.trim(), password });
      }}
    >
      <label htmlFor="name">Name</label>
      <input
        id="name"
        className="field"
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={NAME_LENGTH}
        value={name}
        aria-describedby="password-problem"
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor="password">Password</label>
      <div className="password">
        <input
          id="password"
          className="field"
          name="password"
          type={isShown ? "text" : "password"}
          autoComplete="current-password"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={PASSWORD_LENGTH}
          value={password}
          aria-describedby="caps-lock password-problem"
          onChange={(event) => setPassword(event.target.value)}
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCapsLock(false)}
        />
        <button
          type="button"
          className="button"
          aria-pressed={isShown}
          aria-controls="password"
          onClick={() => setShown(!isShown)}
        >
          {isShown ? "Hide" : "Show"}
        </button>
      </div>
      <p id="caps-lock" className="silence" role="status">
        {isCapsLock && "Caps Lock is on."}
      </p>
      <p id="password-problem" className="problem" role="alert">
        {problem}
      </p>
      <Countdown seconds={secondsLeft} />
      <button
        type="submit"
        className={isSecond ? "button" : "button primary"}
        disabled={isBusy || secondsLeft > 0}
      >
        {isBusy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
