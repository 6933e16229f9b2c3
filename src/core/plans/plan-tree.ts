import type { Json, JsonMap } from '../../shared/json.ts';
import {
  isOpenInput,
  type PlannedApproval,
  type PlannedReach,
  type PlannedRow,
  type PlannedTurns,
} from '../../shared/model/plan.ts';
import type { Step, StepOf } from '../../shared/model/workflow.ts';
import { type BlockStep, isBlock, planWorkflow, rulesOf, setNames, turnNames } from '../engine/index.ts';
import { PlanNames } from './plan-names.ts';
import { actionWork, conditionOf, type PlanPlace, plainWork, reachedOf, sentenceOf } from './plan-row.ts';
import type { PlannedTree, PlanPorts, PlanSubject } from './plan-subject.ts';
import { knownEvaluator, NotKnown, teach } from './render-known.ts';
import { WrittenFiles } from './written-files.ts';

/** More steps than these no person reads. */
const MOST_ROWS = 2_000;
/** Turns of one loop that are shown one by one. */
const MOST_TURNS = 50;

/**
 * The whole tree of a run before it begins (SPEC §13): loops whose items are known turn by turn, branches that the inputs decide, the runs of
 * sub-workflows. Reads what it is handed and calls nothing.
 */
export function planTree(subject: PlanSubject, ports: PlanPorts): PlannedTree {
  const walk = new TreeWalk(ports);
  walk.workflow(subject, { prefix: '', depth: 0, reached: 'yes' });
  return { rows: walk.rows, approvals: walk.approvals, written: walk.written.found, isCut: walk.isCut };
}

/** The steps around: how paths begin, and whether it is reached at all. */
interface Around {
  readonly prefix: string;
  readonly depth: number;
  readonly reached: PlannedReach;
}

interface Inside extends Around {
  readonly group: string | null;
  readonly names: PlanNames;
  readonly subject: PlanSubject;
}

class TreeWalk {
  readonly rows: PlannedRow[] = [];
  readonly approvals: PlannedApproval[] = [];
  readonly written = new WrittenFiles();
  isCut = false;
  readonly #ports: PlanPorts;

  constructor(ports: PlanPorts) {
    this.#ports = ports;
  }

  workflow(subject: PlanSubject, around: Around): void {
    const { version, inputs, hiddenInputs } = subject;
    const { workflow, hash: versionHash } = version;
    const planning = planWorkflow(workflow);
    const steps = planning.steps.map(({ step }) => step);
    const names = new PlanNames({ workflow, versionHash, inputs, hiddenInputs });
    const inside = { ...around, group: null, names, subject };
    if (planning.hasNeeds) {
      // What does not start in the order of the file sees whatever others have set by then.
      names.forget(steps.flatMap(setNames));
      for (const step of steps) this.#list([step], { ...inside, names: names.fork() });
    } else this.#list(steps, inside);
  }

