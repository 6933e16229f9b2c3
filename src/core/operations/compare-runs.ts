import { join } from 'node:path';
import type { ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type {
  ComparedFact,
  ComparedRun,
  FactChange,
  FactComparison,
  RunComparison,
} from '../../shared/model/comparison.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { readBundle } from '../bundles/index.ts';
import { compareTrails, type FullTrail, trailOf, valueChanges, workflowChanges } from '../comparison/index.ts';
import type { RunnableVersion, RunState } from '../engine/index.ts';
import { readTree } from '../trust/index.ts';
import { requireRun } from './open-run.ts';
import type { ProjectSession } from './project-session.ts';

const MOST_CHANGES = 20;

/** A run with all that is known of it. Its version is null where its copy is gone. */
interface Side {
  readonly run: RunSummary;
  readonly state: RunState;
  readonly trail: ReadonlyMap<string, FullTrail>;
  readonly version: RunnableVersion | null;
}

/**
 * Two runs side by side; without a second one, with the newest earlier run of the same workflow that worked. Errors: `run.not_found`,
 * `run.never_worked` (there is no such run).
 */
export async function compareRuns(
  session: ProjectSession,
  { runId, with: named }: ParsedInputOf<'runs.compare'>,
): Promise<RunComparison> {
  const run = requireRun(session, runId);
  const other = named === undefined ? lastThatWorked(session, run) : requireRun(session, named);
  const [earlier, later] = other.createdAt <= run.createdAt ? [other, run] : [run, other];
  const before = await sideOf(session, earlier);
  const after = await sideOf(session, later);
  return {
    before: comparedRun(earlier),
    after: comparedRun(later),
    ...compareTrails(before.trail, after.trail),
    facts: await factsOf(session, before, after),
  };
}

/** The newest run of the workflow before this one that completed without a failure. */
function lastThatWorked(
  { store }: ProjectSession,
  { runId, workflowId, workflowName, createdAt }: RunSummary,
): RunSummary {
  const { runs } = store.runs.list({
    workflow: workflowId,
    status: ['completed'],
    outcome: 'success',
    until: createdAt,
    withoutReplays: true,
    limit: 2,
  });
  const found = runs.find((one) => one.runId !== runId && one.workflowId === workflowId);
  if (found !== undefined) return found;
  throw new AppError('run.never_worked', `No earlier run of ${workflowName} has worked.`, {
    hint: 'Name another run to compare with.',
  });
}

async function sideOf({ store, engine, host }: ProjectSession, run: RunSummary): Promise<Side> {
  const { state } = engine.stateOf(run.runId);
  const trail = trailOf(store.journal.readRun(run.runId));
  const version = await host.loadVersion(state.created).catch(nullWhenGone);
  return { run, state, trail, version };
}

const nullWhenGone = (error: unknown): null => {
  if (error instanceof AppError) return null;
  throw error;
};

const comparedRun = ({
  runId,
  workflowId,
  workflowName,
  status,
  outcome,
  createdAt,
  workedMs,
  cost,
  versionHash,
  versionLabel,
}: RunSummary): ComparedRun => ({
  ...{ runId, workflowId, workflowName, status, outcome, createdAt, workedMs, cost, versionHash, versionLabel },
});

async function factsOf(session: ProjectSession, before: Side, after: Side): Promise<readonly FactComparison[]> {
  const changed = await changedFiles(session, before, after);
  const definition =
    before.version === null || after.version === null
      ? []
      : workflowChanges(before.version.workflow, after.version.workflow);
  return [
    fact('version', versionText(before), versionText(after), [...definition, ...changed]),
    inputsFact(before, after),
    listFact('agent', agentsOf(before), agentsOf(after)),
    listFact('tools', toolsOf(before), toolsOf(after)),
    listFact('environment', envOf(before), envOf(after)),
    fact('trigger', before.state.created.trigger.type, after.state.created.trigger.type),
    fact('timing', secondsText(before), secondsText(after), slower(before, after)),
  ];
}

/** Facts that are texts: changed where these differ. */
const fact = (
  of: ComparedFact,
  before: string,
  after: string,
  changes: readonly FactChange[] = [],
): FactComparison => ({
  fact: of,
  isChanged: before !== after,
  before,
  after,
  changes: changes.slice(0, MOST_CHANGES),
});

const versionText = ({ run: { versionLabel, versionHash } }: Side): string =>
  `${versionLabel} ${versionHash.slice(0, 7)}`;

function inputsFact(before: Side, after: Side): FactComparison {
  const [one, other] = [before.state.created.inputs, after.state.created.inputs];
  const changes = valueChanges(one, other).map(
    ({ at, before: was, after: is }): FactChange => ({
      ...{ of: at.slice(1), is: 'other' },
      ...{ before: shortText(was), after: shortText(is) },
    }),
  );
  return { ...fact('inputs', namesText(one), namesText(other), changes), isChanged: changes.length > 0 };
}

const namesText = (inputs: JsonMap): string => Object.keys(inputs).join(', ');

const shortText = (value: unknown): string | null => {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
};

/** Names on either side; those of one side alone are the changes. */
function listFact(of: ComparedFact, before: readonly string[], after: readonly string[]): FactComparison {
  const gone = before.filter((one) => !after.includes(one)).map((of): FactChange => ({ of, is: 'gone' }));
  const added = after.filter((one) => !before.includes(one)).map((of): FactChange => ({ of, is: 'new' }));
  const changes = [...gone, ...added];
  return { ...fact(of, before.join(', '), after.join(', '), changes), isChanged: changes.length > 0 };
}

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].toSorted();

