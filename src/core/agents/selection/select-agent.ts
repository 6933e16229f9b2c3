import type { JsonMap } from '../../../shared/json.ts';
import type { AgentAdapter } from '../../agent-port/index.ts';
import type { AgentRecord } from '../agent-record.ts';
import { DEMO } from '../agent-settings.ts';
import type { RoutingRule } from '../capabilities/read-capability-file.ts';
import { type RuleRequest, ruleHolds, ruleScope } from './routing-rules.ts';

/** What a run is, for those who choose its agent. */
export type SelectionRequest = RuleRequest;

/** Who was chosen, and why in one sentence; `agent` null = nobody is named anywhere. */
export interface AgentSelection {
  readonly agent: string | null;
  readonly reason: string;
  /** Rules that could not be followed. */
  readonly warnings: readonly string[];
}

export interface SelectionContext {
  readonly primary: string | null;
  readonly fallbacks: readonly string[];
  readonly strategy: 'manual' | 'auto' | 'load_balanced';
  readonly autoSelection: readonly JsonMap[];
  readonly routingRules: readonly RoutingRule[];
  readonly records: ReadonlyMap<string, AgentRecord>;
  /** Agents that somebody wrote down in this project: only they are given work that nobody addressed. */
  readonly named: ReadonlySet<string>;
  readonly isHealthy: (adapter: AgentAdapter) => Promise<boolean>;
  readonly runningSteps: (name: string) => number;
  readonly now: number;
}

/**
 * SPEC §4.3 "Selection". `manual`: the primary. `auto`: the first rule of `auto_selection` that holds, then of `routing_rules`, else
 * the primary. `load_balanced`: the healthy agent with the fewest running steps, of those that are named in the project; never
 * `demo`, unless it is the primary.
 */
export async function selectAgent(request: SelectionRequest, context: SelectionContext): Promise<AgentSelection> {
  if (context.strategy === 'load_balanced') return selectIdlest(context);
  if (context.strategy === 'auto') return selectByRule(request, context);
  return primaryOf(context, []);
}

function primaryOf({ primary }: SelectionContext, warnings: readonly string[]): AgentSelection {
  return primary === null
    ? { agent: null, reason: 'no primary agent is written down', warnings }
    : { agent: primary, reason: 'the primary agent', warnings };
}

async function selectIdlest(context: SelectionContext): Promise<AgentSelection> {
  const { primary, fallbacks, records, named, isHealthy, runningSteps } = context;
  const order = [...new Set([...(primary === null ? [] : [primary]), ...fallbacks, ...named])];
  const adapters = order.flatMap((name) => {
    const record = records.get(name);
    const isWanted = name !== DEMO || primary === DEMO;
    return isWanted && record?.isAvailable === true && record.adapter !== null ? [record.adapter] : [];
  });
  const health = await Promise.all(adapters.map(isHealthy));
  const healthy = adapters.filter((_adapter, index) => health[index] === true);
  const [first] = healthy.toSorted((a, b) => runningSteps(a.name) - runningSteps(b.name));
  if (first === undefined) return primaryOf(context, ['No agent is healthy.']);
  return { agent: first.name, reason: `the healthy agent with the fewest running steps`, warnings: [] };
}

interface Rule extends RoutingRule {
  readonly from: string;
}

function selectByRule(request: SelectionRequest, context: SelectionContext): AgentSelection {
  const warnings: string[] = [];
  const scope = ruleScope(request, context.records);
  const rules = { agentNames: [...context.records.keys()], now: context.now };
  for (const rule of [...autoRules(context.autoSelection, warnings), ...routingRules(context.routingRules)]) {
    const held = ruleHolds(rule.condition, scope, rules);
    if (held instanceof Error) warnings.push(`${rule.from}: ${held.message}`);
    else if (!held) continue;
    else if (context.records.get(rule.agent)?.isAvailable === true)
      return { agent: rule.agent, reason: `${rule.from}: ${String(rule.condition)}`, warnings };
    else warnings.push(`${rule.from}: the agent '${rule.agent}' cannot be used`);
  }
  return primaryOf(context, warnings);
}

/** Items are `{condition, agent}` or `{default}`, which holds where none of the others does. */
function autoRules(items: readonly JsonMap[], warnings: string[]): readonly Rule[] {
  const rules: Rule[] = [];
  const defaults: Rule[] = [];
  for (const item of items) {
    const { condition, agent, default: otherwise } = item;
    const from = 'agent.auto_selection';
    if (typeof otherwise === 'string') defaults.push({ condition: true, agent: otherwise, from });
    else if (typeof agent === 'string' && (typeof condition === 'string' || typeof condition === 'boolean'))
      rules.push({ condition, agent, from });
    else warnings.push(`${from}: a rule is a map of condition and agent, or of default`);
  }
  return [...rules, ...defaults];
}

const routingRules = (rules: readonly RoutingRule[]): readonly Rule[] =>
  rules.map((rule) => ({ ...rule, from: 'routing_rules' }));