  #list(steps: readonly Step[], inside: Inside): void {
    for (const step of steps) this.#step(step, inside);
  }

  #step(step: Step, inside: Inside): void {
    if (this.rows.length >= MOST_ROWS) {
      this.isCut = true;
      return;
    }
    const { names, prefix, depth, group } = inside;
    const condition = conditionOf(step, names);
    const reached = reachedOf(inside.reached, condition);
    const place: PlanPlace = { path: `${prefix}${step.id}`, depth, group, names, reached };
    const at = this.rows.length;
    const row = (work: Omit<PlannedRow, keyof ReturnType<typeof head>>): void => {
      this.rows[at] = { ...head(step, place, condition), ...work };
    };
    if (step.kind === 'action') row({ ...actionWork(step, names, inside.subject, this.#ports), turns: null });
    else if (step.kind === 'workflow') this.#child(step, { ...inside, reached }, place, row);
    else if (isBlock(step)) this.#block(step, { ...inside, reached }, place, row);
    else this.#pause(step, place, row);
    if (reached !== 'no') this.written.add(step, names);
    this.#after(step, place, this.rows[at]);
  }

  /** What is known of the names behind a step. */
  #after(step: Step, { names, reached }: PlanPlace, row: PlannedRow | undefined): void {
    if (reached === 'no') return;
    names.forget(setNames(step));
    if (row?.action !== 'workflow.set' || reached !== 'yes' || row.problem !== null) return;
    teach(names, { value: row.inputs, unknown: row.unknown }, '');
  }

  #pause(step: Step, place: PlanPlace, row: SetRow): void {
    if (step.kind !== 'approval') {
      row({ ...plainWork(step, place.names, waitWritten(step)), turns: null });
      return;
    }
    const { title, description, approvers, min_approvals, on_expire, expires_in_ms } = step.detail;
    const work = plainWork(step, place.names, {
      title,
      ...(description === '' ? {} : { description }),
      ...(approvers.length === 0 ? {} : { approvers }),
    });
    row({ ...work, turns: null });
    const { title: shown, approvers: asked } = work.inputs;
    this.approvals.push({
      path: place.path,
      title: (typeof shown === 'string' ? shown.trim() : '') || step.name,
      approvers: Array.isArray(asked) ? asked.map(String) : [],
      min_approvals,
      expires_in_seconds: expires_in_ms === undefined ? null : expires_in_ms / 1000,
      on_expire,
      reached: place.reached,
    });
  }

  #child(step: StepOf<'workflow'>, inside: Inside, { path, names }: PlanPlace, row: SetRow): void {
    const work = plainWork(step, names, step.inputs);
    const action = `workflow ${step.detail.workflow}`;
    try {
      const child = this.#ports.child(inside.subject.version, step.detail.workflow, partsOf(work));
      row({ ...work, action, effect: 'unknown', turns: null });
      this.workflow(child, { prefix: `${path}/`, depth: inside.depth + 1, reached: inside.reached });
    } catch (error) {
      row({ ...work, action, effect: 'unknown', turns: null, problem: sentenceOf(error) });
    }
  }

  #block(step: BlockStep, inside: Inside, place: PlanPlace, row: SetRow): void {
    const decided = decide(step, place.names);
    const turns = turnsOf(step, decided.value, place.reached);
    row({ ...plainWork(step, place.names, {}), turns, problem: decided.problem });
    const body = { ...inside, depth: inside.depth + 1 };
    if (step.kind === 'for_each') this.#forEach(step, itemsIn(decided.value), body, place);
    else if (step.kind === 'while') this.#while(step, turns, body, place);
    else if (step.kind === 'if' || step.kind === 'switch') this.#branches(step, decided.value, body, place);
    else if (step.kind === 'try') this.#try(step, body, place);
    else for (const { name, steps } of step.groups) this.#list(steps, inGroup(body, place, name));
  }

  #forEach(step: StepOf<'for_each'>, items: readonly Json[] | null, inside: Inside, { path, names }: PlanPlace): void {
    const body = step.groups[0]?.steps ?? [];
    const turn = (at: number | '*', locals: JsonMap | null, reached: PlannedReach): void => {
      const own = names.fork();
      if (locals === null) own.forget(['loop', step.detail.as, step.detail.index_as ?? 'loop']);
      else teach(own, { value: locals, unknown: [] }, '');
      this.#list(body, { ...inside, reached, prefix: `${path}[${at}].`, group: 'body', names: own });
    };
    if (items === null || items.length > MOST_TURNS)
      turn('*', null, items === null && inside.reached === 'yes' ? 'maybe' : inside.reached);
    else items.forEach((_item, at) => void turn(at, turnNames(step, items, at), inside.reached));
  }

  #while(step: StepOf<'while'>, turns: PlannedTurns | null, inside: Inside, { path, names }: PlanPlace): void {
    const own = names.fork();
    own.forget(['loop', ...setNames(step)]);
    const reached = turns?.high === 0 ? 'no' : inside.reached === 'yes' ? 'maybe' : inside.reached;
    this.#list(step.groups[0]?.steps ?? [], { ...inside, reached, prefix: `${path}[*].`, group: 'body', names: own });
  }

  /** One branch at most is taken; which, the inputs may decide. */
  #branches(step: Step, decision: JsonMap | null, inside: Inside, place: PlanPlace): void {
    const open = inside.reached === 'yes' ? 'maybe' : inside.reached;
    for (const { name, steps } of step.groups) {
      const reached = decision === null ? open : decision.branch === name ? inside.reached : 'no';
      this.#list(steps, { ...inGroup(inside, place, name), reached });
    }
  }

  #try(step: StepOf<'try'>, inside: Inside, place: PlanPlace): void {
    const open = inside.reached === 'yes' ? 'maybe' : inside.reached;
    for (const { name, steps } of step.groups) {
      const own = inGroup(inside, place, name);
      if (name !== 'try') own.names.forget(setNames(step));
      const reached = name.startsWith('catch') ? open : inside.reached;
      this.#list(steps, { ...own, reached });
    }
  }
}

