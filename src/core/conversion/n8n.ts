import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftPlan,
  type DraftScript,
  type DraftStep,
  identifier,
  missingStep,
  type Notes,
  uniqueNames,
} from './draft-plan.ts';
import { type N8nNode, readGraph } from './n8n-graph.ts';
import { convertNode } from './n8n-nodes.ts';
import { n8nTriggers } from './n8n-triggers.ts';

/** Nodes that hand on what they get. */
const HANDS_ON: ReadonlySet<string> = new Set(['noOp', 'if', 'filter', 'wait']);
/** Nodes whose step sets its variable itself, or has nothing to keep. */
const KEEPS_NOTHING: ReadonlySet<string> = new Set(['noOp', 'if', 'filter', 'wait', 'set', 'stopAndError']);

/** Whether a value is a workflow as n8n exports it. */
export const isN8nWorkflow = (value: Json): value is JsonMap =>
  isJsonMap(value) && Array.isArray(value['nodes']) && isJsonMap(value['connections']);

/** The workflows of an export of n8n: one, or several in a list. */
export function convertN8n(workflows: readonly JsonMap[], place: ConversionPlace): Conversion {
  return { format: 'n8n', plans: workflows.map((workflow) => planOf(workflow, place)) };
}

interface Draft {
  readonly nodes: ReadonlyMap<string, N8nNode>;
  readonly variables: ReadonlyMap<string, string>;
  readonly isTrigger: ReadonlySet<string>;
  /** Of the nodes that were converted so far. */
  readonly conditions: Map<string, string | null>;
  readonly notes: Notes;
}

function planOf(workflow: JsonMap, { name, timezone }: ConversionPlace): DraftPlan {
  const notes = collectNotes();
  const { name: title, settings } = workflow;
  const zone = isJsonMap(settings) ? settings['timezone'] : undefined;
  const own = typeof zone === 'string' && zone.includes('/') ? zone : timezone;
  const graph = readGraph(workflow);
  const nodes = graph.nodes.filter(({ type }) => type !== 'stickyNote');
  for (const { name: note, type, parameters } of graph.nodes)
    if (type === 'stickyNote')
      notes.lost(`${note}: ${String(parameters['content'] ?? '')}`, 'notes on the canvas are not taken along');
  for (const { source, target, output } of graph.outputs)
    if (output > 0 && !hasKnownWays(nodes.find((node) => node.name === source)))
      notes.lost(`${source} → ${target}`, 'it runs whatever way is taken there: write its condition');
  if (graph.isCircular) notes.lost('connections', 'the nodes that stand in a circle run once: use a loop');
  const triggers = new Map(nodes.map((node) => [node.name, node.isDisabled ? null : n8nTriggers(node, own, notes)]));
  const isTrigger = new Set(nodes.filter((node) => triggers.get(node.name) != null).map((node) => node.name));
  const free = uniqueNames('_');
  const draft: Draft = {
    nodes: new Map(nodes.map((node) => [node.name, node])),
    variables: new Map(
      nodes.map((node) => [node.name, isTrigger.has(node.name) ? 'trigger' : free(identifier(node.name))]),
    ),
    ...{ isTrigger, conditions: new Map<string, string | null>(), notes },
  };
  const scripts = new Map<string, DraftScript>();
  const work = nodes.filter((node) => !isTrigger.has(node.name));
  const steps = work.map((node) => stepOf(node, draft, scripts));
  if (work.length > 1)
    notes.changed('items', 'a node runs once for each item there; here a step runs once, with all that came');
  return {
    title: typeof title === 'string' && title.trim() !== '' ? title : name.replace(/\.json$/i, ''),
    description: `Made of ${name}`,
    triggers: [...triggers.values()].flatMap((found) => found ?? []),
    ...{ inputs: {}, execution: executionOf(settings, notes) },
    steps: steps.length === 0 ? [missingStep('Nothing to do', 'the workflow has no node that does something')] : steps,
    scripts: [...scripts.values()],
    notes: notes.all,
  };
}

