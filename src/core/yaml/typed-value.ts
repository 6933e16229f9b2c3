import type { Json } from '../../shared/json.ts';
import { parseYaml } from './parse-yaml.ts';
import { YAML_LIMITS } from './yaml-limits.ts';
import { yamlSource } from './yaml-source.ts';

/**
 * A value as somebody types it where a file would hold it: a number, a truth, a list or a map in one line, else the text that it is. What
 * would lose its spelling (`3.10`), or a part that looks like a comment, is a text too.
 */
export function typedValue(text: string): Json {
  const { node, problems } = parseYaml(yamlSource(text), { tokens: YAML_LIMITS.tokens }, {});
  if (node === null || problems.length > 0) return text;
  if (node.kind !== 'scalar') return node.value;
  const { value, style, raw } = node;
  if (typeof value === 'string') return style === 'plain' ? text.trim() : value;
  return raw === text.trim() && (typeof value !== 'number' || String(value) === raw) ? value : text.trim();
}