const agentsOf = ({ trail }: Side): readonly string[] =>
  sorted(
    [...trail.values()].flatMap(({ agent }) => (agent === null ? [] : `${agent.name} ${agent.model ?? ''}`.trim())),
  );

const toolsOf = ({ trail }: Side): readonly string[] =>
  sorted([...trail.values()].flatMap(({ action, agent }) => (agent === null && action.includes('.') ? [action] : [])));

const envOf = ({ version }: Side): readonly string[] => sorted(Object.keys(version?.env ?? {}));

const secondsText = ({ run }: Side): string => seconds(run.workedMs);

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Steps that took more than twice as long, and a second more. */
function slower(before: Side, after: Side): readonly FactChange[] {
  return [...after.trail].flatMap(([path, { durationMs }]) => {
    const earlier = before.trail.get(path)?.durationMs ?? null;
    if (durationMs === null || earlier === null || durationMs < 2 * earlier || durationMs - earlier < 1000) return [];
    return [{ of: path, is: 'other', before: seconds(earlier), after: seconds(durationMs) }];
  });
}

/** Files of the two versions that are others: the definitions of their own tools among them. */
async function changedFiles(session: ProjectSession, before: Side, after: Side): Promise<readonly FactChange[]> {
  if (before.run.versionHash === after.run.versionHash) return [];
  const [older, newer] = await Promise.all([filesOf(session, before), filesOf(session, after)]);
  if (older === null || newer === null) return [];
  return sorted([...older.keys(), ...newer.keys()])
    .filter((path) => older.get(path) !== newer.get(path))
    .map((of): FactChange => ({ of, is: newer.has(of) ? (older.has(of) ? 'other' : 'new') : 'gone' }));
}

/** Path -> hash of the files of a kept version; null = its copy is gone. */
async function filesOf({ paths }: ProjectSession, { run }: Side): Promise<ReadonlyMap<string, string> | null> {
  try {
    const reading = await readBundle(join(paths.archivesDir, run.versionHash), { folderName: run.workflowId });
    return new Map((await readTree(reading)).map(({ path, sha256 }) => [path, sha256]));
  } catch (error) {
    return nullWhenGone(error);
  }
}
