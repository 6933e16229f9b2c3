import type { UnattendedCheck, UnattendedChoice, UnattendedName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { AgentInfo } from '../../shared/model/agent.ts';
import type { HostPeriod, Trigger } from '../../shared/model/trigger.ts';
import type { RunnableVersion } from '../engine/index.ts';
import { type KnownTrigger, previousPlanned, type ScheduleJob } from '../triggers/index.ts';
import { requireTools } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import { chooseRunAgent, needsAgent } from './run-agent.ts';
import { readStart } from './start-run.ts';
import { inputsOf } from './start-triggered.ts';
import { requireTrusted } from './trust-gate.ts';
import { armedVersion, checkPlan, type UnattendedVersion } from './unattended-plan.ts';

/** So many earlier times of the schedule are held against when the computer was on. */
const LOOKED_BACK = 20;
const OFTEN = 0.8;

/** What would be started: of a trigger, or of one that is not saved yet. */
export interface UnattendedStart {
  /** Null where nothing can be armed yet. */
  readonly known: Pick<KnownTrigger, 'status' | 'reason' | 'consent'> | null;
  readonly trigger: Pick<Trigger, 'kind' | 'config' | 'workflowId' | 'workflowPath'>;
}

/**
 * What a run with nobody there needs, and how it stands now; nothing is started and nobody is asked. `job` = when it is due; null = something
 * that comes starts it, and brings what its inputs are made of.
 */
export async function checkUnattended(
  session: ProjectSession,
  start: UnattendedStart,
  job: ScheduleJob | null,
): Promise<readonly UnattendedCheck[]> {
  const armed = start.known === null ? [] : [checkArmed(start.known)];
  const computer = job === null ? [] : [checkComputer(session, job)];
  const found = await versionOf(session, start).catch(toStop('version'));
  if ('level' in found) return [...armed, found, ...computer];
  const { version } = found;
  const inputs =
    job === null
      ? NO_INPUTS_YET
      : await checked('inputs', 'All inputs have values.', () => inputsAt(session, start, version, job));
  const tools = await checked('tools', 'All tools are there.', () =>
    requireTools(version.workflow, inputs.value ?? {}, version.tools),
  );
  const agent = await checkAgent(session, version);
  const planned = await checkPlan(session, found, inputs.value).catch((error) => [toStop('steps')(error)]);
  return [
    ...armed,
    { name: 'version', level: 'fine', detail: `Version ${version.workflow.version} can run.` },
    inputs.check,
    tools.check,
    agent,
    ...planned,
    ...computer,
  ];
}

const NO_INPUTS_YET = {
  check: { name: 'inputs', level: 'fine', detail: 'What starts it brings its inputs.' },
  value: null,
} as const;

function checkArmed({ status, reason, consent }: NonNullable<UnattendedStart['known']>): UnattendedCheck {
  return status === 'armed'
    ? { name: 'armed', level: 'fine', detail: `Armed by ${consent?.by ?? 'somebody'}.` }
    : { name: 'armed', level: 'stops', detail: reason ?? 'It is not armed.', choice: { to: 'trigger', name: null } };
}

/** The version that would start: the armed one, else that of the folder, which somebody has to trust. */
async function versionOf(session: ProjectSession, { trigger, known }: UnattendedStart): Promise<UnattendedVersion> {
  const { workflowPath } = trigger;
  const consent = known?.consent ?? null;
  if (consent !== null)
    return armedVersion(session, { versionHash: consent.contentHash, workflowPath }, consent.pins ?? []);
  const { reading } = await readStart(session, trigger.workflowId);
  const version = session.host.toVersion(reading, workflowPath);
  requireTrusted(session, version);
  return { version, reading, pins: null };
}

const inputsAt = (
  session: ProjectSession,
  { trigger }: UnattendedStart,
  version: RunnableVersion,
  job: ScheduleJob,
): JsonMap =>
  inputsOf(session, version, {
    trigger,
    data: {},
    plannedAt: previousPlanned(job.timing, session.clock.now()) ?? session.clock.now(),
  });

async function checkAgent(session: ProjectSession, version: RunnableVersion): Promise<UnattendedCheck> {
  const name = 'agent' as const;
  if (!needsAgent(version.workflow)) return { name, level: 'fine', detail: 'No step asks an agent.' };
  try {
    const { agent } = await chooseRunAgent(version, undefined, session);
    if (agent === null) return { name, level: 'fine', detail: 'Each step names its agent.' };
    const health = healthOf(await session.agents.info(agent));
    return { name, ...health, ...(health.level === 'fine' ? {} : { choice: { to: 'agents', name: agent } }) };
  } catch (error) {
    return toStop(name)(error);
  }
}

function healthOf({ name, isInstalled, health, breaker }: AgentInfo): Omit<UnattendedCheck, 'name'> {
  if (!isInstalled) return { level: 'stops', detail: `${name} is not installed on this computer.` };
  if (breaker.state === 'open') return { level: 'stops', detail: `Calls to ${name} are held back after failures.` };
  if (health.lastCheck === null) return { level: 'watch', detail: `Nobody has checked ${name} since the start.` };
  if (!health.isHealthy)
    return { level: 'stops', detail: `${name} is not well: ${health.error?.message ?? ''}`.trim() };
  return { level: 'fine', detail: `${name} is well.` };
}

/** Whether the computer was on at the earlier times of the schedule. */
function checkComputer({ store, clock }: ProjectSession, { timing }: ScheduleJob): UnattendedCheck {
  const times: number[] = [];
  let at = previousPlanned(timing, clock.now());
  while (at !== null && times.length < LOOKED_BACK) {
    times.push(at);
    at = previousPlanned(timing, at);
  }
  const periods = store.hostPeriods.list(times.at(-1) ?? 0, clock.now());
  const known = times.filter((time) => periods.some((period) => holds(period, time)));
  const on = known.filter((time) => periods.findLast((period) => holds(period, time))?.kind === 'on');
  if (known.length === 0)
    return {
      name: 'computer',
      level: 'watch',
      detail: 'It is not known yet whether the computer is on at these times.',
    };
  const level = on.length / known.length >= OFTEN ? 'fine' : 'watch';
  return { name: 'computer', level, detail: `On at ${on.length} of the last ${known.length} times.` };
}

const holds = ({ from, until }: HostPeriod, at: number): boolean => from <= at && (until === null || at < until);

async function checked<T>(
  name: keyof typeof MENDED_AT,
  fine: string,
  work: () => T,
): Promise<{ readonly check: UnattendedCheck; readonly value: T | null }> {
  try {
    return { value: work(), check: { name, level: 'fine', detail: fine } };
  } catch (error) {
    return { value: null, check: toStop(name)(error) };
  }
}

/** Where a person mends what was found. */
const MENDED_AT = {
  version: { to: 'workflow', name: null },
  inputs: { to: 'trigger', name: null },
  tools: { to: 'tools', name: null },
  agent: { to: 'agents', name: null },
  steps: { to: 'workflow', name: null },
} as const satisfies Partial<Record<UnattendedName, UnattendedChoice>>;

const toStop =
  (name: keyof typeof MENDED_AT) =>
  (error: unknown): UnattendedCheck => {
    if (error instanceof AppError) return { name, level: 'stops', detail: error.message, choice: MENDED_AT[name] };
    throw error;
  };
