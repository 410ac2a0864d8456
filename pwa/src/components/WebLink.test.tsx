import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { WebLink } from "./WebLink.tsx";

afterEach(cleanup);

test.each(["https://wiki.bank.example/run book", "http://10.0.0.1:8080/x", "HTTPS://a.example"])(
  "%s is a link, and learns nothing of where it was",
  (address) => {
    render(<WebLink address={address}>Runbook</WebLink>);
    const link = screen.getByRole("link", { name: "Runbook" });
    expect(link.getAttribute("href")).toBe(address);
    expect(link.getAttribute("rel")).toBe("noreferrer");
  },
);

test.each([
  "javascript:alert(1)",
  " javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,<script>1</script>",
  "vbscript:x",
  "file:///etc/passwd",
  "//evil.example",
  "https:",
  "wiki",
])("%s is text", (address) => {
  render(<WebLink address={address}>Runbook</WebLink>);
  expect(screen.queryByRole("link")).toBeNull();
  expect(document.body.textContent).toBe(address);
});
