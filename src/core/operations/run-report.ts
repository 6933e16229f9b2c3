import type { Actor, RunResult } from '../../shared/model/run.ts';
import { REPORT_FORMAT, type ReportApproval, type ReportEntry, type RunReport } from '../../shared/model/run-report.ts';
import type { RunState } from '../engine/index.ts';
import { withoutSigns } from '../governance/index.ts';
import { redactFields } from '../redaction/index.ts';
import { actorText } from '../storage/index.ts';
import { wordsIn } from './approval-history.ts';
import type { ProjectSession } from './project-session.ts';
import { RunEntries } from './run-entries.ts';

/** So many entries from the beginning and from the end of a long log stand in a report. */
const FIRST_ENTRIES = 1_000;
const LAST_ENTRIES = 4_000;
const MOST_REQUESTS = 1_000;

type Surroundings = Pick<ProjectSession, 'store' | 'clock' | 'host'>;

/** What a report says of a run: `result` and what stands in its journal and log, with every secret that is known taken out. */
export async function runReport(
  session: Surroundings,
  { state, result, actor }: { readonly state: RunState; readonly result: RunResult; readonly actor: Actor },
): Promise<RunReport> {
  const { store, clock, host } = session;
  const { created, runId } = state;
  const { log, leftOut } = await logOf(store, runId);
  const report: RunReport = {
    format: 'aiworkflow-report',
    format_version: REPORT_FORMAT,
    made_at: new Date(clock.now()).toISOString(),
    made_by: actorText(actor),
    workflow_name: created.workflowName,
    version_label: created.versionLabel,
    trigger: created.trigger.key ?? created.trigger.type,
    started_by: store.runs.find(runId)?.actor ?? '',
    linked_run_id: created.linkedRunId,
    ...result,
    inputs: created.inputs,
    outputs: state.outputs,
    approvals: approvalsOf(store, runId),
    log,
    log_left_out: leftOut,
  };
  return withoutSigns(host.redact(redactFields(report)));
}

async function logOf(
  store: Surroundings['store'],
  runId: string,
): Promise<{ readonly log: readonly ReportEntry[]; readonly leftOut: number }> {
  const reading = new RunEntries(store, runId);
  const first: ReportEntry[] = [];
  let last: ReportEntry[] = [];
  let leftOut = 0;
  for (let isEnd = false; !isEnd; ) {
    const page = await reading.next();
    isEnd = page.isEnd;
    for (const { at, level, step, message } of page.entries) {
      const into = first.length < FIRST_ENTRIES ? first : last;
      into.push({ at: new Date(at).toISOString(), level, step, message });
    }
    if (last.length > LAST_ENTRIES) {
      leftOut += last.length - LAST_ENTRIES;
      last = last.slice(-LAST_ENTRIES);
    }
  }
  return { log: [...first, ...last], leftOut };
}

function approvalsOf(store: Surroundings['store'], runId: string): readonly ReportApproval[] {
  const requests = store.approvals.list({ runId, limit: MOST_REQUESTS }).filter(({ stepPath }) => stepPath !== null);
  if (requests.length === 0) return [];
  const events = store.journal.readRun(runId);
  return requests.toReversed().map(({ id, stepPath, title, status }) => ({
    step: stepPath ?? '',
    title,
    status,
    decisions: wordsIn(events, id).map(({ at, actor, event: { decision, comment } }) => ({
      by: actorText(actor),
      at: new Date(at).toISOString(),
      decision,
      comment,
    })),
  }));
}
