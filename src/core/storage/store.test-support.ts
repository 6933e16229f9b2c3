import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_COST } from '../../shared/model/cost.ts';
import type { JournalEvent, RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Actor, RunSummary } from '../../shared/model/run.ts';
import type { RunCommit, StepRow } from './rows.ts';
import { Store } from './store.ts';

const folders: string[] = [];
const stores: Store[] = [];

/** Closes and removes what `openStore` and `makeFolder` made; for `afterEach`. */
export function cleanUp(): void {
  for (const store of stores.splice(0)) store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A new empty folder, as an absolute path. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aiw-storage-'));
  folders.push(folder);
  return folder;
}

/** A real store in a folder. */
export function openStore(
  folder = makeFolder(),
  onLog: (runId: string, total: number, revision: number) => void = () => undefined,
  onNotice: (notice: string) => void = () => undefined,
  redactText: (text: string) => string = (text) => text,
): Store {
  const store = new Store({
    storeFile: join(folder, 'state.db'),
    logsFile: join(folder, 'logs.db'),
    blobsDir: join(folder, 'blobs'),
    onLog,
    onConversation: () => undefined,
    usedFolders: ['archives', 'runs', 'blobs'].map((name) => join(folder, name)),
    onNotice,
    redactText,
    sync: 'NORMAL',
  });
  stores.push(store);
  return store;
}

/** Who acts in tests of the store. */
export const ACTOR: Actor = { kind: 'user', id: 'tester', door: 'cli' };

/** The row of a run that has completed. */
export function summary(runId: string, more: Partial<RunSummary> = {}): RunSummary {
  return {
    runId,
    workflowId: 'flow',
    workflowName: 'Flow',
    workflowPath: 'flow.md',
    versionHash: 'h',
    versionLabel: '1.0.0',
    status: 'completed',
    outcome: 'success',
    trigger: 'manual',
    actor: 'tester',
    createdAt: 1_000,
    startedAt: 1_000,
    completedAt: 3_000,
    workedMs: 2_000,
    workingSince: null,
    stepsTotal: 1,
    stepsSucceeded: 1,
    stepsFailed: 0,
    stepsSkipped: 0,
    currentStep: null,
    agent: null,
    error: null,
    parentRunId: null,
    linkedRunId: null,
    waitsFor: null,
    wakeAt: null,
    hears: null,
    pauseRequested: false,
    cancelRequested: false,
    cost: NO_COST,
    ...more,
  };
}

/** The first event of a run. */
export const created = (inputs: Extract<JournalEvent, { type: 'run.created' }>['inputs'] = {}): RunEvent => ({
  type: 'run.created',
  workflowId: 'flow',
  workflowName: 'Flow',
  workflowPath: 'flow.md',
  versionHash: 'h',
  versionLabel: '1.0.0',
  inputs,
  trigger: { type: 'manual' },
  startKey: null,
  stepsTotal: 1,
  agent: null,
  model: null,
  timeoutMs: null,
  parentRunId: null,
  linkedRunId: null,
  originRunId: 'r',
  carried: [],
});

export interface RunToCommit {
  readonly run: RunSummary;
  readonly events?: readonly RunEvent[];
  readonly steps?: readonly StepRow[];
  readonly startKey?: string | null;
}

/** The first commit of a new run, numbered by the store's journal. */
export function newRun(
  store: Store,
  { run, events = [created()], steps = [], startKey = null }: RunToCommit,
): RunCommit {
  const stored = events.map(
    (event, at): StoredEvent<RunEvent> => ({
      position: store.journal.takePosition(),
      stream: `run:${run.runId}`,
      seq: at + 1,
      v: 1,
      at: run.createdAt,
      actor: ACTOR,
      event,
    }),
  );
  const runNo = store.journal.takeRunNo();
  return { runNo, isNew: true, isProgressOnly: false, startKey, events: stored, run, steps };
}

/** Writes a run as one commit. */
export const addRun = (store: Store, runId: string, more: Partial<RunSummary> = {}): Promise<void> =>
  store.journal.append(newRun(store, { run: summary(runId, more) }));