/** Inside of one part of a step, which may know more than what follows the step. */
const inGroup = (inside: Inside, { path, names }: PlanPlace, group: string): Inside => ({
  ...inside,
  prefix: `${path}.`,
  group,
  names: names.fork(),
});

type RowHead = ReturnType<typeof head>;
type SetRow = (work: Omit<PlannedRow, keyof RowHead>) => void;

const head = (step: Step, { path, depth, group, reached }: PlanPlace, condition: PlannedRow['condition']) => ({
  ...{ step_id: step.id, path, depth, group, kind: step.kind, name: step.name, condition, reached },
});

/** What a block decides when it begins; null where only the run can tell. */
function decide(step: Step, names: PlanNames): { readonly value: JsonMap | null; readonly problem: string | null } {
  if (!isBlock(step)) return { value: null, problem: null };
  try {
    const evaluate = knownEvaluator(names);
    if (step.kind === 'while') return { value: { holds: evaluate.condition(step.detail.while) }, problem: null };
    return { value: rulesOf(step).decide(step, evaluate), problem: null };
  } catch (error) {
    if (error instanceof NotKnown) return { value: null, problem: null };
    return { value: null, problem: sentenceOf(error) };
  }
}

const itemsIn = (decision: JsonMap | null): readonly Json[] | null => {
  const items = decision?.items;
  return Array.isArray(items) ? items : null;
};

function turnsOf(step: Step, decision: JsonMap | null, reached: PlannedReach): PlannedTurns | null {
  if (step.kind !== 'for_each' && step.kind !== 'while') return null;
  if (reached === 'no') return { low: 0, high: 0 };
  if (step.kind === 'while') {
    const { holds = null } = decision ?? {};
    return { low: holds === true ? 1 : 0, high: holds === false ? 0 : step.detail.max_iterations };
  }
  const items = itemsIn(decision);
  return items === null ? { low: 0, high: step.detail.max_items } : { low: items.length, high: items.length };
}

/** The inputs of a child run: the known ones, and the names of the others. */
function partsOf({ inputs, unknown }: Pick<PlannedRow, 'inputs' | 'unknown'>): {
  readonly inputs: JsonMap;
  readonly hidden: readonly string[];
} {
  const hidden = Object.keys(inputs).filter((key) => isOpenInput(unknown, key));
  return { inputs: Object.fromEntries(Object.entries(inputs).filter(([key]) => !hidden.includes(key))), hidden };
}

/** What a step that waits waits for, as it is written. */
const waitWritten = (step: Step): JsonMap =>
  step.kind === 'wait' ? (Object.fromEntries(Object.entries(step.detail)) as JsonMap) : {};