/** Whether it is known here when each way out of it is taken. */
const hasKnownWays = (node: N8nNode | undefined): boolean =>
  node === undefined || node.hasErrorWay || node.type === 'if' || node.type === 'filter';

function executionOf(settings: Json | undefined, notes: Notes): JsonMap {
  if (!isJsonMap(settings)) return {};
  const { executionTimeout, errorWorkflow } = settings;
  if (typeof errorWorkflow === 'string' && errorWorkflow !== '')
    notes.lost(`errorWorkflow: ${errorWorkflow}`, 'no workflow is started by the failure of another one');
  return typeof executionTimeout === 'number' && executionTimeout > 0 ? { timeout: `${executionTimeout}s` } : {};
}

function stepOf(node: N8nNode, draft: Draft, scripts: Map<string, DraftScript>): DraftStep {
  const { notes, variables } = draft;
  const { name, type, credentials } = node;
  const scope = { input: inputOf(node, draft), variables, node: name, notes };
  const made = convertNode(node, scope);
  for (const script of made.scripts ?? []) scripts.set(script.file, script);
  if (credentials.length > 0)
    notes.lost(
      `${name}: ${credentials.join(', ')}`,
      'what it signs in with is not in the file: store it as a secret and name it in the step',
    );
  const condition = conditionOf(node, draft);
  draft.conditions.set(name, condition);
  const action = made.step.block['action'];
  const fails = action === 'workflow.fail' || KEEPS_NOTHING.has(type);
  return {
    ...made.step,
    block: {
      ...made.step.block,
      ...(fails ? {} : { output_variable: variables.get(name) ?? 'value' }),
      ...(condition === null ? {} : { condition }),
      ...(node.retries === null || fails ? {} : { retry: node.retries }),
      ...(node.goesOn ? { on_error: 'continue' } : {}),
      ...(node.isDisabled ? { enabled: false } : {}),
    },
  };
}

/** The variable that holds what a node gets: nodes that only hand on are looked through. */
function inputOf({ from }: N8nNode, draft: Draft): string | null {
  const seen = new Set<string>();
  let source = from[0]?.name;
  while (source !== undefined && !seen.has(source)) {
    seen.add(source);
    const node = draft.nodes.get(source);
    if (node === undefined || !HANDS_ON.has(node.type)) break;
    source = node.from[0]?.name;
  }
  return source === undefined ? null : (draft.variables.get(source) ?? null);
}

/** More words than this are no condition that a person reads. */
const MAX_CONDITION = 1000;

/** When a node runs: when any way that leads to it was taken. Null = always. Nodes come in order, so those before it are known. */
function conditionOf({ name, from }: N8nNode, draft: Draft): string | null {
  const ways = from.map(({ name: source, output }): string | null => {
    const node = draft.nodes.get(source);
    if (node === undefined || draft.isTrigger.has(source)) return null;
    const before = draft.conditions.get(source) ?? null;
    const own = branchOf(node, output, draft);
    return before === null || own === null ? (own ?? before) : `${before} and ${own}`;
  });
  if (ways.length === 0 || ways.includes(null)) return null;
  const each = [...new Set(ways)];
  const condition = each.length === 1 ? (each[0] ?? null) : each.map((way) => `(${way})`).join(' or ');
  if (condition === null || condition.length <= MAX_CONDITION) return condition;
  draft.notes.lost(name, 'too many branches lead to it: write its condition');
  return null;
}

function branchOf({ name, type, hasErrorWay }: N8nNode, output: number, { variables, notes }: Draft): string | null {
  const isChoice = type === 'if' || type === 'filter';
  if (hasErrorWay && output > (isChoice ? 1 : 0)) {
    notes.lost(name, 'what stands behind its errors is never run: give the step what it is to do then (on_error)');
    return 'false';
  }
  if (!isChoice) return null;
  const variable = variables.get(name) ?? 'value';
  return output === 0 ? variable : `not ${variable}`;
}
