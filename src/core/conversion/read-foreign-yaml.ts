import { AppError } from '../../shared/errors.ts';
import { type MapNode, parseYaml, YAML_LIMITS, type YamlNode, yamlSource } from '../yaml/index.ts';

/** The map that a YAML text (JSON is one) consists of; null where it is none. */
export function readForeignYaml(text: string): MapNode | null {
  const { node } = parseYaml(yamlSource(text), { tokens: YAML_LIMITS.tokens });
  return node.kind === 'map' ? node : null;
}

/** As {@link readForeignYaml}, and what is wrong with it is an error: `conversion.unreadable`. */
export function requireReadable(text: string): void {
  const source = yamlSource(text);
  const { problems } = parseYaml(source, { tokens: YAML_LIMITS.tokens });
  const problem = problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) return;
  throw new AppError('conversion.unreadable', `The file cannot be read: ${problem.message}`, {
    hint: `Mend line ${source.place(problem.at).line} first.`,
  });
}

/** What stands below a key of a map. */
export const nodeAt = (node: YamlNode | undefined, key: string): YamlNode | undefined =>
  node?.kind === 'map' ? node.entries.get(key)?.node : undefined;

/** The entries of a map with the lines of their keys. */
export function entriesOf(
  node: YamlNode | undefined,
): readonly { readonly key: string; readonly node: YamlNode; readonly line: number }[] {
  if (node?.kind !== 'map') return [];
  return [...node.entries.values()].map((entry) => ({ key: entry.key, node: entry.node, line: lineOf(entry) }));
}

/** The items of a list; one value alone is a list of it, nothing is an empty one. */
export const itemsOf = (node: YamlNode | undefined): readonly YamlNode[] =>
  node === undefined ? [] : node.kind === 'list' ? node.items : [node];

/** A scalar as a text; '' where there is none. */
export const textOf = (node: YamlNode | undefined): string =>
  node?.kind === 'scalar' && node.value !== null ? (typeof node.value === 'string' ? node.value : node.raw) : '';

/** The line of a value or a key. */
export const lineOf = ({ source, at }: Pick<YamlNode, 'source' | 'at'>): number => source.place(at).line;
