/** The one-tap page's style, served as a file: nothing inline is allowed there. Colours are those of the visual specification. */
export const ACK_STYLE: string = `:root {
  color-scheme: light dark;
  --bg: #f5f7f9; --surface: #ffffff; --line: #d3dae2; --text: #121820; --text2: #414c59;
  --accent: #1a5ab8; --on-accent: #ffffff; --failed: #c10a31;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0c1015; --surface: #151a21; --line: #2d3641; --text: #e6ebf1; --text2: #b4bfca;
    --accent: #84b6ff; --on-accent: #0c1015; --failed: #fe6457;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 16px; background: var(--bg); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
}
main {
  max-width: 32rem; margin: 0 auto; padding: 16px; background: var(--surface);
  border: 1px solid var(--line); border-left: 4px solid var(--failed); border-radius: 12px;
}
h1 { margin: 0 0 8px; font-size: 1.25rem; line-height: 1.4; overflow-wrap: anywhere; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
.more { color: var(--text2); }
.said { font-weight: 600; }
button {
  width: 100%; min-height: 56px; margin: 8px 0; border: 0; border-radius: 10px; cursor: pointer;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; font-size: 1.125rem;
}
a { display: inline-block; min-height: 48px; padding: 12px 0; color: var(--accent); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;
