import type { Json, JsonMap } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { childScope, renderValue, type Scope, SECOND_PHASE_KEYS } from '../workflow/index.ts';

interface RenderedInputs {
  readonly inputs: JsonMap;
  readonly warnings: readonly StepWarning[];
}

/**
 * The inputs of an agent step in two phases (SPEC §2.4): first everything but `template`, `prompt_template` and `prompt`, then those
 * with the rendered inputs, the keys of `context` and, nearest, the keys of `data` as names. Hints of the agent that really does the
 * step are laid over what is written (§1.5). Throws `template.*`.
 */
export function renderAgentInputs(
  written: JsonMap,
  hints: Step['agentHints'],
  render: { readonly agent: string; readonly scope: Scope; readonly now: number },
): RenderedInputs {
  const { scope, now } = render;
  const merged: Record<string, Json> = { ...written, ...mapOf(hints?.[render.agent] ?? null) };
  const first = Object.fromEntries(Object.entries(merged).filter(([key]) => !SECOND_PHASE_KEYS.has(key)));
  const phaseOne = renderValue(first, scope, { now });
  const values = phaseOne.value as JsonMap;
  const near = childScope(
    childScope(childScope(scope, { ...values }), mapOf(values.context ?? null)),
    mapOf(values.data ?? null),
  );
  const inputs: Record<string, Json> = {};
  const warnings = [...phaseOne.warnings];
  // In the order of the file, so that the prompt reads as it was written.
  for (const [key, value] of Object.entries(merged)) {
    if (!SECOND_PHASE_KEYS.has(key)) inputs[key] = values[key] ?? null;
    else {
      const phaseTwo = renderValue(value, near, { now });
      inputs[key] = phaseTwo.value as Json;
      warnings.push(...phaseTwo.warnings);
    }
  }
  return { inputs, warnings };
}

const mapOf = (value: Json): Readonly<Record<string, Json>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonMap) : {};
