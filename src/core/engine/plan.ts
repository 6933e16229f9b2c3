import type { Json } from '../../shared/json.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import type { Condition, Step, Workflow } from '../../shared/model/workflow.ts';
import { analyzeText } from '../workflow/index.ts';
import { withImpliedLoops } from './implied-loops.ts';
import { isBlock, isPause } from './kinds/index.ts';
import type { PlannedStep } from './ports.ts';
import type { FrameRecord } from './run-state.ts';

/** A version's steps as a tree, with what the engine asks of them again and again. Step ids are unique over the whole tree. */
export interface RunPlanning {
  /** The top steps in file order; the path of a top step is its id. */
  readonly steps: readonly PlannedStep[];
  /** True when the top steps start in the order of their `needs` (SPEC §3.2). */
  readonly hasNeeds: boolean;
  /** The step at a path of a run; at the path of what undoes one, that as a step. */
  at(path: string): PlannedStep | undefined;
  /** The steps that a frame goes through. */
  stepsOf(frame: FrameRecord): readonly PlannedStep[];
  /** The top step that a step is, or stands in. */
  topOf(id: string): PlannedStep | undefined;
  /** Ids of the steps whose end the top step waits for, by SPEC §3.2; asked where `hasNeeds`. */
  neededSteps(id: string): readonly string[];
  /** Names that the step's inputs read without a guard (SPEC §3.2: an upstream failure skips it). */
  neededNames(id: string): readonly string[];
  /** Id of the nearest question before the step in its list; only action steps are asked about. */
  questionBefore(id: string): string | undefined;
  /** Whether deciding about the step works anything out: a block, a condition, or a text with braces. */
  isTemplated(id: string): boolean;
}

const planned = new WeakMap<Workflow, RunPlanning>();

/** The plan of a workflow, made once. */
export function planWorkflow(workflow: Workflow): RunPlanning {
  const known = planned.get(workflow);
  if (known !== undefined) return known;
  const byId = new Map<string, PlannedStep>();
  const groups = new Map<string, readonly PlannedStep[]>();
  const questions = new Map<string, string>();
  const note = (list: readonly Step[]): void => {
    let question: string | undefined;
    for (const step of list) {
      if (step.kind === 'approval') question = step.id;
      else if (step.kind === 'action' && question !== undefined) questions.set(step.id, question);
    }
  };
  const add = (step: Step): PlannedStep => {
    const one = { step, path: step.id, index: byId.size };
    byId.set(step.id, one);
    for (const group of step.groups) {
      groups.set(`${step.id}:${group.name}`, group.steps.map(add));
      note(group.steps);
    }
    return one;
  };
  const top = withImpliedLoops(workflow);
  note(top);
  const steps = top.map(add);
  const tops = new Map(steps.flatMap((one) => idsIn(one.step).map((id) => [id, one] as const)));
  const needed = new Map<string, readonly string[]>();
  const hasNeeds = steps.some(({ step }) => step.needs !== undefined);
  const waitsFor = hasNeeds ? needsOf(steps, tops) : new Map<string, readonly string[]>();
  const templated = new Map<string, boolean>();
  const plan: RunPlanning = {
    steps,
    hasNeeds,
    at: (path) => {
      const undone = undoneBy(path);
      const one = byId.get(stepIdOf(undone ?? path));
      return one === undefined || undone === null ? one : { ...one, step: undoStepOf(one.step), path };
    },
    stepsOf: ({ block, group }) => (block === null ? steps : (groups.get(`${stepIdOf(block)}:${group}`) ?? [])),
    topOf: (id) => tops.get(id),
    neededSteps: (id) => waitsFor.get(id) ?? [],
    questionBefore: (id) => questions.get(id),
    isTemplated: (id) => {
      let is = templated.get(id);
      if (is === undefined) {
        const one = byId.get(id);
        is = one !== undefined && isTemplated(one.step);
        templated.set(id, is);
      }
      return is;
    },
    neededNames: (id) => {
      let names = needed.get(id);
      if (names === undefined) {
        const one = byId.get(id);
        names = one === undefined ? [] : neededBy(one.step);
        needed.set(id, names);
      }
      return names;
    },
  };
  planned.set(workflow, plan);
  return plan;
}

/** What each top step waits for: what it says, else the step above it. */
function needsOf(
  steps: readonly PlannedStep[],
  tops: ReadonlyMap<string, PlannedStep>,
): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>();
  let above: readonly string[] = [];
  for (const { step, path } of steps) {
    needs.set(path, step.needs?.map((one) => tops.get(one)?.path ?? one) ?? above);
    above = [path];
  }
  return needs;
}

/** What undoes a step, as a step: it has no policy of its own, and is held to the same limits. */
const undoStepOf = ({ id, name, place, permissions }: Step): Step => ({
  id,
  kind: 'action',
  name,
  description: '',
  place,
  enabled: true,
  inputs: {},
  conditions: [],
  onError: [],
  groups: [],
  detail: {},
  ...(permissions === undefined ? {} : { permissions }),
});

/** Last segment of a path without its iteration index. */
export const stepIdOf = (path: string): string => (path.split('.').at(-1) ?? path).replace(/\[\d+\]$/, '');

const isTemplated = (step: Step): boolean => {
  const { conditions, action, inputs, agentHints, fallback } = step;
  return (
    isBlock(step) ||
    isPause(step) ||
    conditions.length > 0 ||
    holdsBrace([action ?? null, inputs, agentHints ?? null, fallback?.action ?? null, fallback?.inputs ?? null])
  );
};

const holdsBrace = (value: Json): boolean =>
  typeof value === 'string'
    ? value.includes('{')
    : value !== null && typeof value === 'object' && Object.values(value).some(holdsBrace);

function neededBy(step: Step): readonly string[] {
  const implied = step.kind === 'for_each' ? step.detail.implied : undefined;
  return implied === undefined ? unguardedNames([step.inputs, step.action ?? null]) : [implied.list];
}

const idsIn = (step: Step): readonly string[] => [
  step.id,
  ...step.groups.flatMap((group) => group.steps.flatMap(idsIn)),
];

const unguardedNames = (value: Json): readonly string[] => [
  ...new Set(referencesIn(value).flatMap(({ guarded, root }) => (guarded ? [] : [root]))),
];

/** Names that the action and the inputs of a step read. */
export const namesRead = ({ inputs, action, agentHints }: Step): ReadonlySet<string> =>
  new Set(referencesIn([inputs, action ?? null, agentHints ?? null]).map(({ root }) => root));

/** Names that a step and those inside of it set. */
export const setNames = (step: Step): readonly string[] => [
  ...(step.outputVariable === undefined ? [] : [step.outputVariable]),
  ...(step.kind === 'for_each' && step.detail.errors_variable !== undefined ? [step.detail.errors_variable] : []),
  ...(step.action === 'workflow.set' ? Object.keys(step.inputs) : []),
  ...step.groups.flatMap((group) => group.steps.flatMap(setNames)),
];

function referencesIn(value: Json): readonly { readonly root: string; readonly guarded: boolean }[] {
  if (typeof value === 'string') return value.includes('{') ? analyzeText(value, 'template').references : [];
  return value === null || typeof value !== 'object'
    ? []
    : Object.values(value).flatMap((one: Json) => referencesIn(one));
}

/** A condition as one line of text. */
export const conditionText = (condition: Condition): string =>
  typeof condition === 'string' ? condition : String(condition);
