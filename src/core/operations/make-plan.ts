import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { FollowedPlan, PlannedTouches } from '../../shared/model/plan.ts';
import type { CapabilityKind } from '../../shared/model/trust.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { chooseAgent, type RunnableVersion } from '../engine/index.ts';
import { hashPlan, type PlannedTree, type PlanPorts, type PlanSubject, planTree } from '../plans/index.ts';
import { writtenOf } from '../trust/index.ts';
import { actionsOf, allSteps, coerceInputs, namesIn, splitAction } from '../workflow/index.ts';
import { requireInputs } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import type { ChosenAgent } from './run-agent.ts';
import { inputContext, shownInputs } from './secret-inputs.ts';
import type { PreparedStart } from './start-run.ts';
import type { SubWorkflows } from './sub-workflows.ts';

/** What a start would be, as far as a plan needs it. */
export interface PlannedStart {
  readonly prepared: Pick<PreparedStart, 'version' | 'reading' | 'inputs'>;
  readonly sub: SubWorkflows;
  readonly chosen: ChosenAgent & { readonly model: string | null };
  /** Inputs that nobody has given a value yet. Absent = none. */
  readonly open?: readonly string[];
}

/** A plan, with what a run of it would be held to. */
export interface MadePlan extends PlannedTree {
  readonly hash: string;
  /** Without secrets. */
  readonly inputs: JsonMap;
  readonly touches: PlannedTouches;
}

/** Makes the plan of a start. Nothing is started, called, sent or written. */
export function makePlan(session: ProjectSession, { prepared, sub, chosen, open = [] }: PlannedStart): MadePlan {
  const { version } = prepared;
  const inputs = shownInputs(version.workflow.inputs, prepared.inputs);
  const subject = { version, inputs, hiddenInputs: new Set([...open, ...hiddenIn(version.workflow)]) };
  const tree = planTree(subject, portsOf(session, sub, chosen));
  const versions = [version.hash, ...sub.pins.map(({ versionHash }) => versionHash)];
  const { agent, model } = chosen;
  return {
    ...tree,
    inputs,
    hash: hashPlan({ versions, inputs, agent, model, rows: tree.rows }),
    touches: touchesOf([prepared, ...sub.found], tree),
  };
}

/** The plan of this name, for a run to follow. Throws `run.other_plan` where the start is not what that plan was made of. */
export function requirePlan(session: ProjectSession, start: PlannedStart, wanted: string): FollowedPlan {
  const { hash, rows, touches, isCut } = makePlan(session, start);
  if (!hash.startsWith(wanted))
    throw new AppError('run.other_plan', `The plan ${wanted} is not that of this start: it would be ${hash}.`, {
      hint: 'The workflow, what it calls, the inputs or the agent are others by now: make the plan again and look at it.',
      details: { plan: hash },
    });
  const named = [start.prepared, ...start.sub.found].flatMap(({ version }) => toolsNamed(version));
  return {
    hash,
    tools: [...new Set([...touches.tools, ...named])].toSorted(),
    calls: rows
      .filter(({ kind, reached }) => kind === 'action' && reached !== 'no')
      .map(({ path, action, inputs, unknown }) => ({ path, action, inputs, unknown })),
    touches: { hosts: touches.hosts, reads: touches.reads, writes: touches.writes },
    isCut,
  };
}

/** Tools that actions, fallbacks and compensations name. */
const toolsNamed = ({ workflow }: RunnableVersion): readonly string[] =>
  allSteps(workflow)
    .flatMap((step) => actionsOf(step).map(({ action }) => splitAction(action).tool))
    .filter((tool) => !tool.includes('{'));

/** Who does the agent steps where nobody can be chosen: the rows tell it. */
export const noAgent = (error: unknown): ChosenAgent => {
  if (error instanceof AppError) return { agent: null, agentFrom: undefined };
  throw error;
};

/** Inputs that are secret, or whose default takes one. */
const hiddenIn = ({ inputs }: Workflow): readonly string[] =>
  inputs.flatMap(({ name, secret, default: value }) => (secret || namesIn(value ?? null).size > 0 ? [name] : []));

function portsOf(
  session: ProjectSession,
  { pins, found }: SubWorkflows,
  { agent, agentFrom, model }: PlannedStart['chosen'],
): PlanPorts {
  const { host, engine } = session;
  const state = { created: { agent, ...(agentFrom === undefined ? {} : { agentFrom }), model }, replaced: new Map() };
  return {
    tools: { builtIns: engine.builtIns, agent: host.agents.tool },
    agentOf: (step: Step, version: RunnableVersion) => chooseAgent(step, { state, version, agents: host.agents }),
    child: (caller, ref, { inputs, hidden }): PlanSubject => {
      const pin = pins.find((one) => one.from === caller.hash && one.ref === ref);
      const version = found.find((one) => one.version.hash === pin?.versionHash)?.version;
      if (version === undefined) throw new AppError('workflow.version_not_found', `'${ref}' is not there.`);
      const definitions = version.workflow.inputs;
      const context = inputContext(session, version);
      const values =
        hidden.length === 0
          ? requireInputs(version.workflow, inputs, context)
          : coerceInputs(definitions, inputs, context).values;
      const hiddenInputs = new Set([...hidden, ...hiddenIn(version.workflow)]);
      return { version, inputs: shownInputs(definitions, values), hiddenInputs };
    },
  };
}

const TOUCHED = {
  tools: 'tools',
  hosts: 'reaches',
  reads: 'reads',
  writes: 'writes',
  secrets: 'secrets',
  agents: 'agents',
  workflows: 'workflows',
} as const satisfies Readonly<Record<keyof PlannedTouches, CapabilityKind>>;

/** What the files of all that would run name of the world around them; files that are written, by the names that they will have. */
function touchesOf(
  started: readonly Pick<PreparedStart, 'reading'>[],
  { written: files, isCut }: Pick<PlannedTree, 'written' | 'isCut'>,
): PlannedTouches {
  const written = started.flatMap(({ reading }) => writtenOf(reading));
  const namesOf = (wanted: CapabilityKind): readonly string[] =>
    written.flatMap(({ kind, name }) => (kind === wanted ? [name] : []));
  const own = started.flatMap(({ reading }) => reading.tools.map(({ name }) => name));
  const sorted = (key: keyof PlannedTouches, more: readonly string[] = []): readonly string[] =>
    [...new Set([...namesOf(TOUCHED[key]), ...more])].toSorted();
  return {
    tools: sorted('tools', own),
    hosts: sorted('hosts'),
    reads: sorted('reads'),
    writes: [
      ...new Set(sorted('writes').flatMap((name) => [...(files.get(name) ?? [name]), ...(isCut ? [name] : [])])),
    ].toSorted(),
    secrets: sorted('secrets'),
    agents: sorted('agents'),
    workflows: sorted('workflows'),
  };
}
