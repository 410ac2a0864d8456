import type { SourceAdd } from "./propose-source.ts";

interface Lines {
  readonly title: string;
  readonly text: string;
}

/** What is pasted where the facts come from, with the key in it. @param origin where this server is reached */
export function sourceLines(
  contract: SourceAdd["contract"],
  key: string,
  origin: string,
): readonly Lines[] {
  if (contract === "openlineage") {
    return [
      {
        title: "openlineage.yml",
        text: [
          "transport:",
          "  type: http",
          `  url: ${origin}`,
          "  endpoint: api/v1/lineage",
          "  auth:",
          "    type: api_key",
          `    apiKey: ${key}`,
        ].join("\n"),
      },
    ];
  }
  return [
    {
      title: "One line in a job, where it begins; again with succeeded or failed where it ends",
      text: [
        `curl ${origin}/api/v1/observations \\`,
        `  -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\`,
        `  -d '[{"job":{"name":"payments-eod"},"run":{"id":"1"},"kind":"started","at":"'$(date -u +%FT%TZ)'"}]'`,
      ].join("\n"),
    },
  ];
}
