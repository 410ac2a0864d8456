import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { boot } from "./boot.ts";
import { applyTheme, storedTheme } from "./components/theme.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/rows.css";
import "./styles/now.css";
import "./styles/pages.css";
import "./styles/incidents.css";
import "./styles/phone.css";
import "./styles/trust.css";

applyTheme(storedTheme());
const root = document.querySelector("#root");
if (root === null) throw new Error("index.html has no element #root");
const painted = createRoot(root);
void boot().then(() =>
  painted.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
