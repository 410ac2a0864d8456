import type { Page, RunListItem } from "@batchwatch/engine";
import { request } from "undici";
import { BenchError } from "../bench-error.ts";

const PAGE = 200;

/** Every run that `runs.list` shows, page by page. */
export async function allRuns(url: string, token: string): Promise<readonly RunListItem[]> {
  const items: RunListItem[] = [];
  let cursor: string | null = null;
  do {
    const input = encodeURIComponent(JSON.stringify({ limit: PAGE, cursor }));
    const answer = await request(`${url}/trpc/runs.list?input=${input}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (answer.statusCode !== 200) {
      const text = await answer.body.text();
      throw new BenchError("refused", `runs.list answered ${answer.statusCode}: ${text}`);
    }
    const { result } = (await answer.body.json()) as {
      readonly result: { readonly data: Page<RunListItem> };
    };
    items.push(...result.data.items);
    cursor = result.data.nextCursor;
  } while (cursor !== null);
  return items;
}
