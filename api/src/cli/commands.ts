import { auditCheck, auditEvidence, auditVerify } from "./audit.ts";
import { calendarImport, calendarList } from "./calendars.ts";
import type { Command } from "./command.ts";
import { jobConfigure } from "./job-configure.ts";
import { jobAssign, jobList, jobRename, jobRetire } from "./jobs.ts";
import { keysRotate } from "./keys.ts";
import { oncallList, oncallSet } from "./oncall.ts";
import { replay } from "./replay.ts";
import { config, migrate, serveCommand } from "./server.ts";
import { sourceStartPaging, sourceStopPaging } from "./source-paging.ts";
import { sourceAdd, sourceList } from "./sources.ts";
import { tokenCreate, tokenRevoke } from "./tokens.ts";
import { userOidc, userPassword } from "./user-sign-in.ts";
import { userAdd, userLink } from "./users.ts";
import { watchdog } from "./watchdog/command.ts";
import { webhookAdd, webhookList, webhookRemove } from "./webhooks.ts";

/** Every command, in the order that help lists them. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  migrate,
  userAdd,
  userLink,
  userPassword,
  userOidc,
  tokenCreate,
  tokenRevoke,
  sourceAdd,
  sourceList,
  sourceStartPaging,
  sourceStopPaging,
  webhookAdd,
  webhookList,
  webhookRemove,
  oncallSet,
  oncallList,
  jobList,
  jobConfigure,
  jobRename,
  jobRetire,
  jobAssign,
  calendarImport,
  calendarList,
  auditVerify,
  auditEvidence,
  auditCheck,
  replay,
  watchdog,
  keysRotate,
  config,
];
