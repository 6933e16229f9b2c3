import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';
import { compilePattern, patternBudget } from '../../../shared/safe-pattern.ts';
import {
  MOST_LEVELS,
  MOST_VALUES,
  readSchemaGraph,
  resolveReference,
  type SchemaGraph,
} from '../../json-schema/index.ts';
import { type Fact, isList, listsOf, plainName, readFacts, valuesNamed } from './demo-facts.ts';
import { chooseValue, moodOf } from './demo-judgement.ts';

/** What a form is filled from. */
export interface FormData {
  readonly facts: readonly Fact[];
  /** What free text says. */
  readonly sentence: string;
  /** A whole text for fields such as `body`; null = the sentence. */
  readonly text: string | null;
  /** Category → what its author says about it, in the order of the file. */
  readonly categories: ReadonlyMap<string, string>;
}

interface Filling {
  readonly root: JsonMap;
  readonly graph: SchemaGraph;
  readonly data: FormData;
  readonly depth: number;
  /** References followed on the way here. */
  readonly references: number;
  /** Inside the item of a list: its own fields go first. */
  readonly item: JsonMap | null;
  /** Values that may still be filled in full, of the whole form. */
  readonly budget: { left: number };
}

const MAX_ITEMS = 100;
/** Beyond these only what must be there is filled, in its shallowest form: a schema that holds itself comes to an end. */
const MAX_DEPTH = 10;
const MAX_REFERENCES = 3;
const MAX_VALUES = 10_000;
/** No schema that was checked leads so deep. */
const LAST_DEPTH = MAX_DEPTH + 2 * MOST_LEVELS;
/** Short values, too, are not made without end. */
const LAST_VALUES = -100_000;
/** A text is not made any longer, whatever is asked for. */
const MAX_TEXT = 100_000;

const isShort = ({ depth, references, budget }: Filling): boolean =>
  depth > MAX_DEPTH || references > MAX_REFERENCES || budget.left <= 0;

/**
 * A value of the schema made of a step's data (SPEC §4.4 `demo`): by field name, closed lists by keyword score, numbers by count,
 * lists from lists, maps field by field. The same data gives the same value.
 */
export function fillSchema(schema: JsonMap, data: FormData): Json {
  const graph = readSchemaGraph(schema);
  const budget = { left: MAX_VALUES };
  return fill(schema, '', { root: schema, graph, data, depth: 0, references: 0, item: null, budget });
}

function fill(written: Json | undefined, field: string, before: Filling): Json {
  const { schema, at } = resolved(written, before);
  at.budget.left -= 1;
  if (at.budget.left < LAST_VALUES) throw tooMuch();
  if (schema === null || at.depth > LAST_DEPTH) return freeText(field, at);
  if (Object.hasOwn(schema, 'const')) return schema.const ?? null;
  if (isList(schema.enum)) return fillEnum(schema.enum, field, at);
  switch (typeOf(schema, at)) {
    case 'object':
      return fillMap(schema, field, at);
    case 'array':
      return fillList(schema, field, at);
    case 'integer':
    case 'number':
      return fillNumber(schema, field, at);
    case 'boolean':
      return fillFlag(field, at);
    case 'string':
      return fillText(schema, field, at);
    case 'null':
      return null;
    default:
      return fillAny(field, at);
  }
}

const tooMuch = (): AppError =>
  new AppError('agent.failed', 'The output schema asks for more values than the demo agent fills.', {
    hint: 'Make fewer of its fields required, or use another agent.',
  });

/** References followed and alternatives chosen: a checked schema comes to an end. */
function resolved(
  written: Json | undefined,
  before: Filling,
): { readonly schema: JsonMap | null; readonly at: Filling } {
  let schema = isJsonMap(written) ? written : null;
  let at = before;
  while (schema !== null) {
    if (at.graph.circular.has(schema)) return { schema: null, at };
    const { $ref: reference, oneOf, anyOf } = schema;
    const choices = isList(oneOf) ? oneOf : isList(anyOf) ? anyOf : null;
    let next: Json | undefined;
    if (typeof reference === 'string') {
      next = resolveReference(at.root, reference);
      at = { ...at, references: at.references + 1 };
    } else if (choices !== null) next = choose(choices, at);
    else break;
    schema = isJsonMap(next) ? next : null;
  }
  return { schema, at };
}

