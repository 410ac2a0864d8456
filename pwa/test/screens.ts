/** Folder for pictures of what was checked; none are taken without it. */
export const FOLDER = process.env["BATCHWATCH_TEST_SCREENSHOTS"];

/** What screens are looked at on. The themes have the same sizes and rules, so each is checked once; pictures are made of all four. */
export const SCREENS = [
  ["phone", "dark"],
  ["desktop", "light"],
  ...(FOLDER === undefined
    ? []
    : ([
        ["phone", "light"],
        ["desktop", "dark"],
      ] as const)),
] as const;
