import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type BundleReading, readBundle, snapshotBundle } from '../bundles/index.ts';
import { foldRun, projectRun, projectStepRows } from '../engine/index.ts';
import { keepHistory, type PastExecution, type PastStep, readHistory } from '../storage/index.ts';
import type { ProjectSession } from './project-session.ts';

const ACTOR: Actor = { kind: 'system', id: 'schema_version 1', door: 'engine' };

/**
 * Takes the rows of a file of `schema_version` 1, which stands beside the store, over as finished history (SPEC §9). One that a crash
 * interrupted goes on with what is not there yet. Gives what is to be said of it; null = there was none.
 */
export async function takeOverHistory(session: ProjectSession): Promise<string | null> {
  const { store, paths } = session;
  let taken = 0;
  const versions = new Map<string, BundleReading>();
  for (const past of readHistory(paths.storeFile)) {
    taken += 1;
    if (store.runs.find(past.run_id) !== null) continue;
    const reading = await versionOf(session, past, versions);
    const events = eventsOf(past, reading).map(({ at, event }, index): StoredEvent<RunEvent> => {
      const stream = `run:${past.run_id}`;
      return { position: store.journal.takePosition(), stream, seq: index + 1, v: 1, at, actor: ACTOR, event };
    });
    const state = foldRun(events);
    await store.journal.append({
      ...{ runNo: store.journal.takeRunNo(), isNew: true, isProgressOnly: false, startKey: null, events },
      run: projectRun(state),
      steps: [...state.steps.values()].flatMap((record) => projectStepRows(record)),
    });
  }
  if (taken === 0) return null;
  keepHistory(paths.storeFile);
  return `${grouped(taken)} runs of a store of schema_version 1 were taken over as finished history; the file is kept as state.db.schema-1.bak.`;
}

/** Written as a date, or as seconds or milliseconds since 1970. */
function instantOf(written: string | number | null, otherwise: number): number {
  if (written === null) return otherwise;
  const number = typeof written === 'number' ? written : Number(written);
  if (Number.isFinite(number)) return Math.round(number < 1e11 ? number * 1000 : number);
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(String(written)) ? String(written) : `${written}Z`);
  return Number.isNaN(at) ? otherwise : at;
}

/** What is no JSON is the text that it is. */
function jsonOf(text: string | null): Json {
  if (text === null) return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const mapOf = (text: string | null): JsonMap => {
  const value = jsonOf(text);
  return isJsonMap(value) ? value : value === null ? {} : { value };
};

const errorOf = (text: string | null, otherwise: string): ErrorRecord => {
  const value = jsonOf(text);
  const message = isJsonMap(value) && typeof value.message === 'string' ? value.message : text;
  return new AppError('step.failed', message === null || message === '' ? otherwise : message).toRecord();
};

const nameOf = ({ step_name: name, step_index: index }: PastStep): string =>
  name?.replace(/\s+/g, ' ').trim() || `Step ${index + 1}`;
const pathOf = ({ step_index: index }: PastStep): string => `step_${index + 1}`;

/** Nobody has the file that these runs ran: a version with the names of their steps stands for it, so that their pages can be read. */
async function versionOf(
  { paths, store }: ProjectSession,
  past: PastExecution,
  known: Map<string, BundleReading>,
): Promise<BundleReading> {
  const text = [
    '---',
    `workflow: {id: ${JSON.stringify(past.workflow_id)}, name: ${JSON.stringify(past.workflow_id)}, version: "schema 1"}`,
    '---',
    '',
    'A stand-in for a workflow whose runs were taken over from a store of schema_version 1.',
    '',
    ...past.steps.map(
      (step) =>
        `## Step ${step.step_index + 1}: ${nameOf(step)}\n\n\`\`\`yaml\nid: ${pathOf(step)}\naction: workflow.noop\n\`\`\`\n`,
    ),
  ].join('\n');
  const before = known.get(text);
  if (before !== undefined) return before;
  const folder = join(paths.stagingDir, 'schema-1');
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(join(folder, 'workflow.md'), text);
    const reading = await readBundle(folder, { folderName: 'schema-1' });
    await snapshotBundle(reading, paths.archivesDir);
    store.versions.save({
      ...{ hash: reading.contentHash, workflowId: past.workflow_id, label: 'schema 1', source: text },
      ...{ sourceName: 'workflow.md', firstSeenAt: instantOf(past.created_at, 0) },
    });
    known.set(text, reading);
    return reading;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Dated {
  readonly at: number;
  readonly event: RunEvent;
}

function eventsOf(past: PastExecution, { contentHash }: BundleReading): readonly Dated[] {
  const createdAt = instantOf(past.created_at ?? past.started_at, 0);
  const startedAt = Math.max(createdAt, instantOf(past.started_at, createdAt));
  const events: Dated[] = [
    {
      at: createdAt,
      event: {
        ...{ type: 'run.created', workflowId: past.workflow_id, workflowName: past.workflow_id },
        ...{ workflowPath: past.workflow_path ?? '', versionHash: contentHash, versionLabel: 'schema 1' },
        ...{ inputs: mapOf(past.inputs), trigger: { type: 'manual' }, startKey: null, stepsTotal: past.steps.length },
        ...{ agent: past.agent, model: null, timeoutMs: null, parentRunId: null, linkedRunId: null },
        ...{ originRunId: past.run_id, carried: [] },
      },
    },
    { at: startedAt, event: { type: 'run.started' } },
  ];
  let at = startedAt;
  for (const step of past.steps) {
    for (const one of stepEvents(step, at)) events.push(one);
    at = events.at(-1)?.at ?? at;
  }
  const completed = past.status === 'completed' || past.status === 'cancelled' ? past.status : 'failed';
  const failed = past.steps.some(({ status }) => status === 'failed');
  const why = past.status === 'failed' ? 'It failed.' : 'It had not ended when its store was taken over.';
  events.push({
    at: Math.max(at, instantOf(past.completed_at, at)),
    event: {
      type: `run.${completed}`,
      outcome: completed !== 'completed' ? 'failed' : failed ? 'partial' : 'success',
      outputs: mapOf(past.outputs),
      error: completed === 'failed' ? errorOf(past.error, why) : null,
      ...{ successConditions: [], warnings: [] },
    },
  });
  return events;
}

function stepEvents(step: PastStep, since: number): readonly Dated[] {
  const path = pathOf(step);
  const about = { path, index: step.step_index, name: nameOf(step) };
  const startedAt = Math.max(since, instantOf(step.started_at, since));
  const endedAt = Math.max(startedAt, instantOf(step.completed_at, startedAt));
  if (step.status === 'pending') return [];
  if (step.status === 'skipped')
    return [{ at: startedAt, event: { type: 'step.skipped', ...about, reason: 'conditions_not_met', warnings: [] } }];
  const attempt = (step.retry_count ?? 0) + 1;
  const began: Dated = {
    at: startedAt,
    event: {
      ...{ type: 'step.started', ...about, variable: null, attempt, now: startedAt, action: 'schema_version 1' },
      ...{ effect: 'effect', inputs: mapOf(step.inputs), role: 'main' },
    },
  };
  const ended: RunEvent =
    step.status === 'completed'
      ? {
          ...{ type: 'step.completed', path, attempt, output: jsonOf(step.outputs), outputs: null },
          ...{ variables: null, warnings: [] },
        }
      : {
          ...{ type: 'step.failed', path, attempt, retryAt: null, fallback: null, policy: 'stop', warnings: [] },
          error: errorOf(step.error, 'It had not ended.'),
        };
  return [began, { at: endedAt, event: ended }];
}