/** The first alternative that has values and is not just null; the shallowest where it must be short. */
function choose(choices: readonly Json[], at: Filling): Json | undefined {
  const { depthOf } = at.graph;
  const least = Math.min(...choices.map(depthOf));
  if (isShort(at)) return choices.find((one) => depthOf(one) === least);
  const usable = choices.filter((one) => Number.isFinite(depthOf(one)));
  return usable.find((one) => isJsonMap(one) && one.type !== 'null') ?? usable[0];
}

function typeOf(schema: JsonMap, at: Filling): string {
  const types = (isList(schema.type) ? schema.type : [schema.type]).filter((one) => typeof one === 'string');
  const mustBePlain = isShort(at) || at.graph.hasEndlessInside(schema);
  const plain = mustBePlain ? types.find((one) => one !== 'object' && one !== 'array') : undefined;
  const [type] = plain === undefined ? types.filter((one) => one !== 'null') : [plain];
  if (type !== undefined) return type as string;
  if (types.length > 0) return 'null';
  return isJsonMap(schema.properties) ? 'object' : schema.items === undefined ? '' : 'array';
}

/** Values of this name: those of the item first. */
function candidates(field: string, { item, data }: Filling): readonly Json[] {
  if (field === '') return [];
  const own = item === null ? [] : valuesNamed(readFacts(item), field);
  return item === null ? valuesNamed(data.facts, field) : own;
}

function fillEnum(values: readonly Json[], field: string, at: Filling): Json {
  const named = candidates(field, at).find((value) => values.some((one) => isSameWord(one, value)));
  if (named !== undefined) return values.find((one) => isSameWord(one, named)) ?? null;
  const facts = at.item === null ? at.data.facts : readFacts(at.item);
  return chooseValue(values, facts, at.data.categories);
}

const isSameWord = (a: Json, b: Json): boolean =>
  a === b || (typeof a === 'string' && typeof b === 'string' && plainName(a) === plainName(b));

function fillMap(schema: JsonMap, field: string, at: Filling): Json {
  const given = candidates(field, at).find(isJsonMap);
  const inner: Filling = {
    ...at,
    depth: at.depth + 1,
    item: given === undefined ? at.item : { ...(at.item ?? {}), ...given },
  };
  const properties = isJsonMap(schema.properties) ? schema.properties : {};
  const required = isList(schema.required) ? schema.required : [];
  const entries = Object.entries(properties)
    .filter(([name, part]) => required.includes(name) || (!isShort(inner) && isWanted(name, part, inner)))
    .map(([name, part]) => [name, fill(part, name, inner)] as const);
  if (Object.keys(properties).length === 0 && given !== undefined) {
    const { additionalProperties: part } = schema;
    if (!isJsonMap(part)) return given;
    return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, fillItem(part, one, inner)]));
  }
  const missing = required.filter((name) => typeof name === 'string' && !Object.hasOwn(properties, name));
  return Object.fromEntries([...entries, ...missing.map((name) => [name as string, fillAny(name as string, inner)])]);
}

/** What need not be there is left out where nothing can be it, and a text where the data of an item has none. */
function isWanted(name: string, part: Json, before: Filling): boolean {
  if (!Number.isFinite(before.graph.depthOf(part))) return false;
  const { schema, at } = resolved(part, before);
  const isPlainText = schema !== null && typeOf(schema, at) === 'string' && !isList(schema.enum);
  return at.item === null || !isPlainText || candidates(name, at).length > 0;
}

