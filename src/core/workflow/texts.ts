import type { Json } from '../../shared/json.ts';
import type { Condition } from '../../shared/model/workflow.ts';
import type { MapEntry, ScalarNode, YamlNode } from '../yaml/index.ts';
import type { Reporter } from './reporter.ts';
import type { TextRole, TextUse } from './step-draft.ts';

/** Gathers texts while keys are read. */
export interface TextCollector {
  readonly uses: TextUse[];
  /** Every text inside a value that may hold a template. */
  template(node: YamlNode, role?: TextRole): void;
  /** One condition or bare expression. */
  condition(node: ScalarNode, role?: TextRole): void;
}

/** A collector without texts. */
export function collectTexts(): TextCollector {
  const uses: TextUse[] = [];
  const add = (node: ScalarNode, mode: TextUse['mode'], role: TextRole): void => {
    if (typeof node.value === 'string') uses.push({ text: node.value, mode, role, node });
  };
  const template = (node: YamlNode, role: TextRole): void => {
    if (node.kind === 'list') for (const item of node.items) template(item, role);
    else if (node.kind === 'map') for (const entry of node.entries.values()) template(entry.node, role);
    else if (typeof node.value === 'string' && node.value.includes('{')) add(node, 'template', role);
  };
  return {
    uses,
    template: (node, role = 'plain') => template(node, role),
    condition: (node, role = 'plain') => add(node, 'condition', role),
  };
}

/** A condition (text or boolean) at a node; anything else is an error and gives undefined. */
export function readCondition(
  node: YamlNode,
  key: string,
  report: Reporter,
  texts: TextCollector,
  role: TextRole = 'plain',
): Condition | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  if (node.kind === 'scalar' && (typeof node.value === 'string' || typeof node.value === 'number')) {
    const text = String(node.value);
    if (text.trim() === '') {
      report.error('workflow.empty_condition', `'${key}' is an empty condition`, node.at);
      return undefined;
    }
    texts.condition(node, role);
    return text;
  }
  const fix = node.kind === 'map' ? 'Put a condition that begins with {{ in quotes.' : undefined;
  report.wrong(node, `'${key}'`, 'a condition', fix);
  return undefined;
}

/** One condition or a list of them. */
export function readConditions(
  entry: MapEntry | undefined,
  report: Reporter,
  texts: TextCollector,
): readonly Condition[] {
  if (entry === undefined) return [];
  const nodes = entry.node.kind === 'list' ? entry.node.items : [entry.node];
  const read = nodes.map((node) => readCondition(node, entry.key, report, texts));
  return read.filter((condition) => condition !== undefined);
}

/** A bare expression, a text with templates or a literal value; its texts are collected. */
export function readExpression(node: YamlNode, texts: TextCollector, role: TextRole = 'plain'): Json {
  if (node.kind === 'scalar' && typeof node.value === 'string' && !node.value.includes('{'))
    texts.condition(node, role);
  else texts.template(node, role);
  return node.value;
}
