import { card } from "../offline/test-card.ts";

/** A push as the server sends it, for tests. */
export function payload(more: object = {}, notification: object = {}): string {
  return JSON.stringify({
    web_push: 8030,
    notification: {
      title: "FAILED GL extract",
      body: "02:14 Settlement file missing. 3 wait.",
      navigate: "https://watch.example/incidents/i-1?n=n-1",
      tag: "n-1",
      lang: "en",
      dir: "ltr",
      silent: false,
      ...notification,
    },
    app_badge: 3,
    mutable: true,
    batchwatch: { notificationId: "n-1", ...card() },
    ...more,
  });
}
