import { type ReactNode, useState } from "react";
import { applyTheme, storedTheme, type Theme, THEMES } from "./theme.ts";

const WORDS: Readonly<Record<Theme, string>> = {
  auto: "As the device",
  light: "Light",
  dark: "Dark",
};

export function ThemeChoice(): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <fieldset className="choice">
      <legend className="section-title">Theme</legend>
      {THEMES.map((each) => (
        <label key={each}>
          <input
            type="radio"
            name="theme"
            checked={theme === each}
            onChange={() => {
              applyTheme(each);
              setTheme(each);
            }}
          />
          {WORDS[each]}
        </label>
      ))}
    </fieldset>
  );
}
