import type { JsonMap } from '../../shared/json.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { splitAction } from './action-name.ts';
import { actionsOf, allSteps, expandAction, renderAction } from './step-actions.ts';

/** Tools that are part of the product (SPEC §1.4, §1.6): nobody has to provide them. */
export const OWN_TOOLS: ReadonlySet<string> = new Set(['agent', 'workflow']);

/** Tools that steps use, by name, and action names that only a run can tell. Both sorted. */
export function usedTools(workflow: Workflow): {
  readonly tools: readonly string[];
  readonly dynamic: readonly string[];
} {
  const tools = new Set<string>();
  const dynamic = new Set<string>();
  for (const step of allSteps(workflow)) {
    for (const { action } of actionsOf(step)) {
      const names = expandAction(action, workflow.inputs);
      if (names === undefined) dynamic.add(action);
      else for (const name of names) tools.add(splitAction(name).tool);
    }
  }
  return { tools: sortedTools(tools), dynamic: [...dynamic].sort() };
}

function sortedTools(tools: Iterable<string>): readonly string[] {
  return [...new Set(tools)].filter((tool) => tool !== '' && !OWN_TOOLS.has(tool)).sort();
}

/**
 * SPEC §1.10: the tools of `requirements` and of all steps, nested ones too, never `agent` or `workflow`; sorted.
 * `dynamic` are templated actions whose name only a run can tell.
 */
export function requiredTools(workflow: Workflow): {
  readonly tools: readonly string[];
  readonly dynamic: readonly string[];
} {
  const used = usedTools(workflow);
  return { tools: sortedTools([...used.tools, ...workflow.requirements.tools]), dynamic: used.dynamic };
}

/** A tool that a start is certain to need, and the step that needs it first. */
export interface NeededTool {
  readonly tool: string;
  readonly step: Step;
}

/**
 * SPEC §1.10: the tools of a start with these inputs. A templated name is rendered from them and only that tool counts; one that
 * depends on earlier steps is checked when it is reached.
 */
export function toolsOfStart(workflow: Workflow, inputs: JsonMap): readonly NeededTool[] {
  const needed = new Map<string, Step>();
  for (const step of allSteps(workflow)) {
    if (!step.enabled) continue;
    for (const { action } of actionsOf(step)) {
      const name = renderAction(action, inputs);
      const tool = name === undefined ? '' : splitAction(name).tool;
      if (tool !== '' && !OWN_TOOLS.has(tool) && !needed.has(tool)) needed.set(tool, step);
    }
  }
  return [...needed].map(([tool, step]) => ({ tool, step }));
}
