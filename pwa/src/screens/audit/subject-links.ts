const PAGES: Readonly<Record<string, (id: string) => string>> = {
  incident: (id) => `/incidents/${id}`,
  job: (id) => `/jobs/${id}`,
  run: (id) => `/runs/${id}`,
  "change-request": (id) => `/more/approvals/${id}`,
  source: (id) => `/more/sources/${id}`,
  user: () => "/more/users",
};

/** The page of what a record or a request is about; null: it has none. */
export function subjectHref(kind: string | null, id: string | null): string | null {
  if (kind === null || id === null || !/^[a-z0-9-]{1,64}$/.test(id)) return null;
  return PAGES[kind]?.(id) ?? null;
}
