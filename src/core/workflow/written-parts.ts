import type { Json } from '../../shared/json.ts';
import type { WrittenPart } from '../../shared/workflow-changes.ts';
import { scalarText, YAML_LIMITS, type YamlNode } from '../yaml/index.ts';
import { readBody } from './body-reader.ts';
import { readFileText } from './file-text.ts';
import { readFrontmatter } from './read-workflow.ts';
import { createSink } from './reporter.ts';
import { collectTexts } from './texts.ts';

/** A value as it is spelled in its file: `30s`, `1.0`. */
function spelled(node: YamlNode): Json {
  if (node.kind === 'list') return node.items.map(spelled);
  if (node.kind === 'scalar') return scalarText(node) ?? node.value;
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, spelled(entry.node)]));
}

/**
 * A workflow's text as it was written, part by part: what stands above the steps, and each step with the keys of its block, all spelled as
 * in the file. What cannot be read is left out: nothing is thrown on content.
 */
export function writtenParts(text: string): readonly WrittenPart[] {
  const { lines = [] } = readFileText(text);
  const sink = createSink('');
  const file = { lines, sink, budget: { tokens: YAML_LIMITS.tokens }, texts: collectTexts() };
  const front = readFrontmatter(file);
  const { steps } = readBody(file, front.bodyFrom);
  const head = front.root === undefined ? {} : spelled(front.root);
  return [
    { id: '', number: 0, name: '', description: '', value: head },
    ...steps.map(({ step, written }, index) => ({
      ...{ id: step.id, number: index + 1, name: step.name, description: step.description },
      value: spelled(written),
    })),
  ];
}
