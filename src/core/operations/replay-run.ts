import type { ParsedInputOf, ReplayPlan } from '../../shared/contract/index.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { planWorkflow, type RunnableVersion, type RunState } from '../engine/index.ts';
import { showPath } from '../projects/index.ts';
import type { ProjectSession } from './project-session.ts';
import { readStart } from './start-run.ts';

/** What a replay would begin with; writes nothing. Errors as of a start. */
export async function planReplay(
  session: ProjectSession,
  { runId, latest }: ParsedInputOf<'runs.planReplay'>,
): Promise<ReplayPlan> {
  const { state } = session.engine.stateOf(runId);
  const version = latest ? await todaysVersion(session, state) : await session.host.loadVersion(state.created);
  const { workflow } = version;
  const secrets = namesOfSecrets(workflow.inputs);
  const { inputs } = state.created;
  return {
    version: { label: workflow.version, hash: version.hash },
    inputs: workflow.inputs.map((one) => (one.secret && one.name in inputs ? kept(one) : one)),
    given: Object.fromEntries(Object.entries(inputs).filter(([name]) => !secrets.has(name))),
    repeats: repeatsOf(state, version),
  };
}

async function todaysVersion(session: ProjectSession, { created }: RunState): Promise<RunnableVersion> {
  const { reading } = await readStart(session, created.workflowPath);
  return session.host.toVersion(reading, showPath(session.paths, reading.path));
}

/** A secret that the run had: left empty it is that one, not its default. */
const kept = ({ default: _default, ...definition }: InputDefinition): InputDefinition => ({
  ...definition,
  required: false,
});

const namesOfSecrets = (definitions: readonly InputDefinition[]): ReadonlySet<string> =>
  new Set(definitions.flatMap(({ name, secret }) => (secret ? [name] : [])));

/** Each step once, however many turns of a loop it had. */
function repeatsOf({ steps }: RunState, { workflow }: RunnableVersion): ReplayPlan['repeats'] {
  const plan = planWorkflow(workflow);
  const found = new Map<string, ReplayPlan['repeats'][number]>();
  for (const { path, block, isCall, attempts, effect } of steps.values()) {
    const planned = plan.at(path);
    if (planned === undefined || block !== null || isCall || attempts.length === 0) continue;
    const known = found.get(planned.path);
    if (known?.effect !== 'effect') found.set(planned.path, { path: planned.path, name: planned.step.name, effect });
  }
  return [...found.values()];
}

/** What a replay starts with: what was given now, over what the run had, or over its secrets alone. */
export function replayInputs(
  { created }: RunState,
  definitions: readonly InputDefinition[],
  { inputs, onlyThese }: Pick<ParsedInputOf<'runs.replay'>, 'inputs' | 'onlyThese'>,
): JsonMap {
  const secrets = namesOfSecrets(definitions);
  const had = onlyThese
    ? Object.fromEntries(Object.entries(created.inputs).filter(([name]) => secrets.has(name)))
    : created.inputs;
  return { ...had, ...inputs };
}
