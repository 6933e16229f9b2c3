import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import type { Workflow } from '../../../shared/model/workflow.ts';
import { evaluateCondition, type Scope, scopeOf } from '../../workflow/index.ts';
import type { AgentRecord } from '../agent-record.ts';

/** What an agent did so far, for rules: percent (SPEC §9), USD and seconds a run; null = it has done nothing yet. */
export interface AgentStats {
  readonly success_rate: number | null;
  readonly avg_cost: number | null;
  readonly avg_duration: number | null;
}

/** What rules may ask about a run (SPEC §4.3 "Rule names"). */
export interface RuleRequest {
  readonly workflow: Pick<Workflow, 'riskLevel' | 'requirements'>;
  /** The tools that its steps use. */
  readonly tools: readonly { readonly name: string; readonly type: string }[];
  /** USD; null = nobody knows. */
  readonly estimatedCost: number | null;
  /** `runtime.mode`. */
  readonly deployment: string;
  readonly stats: Readonly<Record<string, AgentStats>>;
}

/** The names of rules. An agent whose name holds `-` also stands there with `_`, as rules are read. */
export function ruleScope(request: RuleRequest, records: ReadonlyMap<string, AgentRecord>): Scope {
  const { workflow, tools, estimatedCost, deployment, stats } = request;
  const { features, permissions } = workflow.requirements;
  const wanted = features.filter((one) => one.level !== 'optional').map((one) => [one.name, true] as const);
  const agents: Record<string, unknown> = {};
  const names: Record<string, unknown> = {};
  for (const record of records.values()) {
    names[asIdentifier(record.name)] = record.words;
    agents[asIdentifier(record.name)] = { ...record.words, stats: definedOnly(stats[record.name]) };
  }
  return scopeOf({
    ...names,
    agents,
    deployment: { type: deployment },
    workflow: {
      requires: {
        ...Object.fromEntries(wanted),
        tools: workflow.requirements.tools,
        permissions,
        features: features.map((one) => one.name),
      },
      tools,
      risk_level: workflow.riskLevel ?? 'low',
      ...(estimatedCost === null ? {} : { estimated_cost: estimatedCost }),
    },
  });
}

/** Whether a rule holds; the error of one that cannot be read. A name that is not there makes no rule hold. */
export function ruleHolds(
  condition: string | boolean,
  scope: Scope,
  { agentNames, now }: { readonly agentNames: readonly string[]; readonly now: number },
): boolean | AppError {
  try {
    const test = typeof condition === 'string' ? readable(condition, agentNames) : condition;
    return evaluateCondition(test, scope, { now }).value;
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}

const asIdentifier = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_');

/** `claude-code.streaming` would read as a subtraction: outside quotes, names of agents before a dot become identifiers. */
function readable(condition: string, agentNames: readonly string[]): string {
  const dashed = agentNames.filter((name) => name !== asIdentifier(name)).toSorted((a, b) => b.length - a.length);
  const pieces = condition.split(/("[^"]*"|'[^']*')/);
  return pieces.map((piece, index) => (index % 2 === 1 ? piece : replaceNames(piece, dashed))).join('');
}

function replaceNames(text: string, names: readonly string[]): string {
  let result = text;
  for (const name of names) {
    const pattern = new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=\\.)`, 'g');
    result = result.replace(pattern, asIdentifier(name));
  }
  return result;
}

function definedOnly(stats: AgentStats | undefined): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(stats ?? {}).filter(([, value]) => value !== null));
}
