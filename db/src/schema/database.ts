import type { AlertTable } from "./alert-tables.ts";
import type {
  ChangeRequestTable,
  MaskingExceptionTable,
  RetentionSettingTable,
} from "./approval-tables.ts";
import type { AuditAnchorTable, AuditRecordTable } from "./audit-tables.ts";
import type { IncidentEventTable, IncidentMemberTable, IncidentTable } from "./incident-tables.ts";
import type { JobAliasTable, JobStateTable, JobTable } from "./job-tables.ts";
import type { DeadLetterTable } from "./letter-tables.ts";
import type { JobDatasetTable, LineageNoteTable } from "./lineage-tables.ts";
import type { NotificationTable } from "./notification-tables.ts";
import type {
  AccessTokenTable,
  AppUserTable,
  AppUserTeamTable,
  ErasureTable,
  SignInCodeTable,
  TeamTable,
} from "./people-tables.ts";
import type {
  OncallPersonTable,
  PushSubscriptionTable,
  SealedSecretTable,
  WebhookTable,
} from "./receiver-tables.ts";
import type { JobRunTable, RunTransitionTable } from "./run-tables.ts";
import type { PartitionOwnerTable, StoreMetaTable } from "./service-tables.ts";
import type {
  BlindIntervalTable,
  CalendarDayTable,
  CalendarTable,
  CommandDoneTable,
  JobChangeTable,
  JobClockTable,
  JobScheduleTable,
} from "./settings-tables.ts";
import type {
  BrowserSessionTable,
  PairedDeviceTable,
  RefreshHashTable,
  UserPasswordTable,
  UserSubjectTable,
} from "./session-tables.ts";
import type { MaskedCountTable, RejectedFactTable, SourceTable } from "./source-tables.ts";

/**
 * Every table, column by column, in the database's own snake_case.
 * Instants are epoch milliseconds, JSON is text read whole, empty text is NULL.
 */
export interface Database {
  readonly audit_record: AuditRecordTable;
  readonly audit_anchor: AuditAnchorTable;
  readonly store_meta: StoreMetaTable;
  readonly partition_owner: PartitionOwnerTable;
  readonly team: TeamTable;
  readonly app_user: AppUserTable;
  readonly app_user_team: AppUserTeamTable;
  readonly erasure: ErasureTable;
  readonly access_token: AccessTokenTable;
  readonly sign_in_code: SignInCodeTable;
  readonly source: SourceTable;
  readonly rejected_fact: RejectedFactTable;
  readonly masked_count: MaskedCountTable;
  readonly job: JobTable;
  readonly job_alias: JobAliasTable;
  readonly job_state: JobStateTable;
  readonly job_run: JobRunTable;
  readonly run_transition: RunTransitionTable;
  readonly lineage_note: LineageNoteTable;
  readonly job_schedule: JobScheduleTable;
  readonly job_clock: JobClockTable;
  readonly job_change: JobChangeTable;
  readonly command_done: CommandDoneTable;
  readonly calendar: CalendarTable;
  readonly calendar_day: CalendarDayTable;
  readonly blind_interval: BlindIntervalTable;
  readonly dead_letter: DeadLetterTable;
  readonly alert: AlertTable;
  readonly incident: IncidentTable;
  readonly incident_member: IncidentMemberTable;
  readonly incident_event: IncidentEventTable;
  readonly notification: NotificationTable;
  readonly push_subscription: PushSubscriptionTable;
  readonly webhook: WebhookTable;
  readonly oncall_person: OncallPersonTable;
  readonly sealed_secret: SealedSecretTable;
  readonly job_dataset: JobDatasetTable;
  readonly browser_session: BrowserSessionTable;
  readonly refresh_hash: RefreshHashTable;
  readonly paired_device: PairedDeviceTable;
  readonly user_password: UserPasswordTable;
  readonly user_subject: UserSubjectTable;
  readonly change_request: ChangeRequestTable;
  readonly masking_exception: MaskingExceptionTable;
  readonly retention_setting: RetentionSettingTable;
}