function fillList(schema: JsonMap, field: string, at: Filling, given = listFor(field, at)): Json {
  const { minItems, maxItems, items } = schema;
  const most = Math.min(MAX_ITEMS, typeof maxItems === 'number' ? maxItems : MAX_ITEMS);
  const { schema: part, at: within } = resolved(items, at);
  const isEmpty = isShort(within) || !Number.isFinite(at.graph.depthOf(items));
  const source = isEmpty ? [] : given.slice(0, most);
  const inner: Filling = { ...within, depth: at.depth + 1 };
  const filled = part === null ? [...source] : source.map((one) => fillItem(part, one, inner));
  const least = typeof minItems === 'number' ? Math.min(minItems, MOST_VALUES) : 0;
  while (filled.length < least) filled.push(fill(part ?? {}, field.replace(/s$/, ''), inner));
  return filled;
}

function listFor(field: string, at: Filling): readonly Json[] {
  const named = candidates(field, at).find(isList);
  if (named !== undefined) return named;
  // An item's own fields are all that is known of it: the list of all items is not one of them.
  if (at.item !== null) return [];
  const lists = listsOf(at.data.facts).filter((fact) => !ASKED_LISTS.has(fact.key));
  return isList(lists[0]?.value) ? lists[0].value : [];
}

/** Lists that say what is wanted. */
const ASKED_LISTS = new Set([
  'categories',
  'sources',
  'focusareas',
  'requirements',
  'guidelines',
  'analysisrequirements',
  'files',
]);

function fillItem(part: JsonMap, item: Json, at: Filling): Json {
  const asMap = isJsonMap(item) ? item : { text: item };
  if (isList(part.enum) || Object.hasOwn(part, 'const')) return fill(part, '', { ...at, item: asMap });
  if (isJsonMap(item)) {
    // Nothing is asked of it: it is what the data has.
    if (typeOf(part, at) === '' && !isList(part.oneOf) && !isList(part.anyOf)) return item;
    if (typeOf(part, at) === 'string') return itemText(item);
    return fill(part, '', { ...at, item });
  }
  const type = typeOf(part, at);
  if (type === 'object') return fill(part, '', { ...at, item: { text: item, name: item, message: item } });
  if (type === 'string') return typeof item === 'string' ? item : JSON.stringify(item);
  if (type === 'array') return fillList(part, '', at, isList(item) ? item : [item]);
  if (type === 'number' && isNumberText(item)) return Number(item);
  return type === '' || isOfType(type, item) ? item : fill(part, '', { ...at, item: asMap });
}

function isOfType(type: string, value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  return type === (value === null ? 'null' : typeof value);
}

function itemText(item: JsonMap): string {
  const facts = readFacts(item);
  const text = valuesNamed(facts, 'message').find((one) => typeof one === 'string');
  const place = [valuesNamed(facts, 'file')[0], valuesNamed(facts, 'line')[0]].filter((one) => one !== undefined);
  const where = place.length === 0 ? '' : `${place.map(String).join(':')}: `;
  return `${where}${text === undefined ? JSON.stringify(item) : String(text)}`;
}

function fillNumber(schema: JsonMap, field: string, at: Filling): number {
  const named = candidates(field, at).find((value) => typeof value === 'number' || isNumberText(value));
  const counted = named === undefined ? countFor(field, at) : Number(named);
  const value = counted === 0 ? numberFrom(schema.examples) : counted;
  const { minimum, maximum, exclusiveMinimum } = schema;
  const low = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
  const high = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
  const above = typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum ? exclusiveMinimum + 1 : value;
  const bounded = Math.min(high, Math.max(low, above));
  return typeOf(schema, at) === 'integer' ? Math.round(bounded) : bounded;
}

/** What an author shows as a number counts where the demo found nothing to count. */
const numberFrom = (examples: Json | undefined): number =>
  isList(examples) ? (examples.find((one) => typeof one === 'number') ?? 0) : 0;

const isNumberText = (value: Json): boolean => typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value);

/** `issue_count` counts the issues; what is a share or a certainty is a half, for the demo does not think. */
function countFor(field: string, at: Filling): number {
  const name = plainName(field);
  if (/confidence|probability|certainty|likelihood/.test(name)) return 0.5;
  const noun = name.replace(/^(?:total|number|num|count)(?:of)?|(?:count|total|number)$/g, '');
  const lists = listsOf(at.item === null ? at.data.facts : readFacts(at.item));
  const found =
    noun === ''
      ? lists[0]
      : lists.find((fact) => fact.key === noun || fact.key === `${noun}s` || fact.key.includes(noun));
  const named =
    found?.value ?? candidates(`${noun}s`, at).find(isList) ?? (at.item === null ? lists[0]?.value : undefined);
  return isList(named) ? named.length : 0;
}

