import type { Json } from '../../shared/json.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { type PlannedCalls, USUAL_CALL } from '../costs/index.ts';
import { splitAction } from '../workflow/index.ts';

/** Who does a step, as far as that is written. */
export interface Written {
  readonly agent: string | null;
  readonly model: string | null;
}

export interface CallPlan {
  readonly calls: readonly PlannedCalls[];
  /** How often a loop turns, or what a child run asks, is not known before. */
  readonly isOpen: boolean;
}

/** How often, from least to most. */
interface Times {
  readonly low: number;
  readonly high: number;
}

/** Turns of a loop of which nobody knows the number. */
const UNKNOWN_TURNS: Times = { low: 0, high: 10 };
const CHARACTERS_A_TOKEN = 4;

/** What a run asks agents, as its steps are written: conditions may leave calls out, loops repeat them. */
export function plannedCalls(workflow: Workflow, writtenOf: (step: Step) => Written): CallPlan {
  const calls: PlannedCalls[] = [];
  const implied = new Set((workflow.impliedLoops ?? []).flatMap(({ stepIds }) => stepIds));
  let isOpen = false;
  const walk = (steps: readonly Step[], times: Times): void => {
    for (const step of steps) {
      if (!step.enabled) continue;
      if (step.kind === 'workflow' || implied.has(step.id) || (step.kind === 'for_each' && itemsOf(step) === null))
        isOpen = true;
      const own = product(times, implied.has(step.id) ? UNKNOWN_TURNS : ONCE);
      const reached: Times = step.conditions.length === 0 ? own : { ...own, low: 0 };
      if (isAgent(step)) calls.push(callOf(step, writtenOf(step), reached));
      for (const group of step.groups) walk(group.steps, product(reached, timesOf(step, group.name)));
    }
  };
  walk(workflow.steps, ONCE);
  return { calls, isOpen };
}

const ONCE: Times = { low: 1, high: 1 };
const MAYBE: Times = { low: 0, high: 1 };

const product = (one: Times, other: Times): Times => ({ low: one.low * other.low, high: one.high * other.high });

const isAgent = ({ action }: Step): boolean => action !== undefined && splitAction(action).tool === 'agent';

/** How often a block does what is in one of its parts. */
function timesOf(step: Step, group: string): Times {
  switch (step.kind) {
    case 'for_each': {
      const items = itemsOf(step);
      return items === null ? UNKNOWN_TURNS : { low: items, high: items };
    }
    case 'while':
      return { low: 0, high: step.detail.max_iterations };
    case 'if':
    case 'switch':
      return MAYBE;
    case 'try':
      return group.startsWith('catch') ? MAYBE : ONCE;
    default:
      return ONCE;
  }
}

/** Of a list or map that is written out. */
function itemsOf({ detail }: Extract<Step, { kind: 'for_each' }>): number | null {
  const { for_each: items } = detail;
  if (Array.isArray(items)) return items.length;
  return typeof items === 'object' && items !== null ? Object.keys(items).length : null;
}

function callOf({ inputs }: Step, { agent, model }: Written, { low, high }: Times): PlannedCalls {
  const tokens = Math.ceil(textLength(inputs) / CHARACTERS_A_TOKEN);
  const { max_tokens: most } = inputs;
  return {
    ...{ agent: agent ?? '', model, low, high },
    inputTokens: Math.max(USUAL_CALL.inputTokens, tokens),
    outputTokens:
      typeof most === 'number' && most > 0 ? Math.min(most, USUAL_CALL.outputTokens) : USUAL_CALL.outputTokens,
  };
}

/** Characters of all that is written in a value. */
const textLength = (value: Json): number => (typeof value === 'string' ? value.length : JSON.stringify(value).length);
