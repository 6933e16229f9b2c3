import { join } from 'node:path';
import type { UnattendedCheck } from '../../shared/contract/index.ts';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { CostLimitUse } from '../../shared/model/cost-limit.ts';
import type { WorkflowPin } from '../../shared/model/events.ts';
import type { PlannedApproval } from '../../shared/model/plan.ts';
import { type BundleReading, readBundle } from '../bundles/index.ts';
import type { RunnableVersion } from '../engine/index.ts';
import { estimateWorkflow } from './cost-estimates.ts';
import { type MadePlan, makePlan, noAgent } from './make-plan.ts';
import type { ProjectSession } from './project-session.ts';
import { readOptions } from './reader.ts';
import { chooseRunAgent } from './run-agent.ts';
import { findSubWorkflows, type SubWorkflow, type SubWorkflows } from './sub-workflows.ts';

/** A version that would start by itself, with its files. */
export interface UnattendedVersion {
  readonly version: RunnableVersion;
  readonly reading: BundleReading;
  /** What was armed with it; null = nothing is armed yet. */
  readonly pins: readonly WorkflowPin[] | null;
}

/** The kept copy of a version that was armed. Errors: `workflow.version_not_found`, `bundle.*`. */
export async function armedVersion(
  session: ProjectSession,
  pinned: { readonly versionHash: string; readonly workflowPath: string },
  pins: readonly WorkflowPin[],
): Promise<UnattendedVersion> {
  const version = await session.host.loadVersion(pinned);
  return { version, reading: await archived(session, version), pins };
}

const archived = ({ paths, env, tools }: ProjectSession, { hash, workflow }: RunnableVersion): Promise<BundleReading> =>
  readBundle(join(paths.archivesDir, hash), { ...readOptions(tools.catalog(), env), folderName: workflow.id });

/** What a run with nobody there meets, from its plan: secrets, people, limits of spending. `inputs` null = they have no values yet. */
export async function checkPlan(
  session: ProjectSession,
  found: UnattendedVersion,
  inputs: JsonMap | null,
): Promise<readonly UnattendedCheck[]> {
  const { version, reading } = found;
  const sub = await subOf(session, found);
  const chosen = { ...(await chooseRunAgent(version, undefined, session).catch(noAgent)), model: null };
  const open = inputs === null ? version.workflow.inputs.map((one) => one.name) : [];
  const plan = makePlan(session, { prepared: { version, reading, inputs: inputs ?? {} }, sub, chosen, open });
  return [
    await checkSecrets(session, plan, version),
    checkPeople(plan),
    checkProblems(plan),
    checkLimits(session, found),
  ];
}

async function subOf(session: ProjectSession, { version, reading, pins }: UnattendedVersion): Promise<SubWorkflows> {
  if (pins === null) return findSubWorkflows(session, { version, reading });
  const found = await Promise.all(
    pins.map(async ({ versionHash, workflowPath }): Promise<SubWorkflow> => {
      const called = await session.host.loadVersion({ versionHash, workflowPath });
      return { version: called, reading: await archived(session, called) };
    }),
  );
  return { pins, found };
}

/** Secrets that it names are there, it may use them, and the key that opens them is at hand. */
async function checkSecrets(
  { secrets }: ProjectSession,
  { touches }: MadePlan,
  { workflow }: RunnableVersion,
): Promise<UnattendedCheck> {
  const name = 'secrets' as const;
  const named = touches.secrets.filter((one) => one !== '');
  if (named.length === 0) return { name, level: 'fine', detail: 'It names no secret.' };
  const stored = new Map(secrets.list().map((one) => [one.name, one]));
  const missing = named.find((one) => !stored.has(one));
  if (missing !== undefined) return stops(name, `The secret ${missing} is not there.`, missing);
  const refused = named.find((one) => {
    const allowed = stored.get(one)?.allowed ?? [];
    return !allowed.includes('*') && !allowed.includes(workflow.id);
  });
  if (refused !== undefined) return stops(name, `It may not use the secret ${refused}.`, refused);
  const problem = await secrets.key.problem();
  return problem === null
    ? { name, level: 'fine', detail: `Its secrets are there: ${named.join(', ')}.` }
    : stops(name, 'The key that opens the secrets is not at hand.', null);
}

const stops = (name: 'secrets', detail: string, about: string | null): UnattendedCheck => ({
  ...{ name, level: 'stops', detail },
  choice: { to: 'secrets', name: about },
});

/** Whom it asks, and what happens when nobody answers. */
function checkPeople({ approvals }: MadePlan): UnattendedCheck {
  const name = 'people' as const;
  const asked = approvals.filter(({ reached }) => reached !== 'no');
  return asked.length === 0
    ? { name, level: 'fine', detail: 'No step asks anybody.' }
    : { name, level: 'watch', detail: asked.map(askedText).join(' '), choice: { to: 'workflow', name: null } };
}

function askedText({ title, path, expires_in_seconds: seconds, on_expire, reached }: PlannedApproval): string {
  const what = `${reached === 'yes' ? 'It' : 'It perhaps'} asks at ${path}: ${title.replace(/[.?!]*$/, '')}`;
  if (seconds === null) return `${what}, and waits until somebody answers.`;
  const hours = `${Math.round(seconds / 36) / 100} h`;
  return `${what}, and ${on_expire === 'fail' ? 'fails' : 'goes on'} when nobody answers within ${hours}.`;
}

/** What a step would fail with, as its plan says. */
function checkProblems({ rows }: MadePlan): UnattendedCheck {
  const name = 'steps' as const;
  const failing = rows.find(({ problem, reached }) => problem !== null && reached !== 'no');
  if (failing === undefined) return { name, level: 'fine', detail: 'No step is known to fail.' };
  const { path, problem, reached } = failing;
  const level = reached === 'yes' ? 'stops' : 'watch';
  return { name, level, detail: `${path}: ${problem}`, choice: { to: 'workflow', name: null } };
}

/** Limits of spending that a run would meet: what is left against what it may cost. */
function checkLimits(session: ProjectSession, { version, reading }: UnattendedVersion): UnattendedCheck {
  const name = 'limits' as const;
  const { low, high } = estimateWorkflow(session, { workflow: version.workflow, reading });
  const hard = session.budget.status().filter((one) => countsFor(one, version.workflow.id));
  const met = (cost: string | null): CostLimitUse | undefined =>
    cost === null ? undefined : hard.find((one) => toE10(cost) > leftOf(one));
  const surely = met(low);
  const perhaps = surely ?? met(high);
  if (perhaps === undefined) return { name, level: 'fine', detail: 'No limit of spending is in its way.' };
  const left = fromE10(Math.max(0, leftOf(perhaps)));
  const detail = `${perhaps.name} has $${left} left, and a run costs ${low === high ? `$${high}` : `$${low} to $${high}`}.`;
  return { name, level: surely === undefined ? 'watch' : 'stops', detail, choice: { to: 'costs', name: perhaps.name } };
}

const leftOf = ({ scope, max_cost, spent, reserved }: CostLimitUse): number =>
  toE10(max_cost) - (scope === 'run' ? 0 : toE10(spent) + toE10(reserved));

const countsFor = ({ scope, scope_id, action_on_limit }: CostLimitUse, workflowId: string): boolean =>
  (action_on_limit === 'block' || action_on_limit === 'pause') &&
  (scope === 'global' || (scope === 'run' && scope_id === null) || (scope === 'workflow' && scope_id === workflowId));
