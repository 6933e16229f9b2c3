import { lstat, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ParsedInputOf, SavedTest, WorkflowTest } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import {
  CASSETTE_ENDING,
  CASSETTE_NAME,
  type Cassette,
  MAX_CASSETTE_BYTES,
  type RunReplay,
} from '../../shared/model/cassette.ts';
import type { BundleReading } from '../bundles/index.ts';
import { cassetteText, makeCassette, readCassette } from '../cassettes/index.ts';
import { type RunState, triggerNames } from '../engine/index.ts';
import { errnoOf, isInside, toFileError, writeFileAtomic } from '../files/index.ts';
import { withoutSigns } from '../governance/index.ts';
import { resolveWorkflow, showPath } from '../projects/index.ts';
import { projectCatalog } from './project-catalog.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';
import { requireOfLibrary } from './removed-workflows.ts';
import { reportReplay } from './replay-report.ts';

/** The line of `.bundleignore` that keeps recordings from being another version of their workflow. */
const LEFT_OUT = `tests/*${CASSETTE_ENDING}`;
/** So many of the newest replays of a workflow are looked at for how its tests came out last. */
const LOOKED_AT = 50;
/** A folder of more is no folder of tests. */
const MOST_TESTS = 500;

/** Makes the recording of a run that has ended. Errors: `run.not_found`, `cassette.not_recordable`, `cassette.too_large`. */
export async function recordRun(session: ProjectSession, runId: string): Promise<Cassette> {
  // Whoever does not know the secrets cannot take them out.
  await session.secrets.warm();
  const { engine, host, store } = session;
  const { state } = engine.stateOf(runId);
  const clean = <T>(value: T): T => withoutSigns(host.redact(value));
  return makeCassette(store.journal.readRun(runId), { runId, names: namesOf(state), clean });
}

/** What templates saw of the run itself. */
function namesOf({ runId, created, startedAt, actor, attempt }: RunState): JsonMap {
  const run = {
    ...{ id: runId, started_at: startedAt === null ? null : new Date(startedAt).toISOString() },
    ...{ trigger: created.trigger.type, actor, attempt, parent_id: created.parentRunId },
    replay_of: created.originRunId === runId ? created.linkedRunId : null,
  };
  return { run, trigger: triggerNames(created.trigger) };
}

/** Writes the recording of a run into the tests of its workflow. Errors: as of `cassettes.save`. */
export async function saveTest(
  session: ProjectSession,
  { runId, name, replace }: ParsedInputOf<'cassettes.save'>,
): Promise<SavedTest> {
  const cassette = await recordRun(session, runId);
  const reading = await readWorkflow(session, session.engine.stateOf(runId).state.created.workflowPath);
  await requireOfLibrary(session.paths, reading, 'Replay the run itself, or move the workflow into the library.');
  const folder = await testsFolder(reading);
  const file = join(folder, `${name}${CASSETTE_ENDING}`);
  if (!replace && (await lstat(file).catch(() => null)) !== null)
    throw new AppError('cassette.exists', `There is a test '${name}' of this workflow already.`, {
      hint: 'Give it another name, or replace it.',
      details: { name },
    });
  const text = cassetteText(cassette);
  try {
    await mkdir(folder, { recursive: true });
    const isBundleChanged = reading.kind === 'bundle' && (await leaveOut(reading.path));
    await writeFileAtomic(file, text, 0o644);
    const exchanges = cassette.exchanges.length;
    return {
      name,
      path: showPath(session.paths, file),
      sizeBytes: Buffer.byteLength(text),
      exchanges,
      isBundleChanged,
    };
  } catch (error) {
    throw toFileError(error, showPath(session.paths, file));
  }
}

/** Lets the bundle's own rules say that recordings are no content of it (SPEC §6.5); true when they did not say so before. */
async function leaveOut(bundle: string): Promise<boolean> {
  const file = join(bundle, '.bundleignore');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  });
  if (text.split(/\r?\n/).some((line) => line.trim() === LEFT_OUT)) return false;
  const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  await writeFileAtomic(file, `${before}${LEFT_OUT}\n`, 0o644);
  return true;
}

