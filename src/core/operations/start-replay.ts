import type { ForkPlan, ParsedInputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { Asked, Cassette, RunReplay } from '../../shared/model/cassette.ts';
import type { CarriedStep, KeptStep } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { effectClassOf, planWorkflow, type RunnableVersion, type StartRequest } from '../engine/index.ts';
import { showPath } from '../projects/index.ts';
import { splitAction } from '../workflow/index.ts';
import { requireInputs } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import { inputContext } from './secret-inputs.ts';
import { requireNoApproval } from './start-approval.ts';
import { checkStart, launchStart, type PreparedStart, pinVersion, readStart } from './start-run.ts';
import { findSubWorkflows } from './sub-workflows.ts';
import { requireNotWithdrawn, requireTrusted } from './trust-gate.ts';
import { type FoundRecording, findRecording } from './workflow-tests.ts';

type Wanted = ParsedInputOf<'cassettes.replay'>;

/** Starts a run that is answered from a recording. Errors: as of `cassettes.replay`. */
export async function startReplay(
  session: ProjectSession,
  { recording, latest, from }: Wanted,
  actor: Actor,
): Promise<{ readonly runId: string }> {
  const found = await findRecording(session, recording);
  const { tape, name, of } = found;
  if (from !== undefined) return startFork(session, found, { from, latest }, actor);
  const request: Omit<StartRequest, 'version'> = {
    ...startedLike(found),
    ...{ inputs: partOf<JsonMap>(tape, tape.start.inputs), trigger: { type: 'replay' }, actor },
    replay: { name, from: null, tape },
  };
  if (of !== null && !latest) {
    const { versionHash, pins = [], workflowPath } = of.created;
    requireNotWithdrawn(session, workflowPath);
    return session.heldVersions.during([versionHash], async () =>
      session.engine.start({ ...request, pins, version: await session.host.loadVersion(of.created) }),
    );
  }
  const prepared = await prepareToday(session, found);
  requireTrusted(session, prepared.version);
  const { pins, found: called } = await findSubWorkflows(session, prepared);
  const versions = [prepared, ...called];
  return session.heldVersions.during(
    versions.map(({ version }) => version.hash),
    async () => {
      for (const one of versions) await pinVersion(session, one.reading);
      return session.engine.start({ ...request, pins, inputs: prepared.inputs, version: prepared.version });
    },
  );
}

/** Before a step the recording, from it on the workflow as it is: a start like any other, with all that is asked before one. */
async function startFork(
  session: ProjectSession,
  found: FoundRecording,
  { from, latest }: { readonly from: string; readonly latest: boolean },
  actor: Actor,
): Promise<{ readonly runId: string }> {
  const { tape, name, of } = found;
  requireStep(tape, from);
  const replay: RunReplay = { name, from, tape };
  if (of !== null && !latest) {
    const { versionHash, pins = [], workflowPath, inputs, sealed, timeoutMs } = of.created;
    requireNotWithdrawn(session, workflowPath);
    const hashes = [versionHash, ...pins.map((pin) => pin.versionHash)];
    return session.heldVersions.during(hashes, async () => {
      const version = await session.host.loadVersion(of.created);
      requireNoApproval(session, [{ version }]);
      // The step keys hang on the recorded run, so that its sealed inputs are known again.
      const secrets = sealed === undefined ? {} : { sealed, originRunId: of.created.originRunId };
      const more = { inputs, ...secrets, pins, timeoutMs, version, actor, replay } as const;
      return session.engine.start({ ...startedLike(found), ...more, trigger: { type: 'manual' } });
    });
  }
  const prepared = await prepareToday(session, found);
  const secret = prepared.version.workflow.inputs.find((one) => one.secret && Object.hasOwn(prepared.inputs, one.name));
  if (secret !== undefined)
    throw new AppError('cassette.not_recordable', `The secret '${secret.name}' is not in the recording.`, {
      hint: 'Replay it as a whole, or start the workflow anew.',
    });
  const { agent, model } = tape.start;
  const given = { agent: agent ?? undefined, model: model ?? undefined };
  const checked = await checkStart(session, prepared, given, actor);
  requireNoApproval(session, [prepared, ...checked.sub.found]);
  const request = { ...checked.request, ...startedLike(found), replay };
  return launchStart(session, { ...checked, request }, () => ({ inputs: prepared.inputs, sealed: [] }));
}

/** What a run takes over from the recording that answers it. */
function startedLike({
  tape,
  of,
}: FoundRecording): Pick<StartRequest, 'agent' | 'agentFrom' | 'model' | 'linkedRunId' | 'carried' | 'kept'> {
  const { agent, agent_from: agentFrom, model, carried, kept } = tape.start;
  return {
    ...{ agent, model, linkedRunId: of?.runId ?? null },
    ...(agentFrom === null ? {} : { agentFrom }),
    ...(carried === null ? {} : { carried: partOf<readonly CarriedStep[]>(tape, carried) }),
    ...(kept === null ? {} : { kept: partOf<readonly KeptStep[]>(tape, kept) }),
  };
}

const partOf = <T>({ parts }: Cassette, hash: string): T => parts[hash] as T;

/** Today's version of the workflow, with the recorded inputs checked against it; of a secret one its name stands there. */
async function prepareToday(session: ProjectSession, { tape, workflow }: FoundRecording): Promise<PreparedStart> {
  const { reading, workflow: today } = await readStart(session, workflow);
  const version = session.host.toVersion(reading, showPath(session.paths, reading.path));
  const given = partOf<JsonMap>(tape, tape.start.inputs);
  const secret = new Set(today.inputs.flatMap((one: InputDefinition) => (one.secret ? [one.name] : [])));
  const open = Object.fromEntries(Object.entries(given).filter(([name]) => !secret.has(name)));
  const shown = Object.fromEntries(Object.entries(given).filter(([name]) => secret.has(name)));
  const definitions = today.inputs.filter(({ name }) => !secret.has(name));
  const checked = requireInputs({ ...today, inputs: definitions }, open, inputContext(session, version));
  return { reading, version, inputs: { ...checked, ...shown } };
}

function requireStep({ steps }: Cassette, from: string): void {
  if (steps.some(({ path }) => path === from)) return;
  throw new AppError('step.not_found', `The recording has no step '${from}'.`, {
    hint: `Steps: ${steps
      .slice(0, 20)
      .map(({ path }) => path)
      .join(', ')}`,
  });
}

/** What a fork would do for real. Errors: as of a replay. */
export async function planFork(session: ProjectSession, { recording, latest, from }: Wanted): Promise<ForkPlan> {
  const found = await findRecording(session, recording);
  const { tape, of } = found;
  const steps = tape.steps.map(({ path }) => path);
  if (from === undefined) return { steps, repeats: [] };
  requireStep(tape, from);
  const version =
    of !== null && !latest ? await session.host.loadVersion(of.created) : (await prepareToday(session, found)).version;
  const again = new Set(steps.slice(steps.indexOf(from)));
  return { steps, repeats: repeatsOf(tape, again, version) };
}

/** Each step once, however many turns of a loop it had. */
function repeatsOf(tape: Cassette, again: ReadonlySet<string>, version: RunnableVersion): ForkPlan['repeats'] {
  const plan = planWorkflow(version.workflow);
  const found = new Map<string, ForkPlan['repeats'][number]>();
  for (const { path, role, asked } of tape.exchanges) {
    const planned = plan.at(path);
    if (planned === undefined || !again.has(path) || (role !== 'main' && role !== 'fallback')) continue;
    const { tool, operation } = splitAction(partOf<Asked>(tape, asked).action);
    const isAgent = tool === 'agent';
    const effect = isAgent ? 'idempotent' : (version.tools.get(tool)?.traits(operation).effect ?? 'idempotent');
    const step = {
      path: planned.path,
      name: planned.step.name,
      effect: effectClassOf(planned.step, { effect }, isAgent),
    };
    if (found.get(planned.path)?.effect !== 'effect') found.set(planned.path, step);
  }
  return [...found.values()];
}
