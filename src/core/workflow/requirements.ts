import type { AgentSupport, Workflow } from '../../shared/model/workflow.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { describeNode, scalarText, type YamlNode } from '../yaml/index.ts';
import type { Fields } from './reporter.ts';
import { AGENT_SUPPORT_WORDS, FEATURE_LEVELS, FEATURES } from './words.ts';

interface NamedItem {
  readonly name: string;
  readonly at: number;
  /** The value behind the name, undefined for a bare name. */
  readonly value?: YamlNode;
}

/** Items of a list of `{name: value}` or bare names; a map counts as such a list. */
function namedItems(fields: Fields, key: string): readonly NamedItem[] {
  const entry = fields.get(key);
  if (entry === undefined) return [];
  const items: NamedItem[] = [];
  const nodes: readonly YamlNode[] = entry.node.kind === 'list' ? entry.node.items : [entry.node];
  for (const node of nodes) {
    const name = scalarText(node);
    if (name !== undefined) items.push({ name, at: node.at });
    else if (node.kind === 'map') {
      for (const inner of node.entries.values()) items.push({ name: inner.key, at: inner.at, value: inner.node });
    } else {
      fields.report.wrong(node, `An item of '${key}'`, 'a name or {name: value}');
    }
  }
  return items;
}

/** `compatibility.agents` (SPEC §1.1); an unknown status counts as `supported`. */
export function readAgents(fields: Fields): Workflow['agents'] {
  return namedItems(fields, 'agents').map(({ name, value }) => {
    const word = value === undefined ? 'supported' : scalarText(value);
    const status = AGENT_SUPPORT_WORDS.find((known) => known === word);
    if (status === undefined && value !== undefined) warnStatus(fields, word ?? describeNode(value), value.at);
    return { name, status: status ?? ('supported' satisfies AgentSupport) };
  });
}

function warnStatus(fields: Fields, word: string, at: number): void {
  const fix = didYouMean(word, AGENT_SUPPORT_WORDS) ?? `Use one of ${AGENT_SUPPORT_WORDS.join(', ')}.`;
  fields.report.warning(
    'workflow.unknown_word',
    `Unknown agent status '${word.slice(0, 60)}', it counts as supported`,
    at,
    fix,
  );
}

/** `requirements.features` (SPEC §1.1); a bare name is required. */
export function readFeatures(fields: Fields): Workflow['requirements']['features'] {
  return namedItems(fields, 'features').map(({ name, at, value }) => {
    if (!FEATURES.includes(name)) {
      const fix = didYouMean(name, FEATURES);
      fields.report.warning('workflow.unknown_word', `Unknown feature '${name.slice(0, 60)}'`, at, fix);
    }
    const word = value === undefined ? 'required' : scalarText(value);
    const level = FEATURE_LEVELS.find((known) => known === word);
    if (level === undefined && value !== undefined) {
      const message = `The level of feature '${name.slice(0, 60)}' must be required, recommended or optional`;
      fields.report.error('workflow.unknown_word', message, value.at);
    }
    return { name, level: level ?? 'required' };
  });
}
