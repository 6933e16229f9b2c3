import { isJsonMap, type Json } from '../../shared/json.ts';
import { literal, type Notes } from './draft-plan.ts';
import { mapPlaces } from './places.ts';

/** What the expressions of a node may name. */
export interface NodeScope {
  /** The variable that holds what the node gets; null = nothing comes before it. */
  readonly input: string | null;
  /** The variable of each node, by its name. */
  readonly variables: ReadonlyMap<string, string>;
  readonly node: string;
  readonly notes: Notes;
}

const MARKS = { open: '{{', close: '}}' };
const PATH = /^(?:\.[A-Za-z_]\w*|\[\d+\]|\[(?:"[\w -]+"|'[\w -]+')\])*$/;

/** A value of a parameter: an expression of n8n begins with `=` and holds JavaScript between double braces. */
export function n8nValue(value: Json, scope: NodeScope): Json {
  if (Array.isArray(value)) return value.map((item: Json) => n8nValue(item, scope));
  if (isJsonMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, n8nValue(one, scope)]));
  return typeof value === 'string' ? n8nText(value, scope) : value;
}

function n8nText(text: string, scope: NodeScope): string {
  if (!text.startsWith('=')) return literal(text);
  return mapPlaces(text.slice(1), MARKS, {
    onPlace: (whole, script) => placeOf(whole, script, scope),
    onRest: literal,
  });
}

function placeOf(whole: string, script: string, scope: NodeScope): string {
  const expression = n8nExpression(script, scope);
  if (expression !== null) return `{{ ${expression} }}`;
  scope.notes.lost(whole, `this expression of the node '${scope.node}' stands in the draft as it is written`);
  return literal(whole);
}

/** A path into what a node gave, in our language; null for what is more than that. */
export function n8nExpression(script: string, scope: NodeScope): string | null {
  if (script === '$now' || script === '$now.toISO()' || script === '$today') return 'now';
  if (script === '$execution.id') return 'run.id';
  if (script === '$workflow.name') return 'workflow.name';
  const own = /^\$(?:json|input\.item\.json|input\.first\(\)\.json)([\s\S]*)$/.exec(script);
  if (own !== null) return pathOf(scope.input, own[1] ?? '');
  const other =
    /^\$node\[(["'])(.*?)\1\]\.json([\s\S]*)$/.exec(script) ??
    /^\$\((["'])(.*?)\1\)\.(?:item|first\(\)|last\(\))\.json([\s\S]*)$/.exec(script);
  return other === null ? null : pathOf(scope.variables.get(other[2] ?? '') ?? null, other[3] ?? '');
}

/** What a webhook was sent is called `body` there and `payload` here. */
function pathOf(root: string | null, path: string): string | null {
  if (root === null || !PATH.test(path)) return null;
  return root === 'trigger' ? `trigger${path.replace(/^\.body\b/, '.payload')}` : `${root}${path}`;
}
