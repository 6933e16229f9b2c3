import { grouped } from '../../shared/grouped.ts';
import type { YamlNode } from './yaml-nodes.ts';
import type { Spot } from './yaml-source.ts';

/** One thing that is wrong with a key; `kind` is the reason of its code, such as `workflow.wrong_type`. */
export interface FieldProblem {
  readonly severity: 'error' | 'warning';
  readonly kind: 'wrong_type' | 'unknown_word' | 'unknown_key' | 'invalid_duration' | 'missing_key';
  readonly message: string;
  readonly at: Spot;
  readonly fix?: string | undefined;
}

/** Takes the problems of a reader; each kind of file has its codes and severities. */
export interface FieldReporter {
  field(problem: FieldProblem): void;
}

/** What sort of value a node is, in words for a message. */
export function describeNode(node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'empty';
  if (typeof node.value === 'number') return grouped(node.value);
  return typeof node.value === 'string' ? 'a text' : String(node.value);
}

/** A value of the wrong form, in words: `'retry' must be a map, it is a list`. */
export const wrongForm = (node: YamlNode, name: string, wanted: string): string =>
  `${name} must be ${wanted}, it is ${describeNode(node)}`;
