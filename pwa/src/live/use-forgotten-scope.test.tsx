import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { meView } from "../components/test-me.ts";
import { scopeOf } from "../components/me.ts";
import { meQuery, queryClient } from "../queries.ts";
import { useForgottenScope } from "./use-forgotten-scope.ts";

const USERS = ["users", ""];

function Gate({ scope }: { readonly scope: string | null }): null {
  useForgottenScope(scope);
  return null;
}

afterEach(() => {
  cleanup();
  queryClient.clear();
});

test("what an auditor has fetched is gone once they are on call, and stays while nothing changes", () => {
  const auditor = meView({ role: "auditor", teamIds: ["b", "a"] });
  const same = { ...auditor, teamIds: ["a", "b"], serverTime: "2026-11-12T00:00:00.000Z" };
  queryClient.setQueryData(meQuery().queryKey, auditor);
  queryClient.setQueryData(USERS, "names");
  const { rerender } = render(<Gate scope={null} />);
  rerender(<Gate scope={scopeOf(auditor)} />);
  rerender(<Gate scope={scopeOf(same)} />);
  expect(queryClient.getQueryData(USERS)).toBe("names");
  rerender(<Gate scope={scopeOf({ ...same, role: "on-call" })} />);
  expect(queryClient.getQueryData(USERS)).toBe(undefined);
  expect(queryClient.getQueryData(meQuery().queryKey)).toBe(auditor);
  queryClient.setQueryData(USERS, "names");
  rerender(<Gate scope={scopeOf({ ...same, role: "on-call", teamIds: ["a"] })} />);
  expect(queryClient.getQueryData(USERS)).toBe(undefined);
});
