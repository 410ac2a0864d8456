import type {
  ChangedJobView,
  JobChange,
  JobChangeView,
  JobSettings,
  JobSettingsView,
} from "@batchwatch/engine";

/** What people set, as the API's answers. Pure. */

export function settingsView(settings: JobSettings): JobSettingsView {
  const { tier, monitored, lifecycle, ownerTeamId, cadence, schedule, clocks } = settings;
  return {
    tier,
    monitored,
    lifecycle,
    ownerTeamId,
    cadence,
    schedule:
      schedule === null ? null : { ...schedule, since: new Date(schedule.since).toISOString() },
    clocks,
  };
}

export function changedJobView(settings: JobSettings): ChangedJobView {
  const { jobId, name, namespace } = settings;
  return { jobId, name, namespace, settings: settingsView(settings) };
}

export function changeView(change: JobChange): JobChangeView {
  const { at, userName, field, before, after } = change;
  return { at: new Date(at).toISOString(), by: userName, field, before, after };
}
