import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { type Fact, isList, listsOf, plainName } from './demo-facts.ts';

const MAX_LINES = 12;

/** One sentence about the data of a step; begins with `demo:`. */
export function demoSentence(operation: string, inputs: JsonMap, facts: readonly Fact[]): string {
  const lists = namedLists(facts);
  const counts = lists
    .slice(0, 3)
    .map(({ name, items }) => `${items.length} ${items.length === 1 ? singular(name) : name}${levelText(items)}`);
  const about = subject(inputs);
  const what = about === '' ? `${VERBS[operation] ?? 'looked at'} the data of this step` : about;
  return `demo: ${what}${counts.length === 0 ? '' : `; ${counts.join(', ')}`}.`;
}

const singular = (name: string): string => name.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');

const VERBS: Readonly<Record<string, string>> = {
  analyze: 'analyzed',
  generate: 'generated from',
  process: 'processed',
  generate_response: 'answered from',
  generate_report: 'reported on',
};

function subject(inputs: JsonMap): string {
  const { task, question, query, prompt, instructions } = inputs;
  const text = [task, question, query, prompt, instructions].find(
    (one) => typeof one === 'string' && one.trim() !== '',
  );
  const line = typeof text === 'string' ? (text.trim().split(/\r?\n/)[0] ?? '') : '';
  return (line.length > 120 ? `${line.slice(0, 117)}...` : line).replace(/[.:;]+$/, '');
}

/** The answer without a schema: what was asked, and what the step's data holds, as Markdown. */
export function demoSummary(operation: string, inputs: JsonMap, facts: readonly Fact[]): string {
  const lines = facts
    .filter((fact) => fact.depth <= 1 && !ASKING.has(fact.key) && !isJsonMap(fact.value))
    .slice(0, MAX_LINES)
    .map((fact) => `- ${labelOf(inputs, fact.key)}: ${shortText(fact.value)}`);
  const title = operation === 'generate_report' ? '# Execution report (demo)\n\n' : '';
  const sentence = demoSentence(operation, inputs, facts);
  return `${title}${sentence}${lines.length === 0 ? '' : `\n\n${lines.join('\n')}`}\n`;
}

const ASKING = new Set([
  'task',
  'question',
  'query',
  'instructions',
  'guidelines',
  'requirements',
  'focusareas',
  'analysisrequirements',
]);

/** The key as it was written, for the reader. */
function labelOf(inputs: JsonMap, key: string): string {
  const maps: readonly Json[] = [inputs, inputs.data ?? null, inputs.context ?? null, ...Object.values(inputs)];
  for (const map of maps) {
    const written = isJsonMap(map) ? Object.keys(map).find((name) => plainName(name) === key) : undefined;
    if (written !== undefined) return written;
  }
  return key;
}

function shortText(value: Json): string {
  if (isList(value)) return `${value.length} ${value.length === 1 ? 'item' : 'items'}${levelText(value)}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const [first = '', ...rest] = text.trim().split(/\r?\n/);
  const more = rest.length > 0 ? ` (${rest.length + 1} lines)` : '';
  return `${first.length > 100 ? `${first.slice(0, 97)}...` : first}${more}`;
}

function namedLists(facts: readonly Fact[]): readonly { readonly name: string; readonly items: readonly Json[] }[] {
  return listsOf(facts).flatMap((fact) =>
    isList(fact.value) && !ASKING.has(fact.key) && fact.key !== 'categories' && fact.key !== 'sources'
      ? [{ name: fact.key, items: fact.value }]
      : [],
  );
}

/** How many items of each severity, such as ` (1 high, 2 low)`. */
function levelText(items: readonly Json[]): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const level = isJsonMap(item) ? (item.severity ?? item.level ?? item.priority) : undefined;
    if (typeof level === 'string') counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return counts.size === 0 ? '' : ` (${[...counts].map(([level, count]) => `${count} ${level}`).join(', ')})`;
}
