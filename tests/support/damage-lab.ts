import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalControlCenter, openControlCenter } from '../../src/core/control-center.ts';
import type { ErrorRecord } from '../../src/shared/errors.ts';
import type { RunSummary } from '../../src/shared/model/run.ts';
import { TESTER } from './engine-harness.ts';
import { ownProject } from './own-project.ts';

/** The files that a killed engine leaves, relative to the state folder. */
export const STORE_FILES = [
  'workflow-state/state.db',
  'workflow-state/state.db-wal',
  'workflow-state/state.db-height',
  'workflow-state/logs.db',
  'workflow-state/logs.db-wal',
  'lease.db',
] as const;
export const DAMAGES = ['flip', 'flip_many', 'zero_block', 'cut', 'empty', 'remove'] as const;

export interface Damage {
  readonly file: (typeof STORE_FILES)[number];
  readonly kind: (typeof DAMAGES)[number];
  readonly random: () => number;
}

const stateOf = (projectPath: string): string => join(projectPath, '.aiworkflow', 'state');

/** Does it; false = there is nothing that could be damaged this way. */
export function damage(projectPath: string, { file, kind, random }: Damage): boolean {
  const path = join(stateOf(projectPath), file);
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (!existsSync(path) || (sizeBytes === 0 && kind !== 'remove')) return false;
  const place = (): number => Math.floor(random() * sizeBytes);
  if (kind === 'remove') rmSync(path);
  else if (kind === 'empty') truncateSync(path, 0);
  else if (kind === 'cut') truncateSync(path, place());
  else {
    const bytes = readFileSync(path);
    if (kind === 'zero_block') {
      const at = place();
      bytes.fill(0, at, Math.min(sizeBytes, at + 512));
    } else {
      const flips = kind === 'flip' ? 1 : 32;
      for (let count = 0; count < flips; count += 1) {
        const at = place();
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      }
    }
    writeFileSync(path, bytes);
  }
  return true;
}

/** What can be asked about a run. An answer that is an error holds its record. */
export interface RunAnswers {
  readonly summary: RunSummary;
  readonly result: unknown;
  readonly events: readonly unknown[] | ErrorRecord;
  readonly lines: readonly unknown[] | ErrorRecord;
}

export interface Answers {
  readonly runs: ReadonlyMap<string, RunAnswers>;
  /** The list itself could not be read. */
  readonly listError: ErrorRecord | null;
}

export const isError = (value: unknown): value is ErrorRecord =>
  typeof value === 'object' && value !== null && 'code' in value && 'kind' in value;

/** Opens a project as an app does that takes over open runs, or without touching them. */
export function openCenter(projectPath: string, resumeOpenRuns: boolean): Promise<LocalControlCenter> {
  // A state that is a file is what a test is about.
  if (existsSync(`${stateOf(projectPath)}/.`)) ownProject(projectPath, join(projectPath, '..', 'user'));
  return openControlCenter({
    projectPath,
    door: 'browser',
    resumeOpenRuns,
    examplesDir: '',
    resourcesDir: '',
    version: 'test',
    userDataDir: join(projectPath, '..', 'user'),
    home: projectPath,
  });
}

/** Everything that the project says about its runs. */
export async function askAll(center: LocalControlCenter): Promise<Answers> {
  const ask = async (name: string, input: unknown): Promise<unknown> => {
    const answer = await center.call(name, input, TESTER);
    return answer.ok ? answer.value : answer.error;
  };
  const list = await ask('runs.list', { limit: 1000 });
  if (isError(list)) return { runs: new Map(), listError: list };
  const runs = new Map<string, RunAnswers>();
  for (const summary of (list as { runs: RunSummary[] }).runs) {
    const { runId } = summary;
    const events = await ask('runs.events', { runId, limit: 1000 });
    const log = await ask('runs.log', { runId, limit: 5000 });
    runs.set(runId, {
      summary,
      result: await ask('runs.result', { runId }),
      events: isError(events) ? events : (events as { events: unknown[] }).events,
      lines: isError(log) ? log : (log as { lines: unknown[] }).lines,
    });
  }
  return { runs, listError: null };
}

/** A copy of a project that nobody has open. */
export function copyProject(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}
