import { isJsonMap, type Json, type JsonMap, pointerKey } from '../../shared/json.ts';
import type { PartlyKnown } from '../../shared/model/plan.ts';
import type { Condition, Step } from '../../shared/model/workflow.ts';
import { createEvaluator, type Evaluator } from '../engine/index.ts';
import { analyzeText, renderValue, SECOND_PHASE_KEYS } from '../workflow/index.ts';
import type { PlanNames } from './plan-names.ts';

/** Texts that read `now` are not rendered: the instant is never looked at. */
const NO_TIME = { now: 0 };

/** A text reads what only the run will have. */
export class NotKnown extends Error {}

/** Whether all that a text reads is known. */
export const isKnownText = (text: string, names: PlanNames, mode: 'template' | 'condition' = 'template'): boolean =>
  (mode === 'template' && !text.includes('{')) ||
  analyzeText(text, mode).references.every((reference) => names.knows(reference));

/** Renders the texts of which all is known; the others stay as they are written. Errors: `template.*`. */
export function renderKnown(written: Json, names: PlanNames): PartlyKnown {
  const unknown: string[] = [];
  const scope = names.scope();
  const render = (value: Json, at: string): Json => {
    if (typeof value === 'string') {
      if (isKnownText(value, names)) return renderValue(value, scope, NO_TIME).value as Json;
      unknown.push(at);
      return value;
    }
    if (Array.isArray(value)) return value.map((one: Json, index) => render(one, `${at}/${index}`));
    if (!isJsonMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, render(one, `${at}/${pointerKey(key)}`)]),
    );
  };
  return { value: render(written, ''), unknown };
}

/** The inputs of a tool step, as far as they are known. Errors: `template.*`. */
export const renderKnownInputs = (written: JsonMap, names: PlanNames): PartlyKnown<JsonMap> =>
  renderKnown(written, names) as PartlyKnown<JsonMap>;

/**
 * The inputs of an agent step in their two phases (SPEC §2.4), as far as they are known: what of the first phase is unknown hides the names
 * that the second one would read. Errors: `template.*`.
 */
export function renderKnownAgentInputs(
  written: JsonMap,
  hints: Step['agentHints'],
  { agent, names }: { readonly agent: string; readonly names: PlanNames },
): PartlyKnown<JsonMap> {
  const merged: JsonMap = { ...written, ...mapOf(hints?.[agent]) };
  const isSecond = (key: string): boolean => SECOND_PHASE_KEYS.has(key);
  const first = renderKnownInputs(
    onlyKeys(merged, (key) => !isSecond(key)),
    names,
  );
  const near = names.fork();
  let isHidden = false;
  teach(near, first, '');
  for (const key of ['context', 'data']) {
    if (first.unknown.includes(`/${key}`)) isHidden = true;
    teach(near, { value: mapOf(first.value[key]), unknown: first.unknown }, `/${key}`);
  }
  const values: Record<string, Json> = {};
  const unknown = [...first.unknown];
  for (const [key, text] of Object.entries(merged)) {
    if (!isSecond(key)) values[key] = first.value[key] ?? null;
    else if (isHidden && holdsTemplate(text)) {
      values[key] = text;
      unknown.push(`/${pointerKey(key)}`);
    } else {
      const second = renderKnown(text, near);
      values[key] = second.value;
      unknown.push(...second.unknown.map((at) => `/${pointerKey(key)}${at}`));
    }
  }
  return { value: values, unknown };
}

/** The keys of a map become names, known or not; `at` = where the map stands. */
export function teach(names: PlanNames, { value, unknown }: PartlyKnown<JsonMap>, at: string): void {
  for (const [key, one] of Object.entries(value)) {
    const place = `${at}/${pointerKey(key)}`;
    if (unknown.some((other) => other === place || other.startsWith(`${place}/`))) names.forget([key]);
    else names.learn(key, one);
  }
}

const onlyKeys = (map: JsonMap, keeps: (key: string) => boolean): JsonMap =>
  Object.fromEntries(Object.entries(map).filter(([key]) => keeps(key)));

const mapOf = (value: Json | undefined): JsonMap => (isJsonMap(value) ? value : {});

const holdsTemplate = (value: Json): boolean => JSON.stringify(value).includes('{');

/** Works out what a block asks; throws {@link NotKnown} where only the run can tell. Errors: `template.*`. */
export function knownEvaluator(names: PlanNames): Evaluator {
  const plain = createEvaluator(names.scope(), NO_TIME.now, () => undefined);
  return {
    ...plain,
    condition: (text) => {
      requireKnown(conditionKnown(text, names));
      return plain.condition(text);
    },
    value: (written) => {
      requireKnown(valueKnown(written, names));
      return plain.value(written);
    },
  };
}

/** Whether a condition can be decided now. */
export const conditionKnown = (condition: Condition, names: PlanNames): boolean =>
  typeof condition === 'boolean' || isKnownText(condition, names, 'condition');

function valueKnown(written: Json, names: PlanNames): boolean {
  if (typeof written === 'string') return isKnownText(written.includes('{') ? written : `{{ ${written} }}`, names);
  return renderKnown(written, names).unknown.length === 0;
}

function requireKnown(isKnown: boolean): void {
  if (!isKnown) throw new NotKnown();
}