/** The tests of a workflow with how they came out last. Errors: `workflow.not_found`. */
export async function listTests(session: ProjectSession, workflow: string): Promise<readonly WorkflowTest[]> {
  const reading = await readWorkflow(session, workflow);
  const folder = await testsFolder(reading);
  const names = await readdir(folder).catch(() => []);
  const tests = names
    .filter((one) => one.endsWith(CASSETTE_ENDING) && CASSETTE_NAME.test(one.slice(0, -CASSETTE_ENDING.length)))
    .map((one) => one.slice(0, -CASSETTE_ENDING.length))
    .toSorted()
    .slice(0, MOST_TESTS);
  const last = lastReplays(session, reading.reading?.workflow.id ?? '');
  const rows: WorkflowTest[] = [];
  for (const name of tests) {
    const found = await readTest(folder, name).catch((error: unknown) => error);
    if (!(found instanceof AppError) && found instanceof Error) throw found;
    const path = showPath(session.paths, join(folder, `${name}${CASSETTE_ENDING}`));
    const at = { name, path, last: last.get(name) ?? null };
    if (found instanceof AppError) rows.push({ ...at, recorded: null, problem: found.message });
    else {
      const { run, exchanges } = found as Cassette;
      rows.push({ ...at, recorded: { runId: run.id, at: run.created_at, exchanges: exchanges.length }, problem: null });
    }
  }
  return rows;
}

/** The newest replay of each recording of a workflow, by the name of the recording. */
function lastReplays(
  session: ProjectSession,
  workflow: string,
): ReadonlyMap<string, NonNullable<WorkflowTest['last']>> {
  const { runs } = session.store.runs.list({ workflow, trigger: 'replay', limit: LOOKED_AT });
  const found = new Map<string, NonNullable<WorkflowTest['last']>>();
  for (const { runId, createdAt } of runs) {
    const { state } = session.engine.stateOf(runId);
    const name = state.created.replay?.name;
    if (name === undefined || found.has(name)) continue;
    found.set(name, { runId, at: createdAt, verdict: reportReplay(session, runId).verdict });
  }
  return found;
}

/** What a recording is taken from, ready to answer a run. */
export interface FoundRecording extends Pick<RunReplay, 'name' | 'tape'> {
  /** The run that was recorded, where it is one of this project. */
  readonly of: RunState | null;
  readonly workflow: string;
}

/** Finds a recording. Errors: `cassette.*`, `run.not_found`, `workflow.not_found`. */
export async function findRecording(
  session: ProjectSession,
  recording: ParsedInputOf<'cassettes.replay'>['recording'],
): Promise<FoundRecording> {
  if ('runId' in recording) {
    const tape = await recordRun(session, recording.runId);
    const { state } = session.engine.stateOf(recording.runId);
    return { name: recording.runId, tape, of: state, workflow: state.created.workflowPath };
  }
  if ('text' in recording) {
    const tape = readCassette(recording.text);
    return { name: recording.name, tape, of: null, workflow: tape.workflow.id };
  }
  const reading = await readWorkflow(session, recording.workflow);
  const tape = await readTest(await testsFolder(reading), recording.name);
  return { name: recording.name, tape, of: null, workflow: showPath(session.paths, reading.path) };
}

async function readWorkflow(session: ProjectSession, ref: string): Promise<BundleReading> {
  return resolveWorkflow(ref, session.paths, {
    ...readOptions(await projectCatalog(session), session.env),
    index: session.index,
  });
}

/** Beside the workflow file of a bundle; of a workflow that is a file alone a folder with its id, which no other workflow has. */
async function testsFolder({ kind, path, reading }: BundleReading): Promise<string> {
  const folder =
    kind === 'bundle' ? join(path, 'tests') : join(dirname(path), 'tests', plainId(reading?.workflow.id ?? ''));
  const real = await realpath(folder).catch(() => null);
  const home = kind === 'bundle' ? path : dirname(path);
  if (real === null || isInside(home, real)) return folder;
  throw new AppError('file.outside', 'The tests of this workflow lie outside of it.', {
    hint: 'Put a folder in the place of the link.',
  });
}

const plainId = (id: string): string => id.replace(/[^\w.-]/g, '_').replace(/^\.+/, '_') || '_';

/** Errors: `cassette.not_found`, `cassette.invalid`. */
async function readTest(folder: string, name: string): Promise<Cassette> {
  const file = join(folder, `${name}${CASSETTE_ENDING}`);
  const found = await lstat(file).catch(() => null);
  if (found === null || !found.isFile())
    throw new AppError('cassette.not_found', `There is no test '${name}' of this workflow.`, {
      hint: "'aiworkflow workflow test WORKFLOW' replays all that there are.",
    });
  // One that is too large is refused by its reader, which need not see all of it.
  if ((await stat(file)).size > MAX_CASSETTE_BYTES) return readCassette(' '.repeat(MAX_CASSETTE_BYTES + 1));
  return readCassette(await readFile(file, 'utf8'));
}