function fillFlag(field: string, at: Filling): boolean {
  const values = candidates(field, at);
  const named = values.find((value) => typeof value === 'boolean');
  if (typeof named === 'boolean') return named;
  const noun = plainName(field).replace(/^(?:has|have|is|are|contains|needs|requires|should)/, '');
  const list = candidates(noun, at).find(isList);
  if (list !== undefined) return list.length > 0;
  const isGoodWord = /approv|pass|ok|success|safe|healthy|ready|valid/.test(noun);
  const mood = moodOf(at.item === null ? at.data.facts : readFacts(at.item));
  return isGoodWord ? mood === 'good' : mood === 'bad';
}

const FREE_TEXT =
  /summary|description|analysis|explanation|rationale|reason|comment|overview|conclusion|note|feedback|answer|response|assessment/;
const WHOLE_TEXT = /^(?:body|text|content|markdown|report|message|reply|draft|email|output)$/;

function fillText(schema: JsonMap, field: string, at: Filling): string {
  const { pattern } = schema;
  const values = candidates(field, at).filter((value) => typeof value === 'string' || typeof value === 'number');
  const texts = values.map(String);
  const patterns = patternBudget();
  const wanted = typeof pattern === 'string' ? compilePattern(pattern, patterns) : null;
  const fits = wanted === null ? texts : texts.filter((text) => wanted.test(text, patterns) === true);
  const category = categoryFor(field, at);
  if (category !== null) return category;
  // Texts that the workflow compares it with: nothing else would be told apart.
  if (isList(schema.examples)) return fitLength(String(fillEnum(schema.examples, field, at)), schema);
  const isFree = FREE_TEXT.test(plainName(field)) && at.item === null;
  const named = isFree ? undefined : fits[0];
  return fitLength(named ?? freeText(field, at), schema);
}

/** `category` of a step that lists its categories is one of them. */
function categoryFor(field: string, at: Filling): string | null {
  const { categories, facts } = at.data;
  if (categories.size === 0 || !/^(?:category|class|classification|label|kind|type)$/.test(plainName(field)))
    return null;
  return String(chooseValue([...categories.keys()], at.item === null ? facts : readFacts(at.item), categories));
}

function freeText(field: string, { data, item }: Filling): string {
  if (item === null && WHOLE_TEXT.test(plainName(field)) && data.text !== null) return data.text;
  if (item !== null) return field === '' ? 'demo' : `demo: no ${field.replaceAll('_', ' ')} in the data`;
  return data.sentence;
}

function fitLength(text: string, { minLength, maxLength }: JsonMap): string {
  const cut = typeof maxLength === 'number' ? [...text].slice(0, maxLength).join('') : text;
  return typeof minLength === 'number' ? cut.padEnd(Math.min(minLength, MAX_TEXT), '.') : cut;
}

const LEVELS = /^(?:priority|severity|urgency|level|risk|impact)$/;
const LEVEL_OF = { bad: 'high', mixed: 'medium', good: 'low' } as const;

/** A field of which nothing is known but its name. */
function fillAny(field: string, at: Filling): Json {
  const [named] = candidates(field, at);
  if (named !== undefined) return named;
  const name = plainName(field);
  const category = categoryFor(field, at);
  if (category !== null) return category;
  if (LEVELS.test(name)) return LEVEL_OF[moodOf(at.item === null ? at.data.facts : readFacts(at.item))];
  if (/count$|score$|rating$|confidence$|^(?:total|number|num)/.test(name)) return countFor(field, at);
  if (/^(?:is|has|needs|requires|should)(?=[a-z])/.test(name) || name === 'approved') return fillFlag(field, at);
  return freeText(field, at);
}
