import type { Source } from "@batchwatch/engine";

export interface SourceTable {
  readonly source_id: string;
  readonly name: string;
  readonly contract: Source["contract"];
  readonly environment: Source["environment"];
  readonly zone: string;
  readonly new_day_time: string;
  /** JSON array of parameter names. */
  readonly business_date_params: string;
  readonly paging_mode: Source["pagingMode"];
  readonly recovery_recipe: string | null;
  readonly team_id: string | null;
  readonly key_hash: string;
  readonly created_at: number;
  readonly last_seen_at: number | null;
}

export interface RejectedFactTable {
  /** Sorts by time of rejection. */
  readonly rejection_id: string;
  readonly source_id: string;
  readonly received_at: number;
  readonly contract: string;
  readonly code: string;
  readonly message: string | null;
  readonly excerpt: string | null;
}

export interface MaskedCountTable {
  readonly source_id: string;
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  readonly kind: string;
  readonly hidden_count: number;
  readonly kept_count: number;
}
