/** In a page: what comes of a socket to this address. `refused`: by the page's own policy. */
export function socketOutcome(url: string): Promise<"open" | "refused" | "failed"> {
  return new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", () => resolve("refused"), { once: true });
    // An error comes of both; a policy's is told in its own event, which may come later.
    const fail = () => setTimeout(() => resolve("failed"), 1_000);
    try {
      const socket = new WebSocket(url);
      socket.addEventListener("error", fail);
      socket.addEventListener("open", () => {
        socket.close();
        resolve("open");
      });
    } catch {
      // Firefox throws at once.
      fail();
    }
  });
}
