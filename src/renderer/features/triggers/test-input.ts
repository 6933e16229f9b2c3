import type { DeliveryDetail } from '../../../shared/contract/index.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { keepRunDraft } from '../../client/use-draft.ts';
import { initialValues } from '../../ui/form-values.ts';
import { workflowLink } from '../../ui/links.ts';

const WHOLE_PATH = /^\s*\{\{\s*trigger((?:\.[A-Za-z_]\w*)+)\s*\}\}\s*$/;

/**
 * The inputs that a delivery would give, as far as they are told without working out templates: values as written, and those that are
 * one path into what came. What is more than that is left to the person.
 */
export function plainInputs(written: Json | undefined, data: JsonMap): JsonMap {
  if (!isJsonMap(written)) return {};
  const inputs: Record<string, Json> = {};
  for (const [name, value] of Object.entries(written)) {
    const path = typeof value === 'string' ? WHOLE_PATH.exec(value)?.[1]?.slice(1).split('.') : undefined;
    const found = path?.reduce<Json | undefined>((at, key) => (isJsonMap(at) ? at[key] : undefined), data);
    if (found !== undefined) inputs[name] = found;
    else if (typeof value !== 'string' || !value.includes('{')) inputs[name] = value;
  }
  return inputs;
}

/** What came, or fell due, and the run that it made. */
export interface Came extends Pick<DeliveryDetail, 'triggerKey' | 'data'> {
  readonly run: Pick<RunSummary, 'runId' | 'workflowId'> | null;
}

/** What the run of a delivery was given, or else what can be told of it. */
async function inputsOf({ run, triggerKey, data }: Came): Promise<JsonMap> {
  if (run !== null) return (await call('runs.planReplay', { runId: run.runId })).given;
  const known = triggerList.store.getState().data.value?.triggers.find(({ key }) => key === triggerKey);
  return plainInputs(known?.config.inputs ?? known?.config.workflow_inputs, data);
}

/** Opens the form that starts the workflow, filled with what came. Nothing is started. */
export const openTestInput = (delivery: Came, goTo: (address: string) => void): Promise<void> =>
  act(async () => {
    const key = delivery.triggerKey ?? '';
    const ref = delivery.run?.workflowId ?? key.slice(0, key.indexOf('/'));
    const [{ entry, workflow }, inputs] = await Promise.all([call('workflows.get', { ref }), inputsOf(delivery)]);
    const secret = new Set(workflow.inputs.filter((input) => input.secret).map(({ name }) => name));
    const values = Object.entries(initialValues(workflow.inputs, inputs)).filter(([name]) => !secret.has(name));
    keepRunDraft(entry.ref, Object.fromEntries(values));
    goTo(workflowLink(entry.ref));
  });
