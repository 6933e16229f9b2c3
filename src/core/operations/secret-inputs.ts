import type { Json, JsonMap } from '../../shared/json.ts';
import type { Declared } from '../../shared/model/trust.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import type { RunnableVersion, SecretRun } from '../engine/index.ts';
import { inputsMarkedIn, type MarkedRun, type SecretStore } from '../governance/index.ts';
import { createRedactor } from '../redaction/index.ts';
import type { InputContext } from '../workflow/index.ts';
import type { ProjectSession } from './project-session.ts';

/** The inputs of a run as they are stored: markers stand for the secret ones. */
export interface SealedStart {
  readonly inputs: JsonMap;
  readonly sealed: readonly string[];
}

/** Names the markers that stand for stored secrets between reading the inputs of a start and sealing them: no run has this id. */
const START = 'inputs of a start';

/** The run whose markers hold where something is called for it. */
export const markedRun = ({ runId, created }: SecretRun, declared: Declared | null): MarkedRun => ({
  markedBy: created.originRunId,
  workflowId: created.workflowId,
  sealed: created.sealed ?? [],
  runId,
  declared: declared?.secrets ?? null,
});

/** What the defaults of a version's inputs may refer to now. */
export const inputContext = (
  session: Pick<ProjectSession, 'clock' | 'host' | 'secrets'>,
  { env }: Pick<RunnableVersion, 'env'>,
): InputContext => ({
  now: session.clock.now(),
  env: { ...session.host.allowedEnv, ...env },
  secrets: session.secrets.markers(START),
});

/**
 * Seals the secret ones among the inputs of a start, as late as possible: what is refused after it leaves a sealed value behind. `from` =
 * the run that some of them came from. Errors: `secret.*`.
 */
export async function sealInputs(
  session: Pick<ProjectSession, 'secrets'>,
  { workflow, declared }: Pick<RunnableVersion, 'workflow' | 'declared'>,
  inputs: JsonMap,
  from: SecretRun | null = null,
): Promise<SealedStart> {
  const { secrets } = session;
  const start: MarkedRun = {
    markedBy: START,
    workflowId: workflow.id,
    sealed: [],
    runId: null,
    declared: declared?.secrets ?? null,
  };
  const opened = await fillSome(secrets, workflow.inputs, inputs, start);
  const sealed: string[] = [];
  const shown: Record<string, Json> = { ...opened };
  for (const { name, secret } of workflow.inputs) {
    const value = opened[name];
    if (!secret || value === undefined) continue;
    const { id, marker } = await secrets.inputs.seal(name, value);
    shown[name] = marker;
    sealed.push(id);
  }
  const taken = from === null ? [] : inputsMarkedIn(shown, from.created.sealed ?? []).values();
  return { inputs: shown, sealed: [...sealed, ...taken] };
}

/** Inputs that come from another run, with the values of its secrets where the input is secret itself: to be checked and sealed anew. */
export const openInputs = async (
  { secrets, host }: Pick<ProjectSession, 'secrets' | 'host'>,
  definitions: readonly InputDefinition[],
  inputs: JsonMap,
  from: SecretRun,
): Promise<JsonMap> =>
  fillSome(secrets, definitions, inputs, { ...markedRun(from, await host.declaredOf(from)), runId: null });

/** The inputs of a start for people: the names of the secret ones. */
export const shownInputs = (definitions: readonly InputDefinition[], inputs: JsonMap): JsonMap =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      definitions.some((one) => one.secret && one.name === name) ? `[secret:${name}]` : value,
    ]),
  );

/** What came with a start, with the names of its secret inputs in the place of their values. */
export function withoutInputs(definitions: readonly InputDefinition[], inputs: JsonMap, data: JsonMap): JsonMap {
  const redactor = createRedactor();
  for (const { name, secret } of definitions) if (secret) redactor.hold('', name, inputs[name] ?? null);
  return redactor.redact(data);
}

async function fillSome(
  secrets: SecretStore,
  definitions: readonly InputDefinition[],
  inputs: JsonMap,
  run: MarkedRun,
): Promise<JsonMap> {
  const secret = definitions.filter((one) => one.secret && Object.hasOwn(inputs, one.name)).map(({ name }) => name);
  const some = Object.fromEntries(secret.map((name) => [name, inputs[name] ?? null]));
  const filled = await secrets.fill({ inputs: some, env: {} }, run);
  return { ...inputs, ...filled?.inputs };
}
