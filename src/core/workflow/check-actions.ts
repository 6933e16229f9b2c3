import type { JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { type PatternBudget, patternBudget } from '../../shared/safe-pattern.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { type Tool, type ToolCatalog, unheldLimits, unheldText } from '../tool-port/index.ts';
import { splitAction } from './action-name.ts';
import { OWN_TOOLS, usedTools } from './required-tools.ts';
import { spellInputs } from './spellings.ts';
import { actionsOf, allSteps, expandAction, type StepAction } from './step-actions.ts';
import { AGENT_OPERATIONS, BUILT_IN_OPERATIONS } from './words.ts';

const TOOL_NAME = /^[A-Za-z_][\w-]*$/;
const OPERATION_NAME = /^[A-Za-z_][\w./:-]*$/;

/**
 * The checks that need tools (SPEC §1.10): the form of every action, whether its tool and operation exist, and its
 * parameters through `Tool.check`. A templated name is checked for each of its values, else reported as a notice.
 */
export function checkActions(workflow: Workflow, catalog: ToolCatalog, file: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  const used = new Set(usedTools(workflow).tools);
  for (const tool of workflow.requirements.tools) {
    if (OWN_TOOLS.has(tool) || used.has(tool) || catalog.get(tool) !== undefined) continue;
    found.push({
      severity: 'warning',
      code: 'tool.not_found',
      message: `Required tool not available: ${tool}`,
      file,
      ...near(tool, catalog.names()),
    });
  }
  const known: Known = { workflow, catalog, patterns: patternBudget() };
  for (const step of allSteps(workflow)) {
    for (const action of actionsOf(step))
      found.push(...checkStepAction(step, action, known).map((one) => placed(one, step, file)));
  }
  return found;
}

interface Known {
  readonly workflow: Workflow;
  readonly catalog: ToolCatalog;
  /** For the patterns in the inputs of all steps together. */
  readonly patterns: PatternBudget;
}

type Found = Omit<Diagnostic, 'file' | 'step'>;

/** A problem with its file, step and, where the tool did not know better, the line of the step. */
function placed(found: Found, step: Step, file: string): Diagnostic {
  return { ...step.place, ...found, file, step: step.id };
}

function near(word: string, candidates: readonly string[]): { readonly fix?: string } {
  const fix = didYouMean(word, candidates);
  return fix === undefined ? {} : { fix };
}

function checkStepAction(step: Step, action: StepAction, known: Known): readonly Found[] {
  const names = expandAction(action.action, known.workflow.inputs);
  if (names === undefined) {
    const message = `The tool of '${action.action.slice(0, 120)}' is only known when the step runs`;
    const fix = 'Give the input an enum or a default, so that it can be checked.';
    return [{ severity: 'notice', code: 'workflow.dynamic_action', message, fix }];
  }
  const all = names.map((name) => [...checkName(name, action, known), ...checkLimits(name, step, known)]);
  // Of a templated name only the tool of the real inputs counts: one of them that is there is enough.
  const isOpen = !step.enabled || !all.every((one) => one.some(({ missing }) => missing !== undefined));
  const found = all.flat().map(({ missing, ...one }) => (isOpen || missing === undefined ? one : { ...one, missing }));
  const seen = new Set<string>();
  return found.filter((one) => {
    const key = `${one.code}\n${one.message}\n${step.id}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** A limit that a tool cannot hold is an error, or with `enforce: best_effort` a warning (SPEC §1.5). Agents look at theirs themselves. */
function checkLimits(name: string, { permissions }: Step, { catalog }: Known): readonly Found[] {
  const { tool: toolName, operation } = splitAction(name);
  const tool = toolName === 'agent' ? undefined : catalog.get(toolName);
  const limits = tool === undefined ? [] : unheldLimits(tool, operation, permissions);
  if (limits.length === 0) return [];
  const severity = permissions?.enforce === 'best_effort' ? 'warning' : 'error';
  const fix = 'Leave the limit out, or write enforce: best_effort under permissions.';
  return [{ severity, code: 'tool.permission_unenforceable', message: unheldText(toolName, limits), fix }];
}

function checkName(name: string, action: StepAction, { catalog, patterns }: Known): readonly Found[] {
  const { tool, operation } = splitAction(name);
  if (!TOOL_NAME.test(tool) || !OPERATION_NAME.test(operation)) {
    const message = `'${name.slice(0, 120)}' is not an action of the form tool.operation`;
    return [{ severity: 'error', code: 'workflow.bad_action', message, fix: 'Write for example slack.send_message.' }];
  }
  if (tool === 'agent') {
    const unknown = checkOwn(operation, AGENT_OPERATIONS, `Unknown agent operation: ${operation}`);
    return unknown.length > 0 ? unknown : (catalog.get('agent')?.check(operation, action.inputs, patterns) ?? []);
  }
  if (tool === 'workflow') {
    const unknown = checkOwn(operation, BUILT_IN_OPERATIONS, `Unknown built-in operation: workflow.${operation}`);
    const own = catalog.get('workflow');
    return unknown.length > 0 || own === undefined ? unknown : own.check(operation, inputsFor(own, operation, action));
  }
  const known = catalog.get(tool);
  if (known === undefined) {
    return [
      {
        // Being valid and being able to run here are two things: a start is what it stops (SPEC §1.10).
        severity: 'warning',
        code: 'tool.not_found',
        message: `Required tool not available: ${tool}`,
        missing: tool,
        ...near(tool, catalog.names()),
      },
    ];
  }
  // A script that declares no operations takes any name as its first argument (SPEC §5.2); it says so itself where it does not.
  const takesAny = known.category === 'script' && known.operations?.join() === 'run' && operation !== 'run';
  // null = not known before the tool is reached for the first time: the run finds out.
  if (known.operations !== null && !known.operations.includes(operation) && !takesAny) {
    const message = `Tool '${tool}' has no operation '${operation.slice(0, 80)}'`;
    return [{ severity: 'error', code: 'tool.unknown_operation', message, ...near(operation, known.operations) }];
  }
  return known.check(operation, takesAny ? action.inputs : inputsFor(known, operation, action));
}

const inputsFor = (tool: Tool, operation: string, { inputs, spellings }: StepAction): JsonMap =>
  spellInputs(tool, { operation, inputs, spellings });

function checkOwn(operation: string, known: readonly string[], message: string): readonly Found[] {
  return known.includes(operation)
    ? []
    : [{ severity: 'error', code: 'tool.unknown_operation', message, ...near(operation, known) }];
}
