import { isJsonMap, type Json, type JsonMap, readShallowJson } from '../../../shared/json.ts';

/** A named value of a step's inputs, however deep it stands. */
export interface Fact {
  /** Its key in one form: lower case, no `_`, `-` or blanks. */
  readonly key: string;
  readonly value: Json;
  readonly depth: number;
}

/** Inputs that say how to answer, not what about. */
const NO_FACTS = new Set([
  'output_schema',
  'template',
  'prompt_template',
  'prompt',
  'tools',
  'max_tokens',
  'render_only',
  'allow_secrets',
  'include',
  'analysis_depth',
  'tone',
]);
const MAX_FACTS = 5_000;
const MAX_DEPTH = 8;

/** Groups of names that mean the same field; the first match in a group's order wins. */
const SAME_NAMES: readonly (readonly string[])[] = [
  ['message', 'description', 'text', 'detail', 'details', 'reason', 'title', 'body', 'content', 'summary', 'excerpt'],
  ['title', 'name', 'subject', 'headline', 'rule', 'message', 'summary'],
  ['file', 'path', 'filename', 'filepath'],
  ['line', 'lineno', 'linenumber', 'startline', 'row'],
  ['severity', 'level', 'priority', 'impact', 'risk', 'urgency'],
  ['rule', 'ruleid', 'code', 'check', 'kind', 'type', 'category'],
  ['suggestion', 'fix', 'hint', 'recommendation', 'solution', 'advice'],
  ['author', 'user', 'owner', 'assignee', 'from', 'sender'],
  ['id', 'key', 'number', 'identifier'],
  ['url', 'link', 'href'],
  ['date', 'at', 'time', 'timestamp', 'createdat', 'updatedat'],
  [
    'issues',
    'findings',
    'problems',
    'violations',
    'warnings',
    'errors',
    'comments',
    'alerts',
    'results',
    'items',
    'entries',
    'records',
  ],
  ['files', 'changedfiles', 'paths'],
];

/** One form for names, so that `issue_count`, `issueCount` and `Issue count` are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** All named values of a step, those near the top first; texts that are JSON count as what they hold. */
export function readFacts(inputs: JsonMap): readonly Fact[] {
  const facts: Fact[] = [];
  let level: readonly JsonMap[] = [Object.fromEntries(Object.entries(inputs).filter(([key]) => !NO_FACTS.has(key)))];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: JsonMap[] = [];
    for (const map of level) {
      for (const [key, written] of Object.entries(map)) {
        if (facts.length >= MAX_FACTS) return facts;
        const value = opened(written);
        facts.push({ key: plainName(key), value, depth });
        if (isJsonMap(value)) next.push(value);
      }
    }
    level = next;
  }
  return facts;
}

/** A text that holds a JSON map or list, as that. */
function opened(value: Json): Json {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  return readShallowJson(value.trim())?.value ?? value;
}

/** Whether a value is a list. */
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Values whose name is this field's, or means the same, best first. */
export function valuesNamed(facts: readonly Fact[], field: string): readonly Json[] {
  const name = plainName(field);
  const exact = facts.filter((fact) => fact.key === name);
  const alike = SAME_NAMES.filter((group) => group.includes(name)).flatMap((group) =>
    group.filter((other) => other !== name).flatMap((other) => facts.filter((fact) => fact.key === other)),
  );
  const parts = name.length < 4 ? [] : facts.filter((fact) => fact.key !== name && isPartOf(fact.key, name));
  return [...exact, ...alike, ...parts].map((fact) => fact.value);
}

const isPartOf = (key: string, name: string): boolean => key.length >= 4 && (key.includes(name) || name.includes(key));

/** The lists of a step, longest first; lists of maps before others. */
export function listsOf(facts: readonly Fact[]): readonly Fact[] {
  return facts
    .filter((fact) => isList(fact.value))
    .toSorted((a, b) => mapsIn(b.value) - mapsIn(a.value) || lengthOf(b.value) - lengthOf(a.value));
}

const lengthOf = (value: Json): number => (isList(value) ? value.length : 0);
const mapsIn = (value: Json): number => (isList(value) && value.some(isJsonMap) ? 1 : 0);

/** All words of the data as one text, for counting; capped. */
export function textOf(facts: readonly Fact[]): string {
  const seen = new Set<Json>();
  const parts: string[] = [];
  let length = 0;
  for (const { value, depth } of facts) {
    if (length > 200_000) break;
    if (depth > 0 && isJsonMap(value)) continue;
    if (seen.has(value)) continue;
    seen.add(value);
    const text = typeof value === 'string' ? value : isJsonMap(value) ? '' : JSON.stringify(value);
    parts.push(text);
    length += text.length;
  }
  return parts.join('\n').toLowerCase();
}
