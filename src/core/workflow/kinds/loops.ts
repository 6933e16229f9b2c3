import type { Json } from '../../../shared/json.ts';
import type { MapEntry, MapNode, YamlNode } from '../../yaml/index.ts';
import { readVariableName } from '../step-options.ts';
import { readCondition, readExpression } from '../texts.ts';
import type { KindHost, KindParts } from './kind-host.ts';

const FOR_EACH_KEYS: readonly string[] = [
  'for_each',
  'as',
  'index_as',
  'concurrency',
  'max_items',
  'on_item_error',
  'errors_variable',
  'steps',
  'output',
];
/** Keys of a `for_each` block with `action` that stay with the loop; the rest belongs to the action. */
const LOOP_KEYS: ReadonlySet<string> = new Set([
  ...FOR_EACH_KEYS,
  'type',
  'id',
  'name',
  'description',
  'enabled',
  'output_variable',
  'needs',
]);
const SHORT_FORM = /^(.*\S)\s+as\s+([A-Za-z_]\w*)$/s;
const ITEM_POLICIES = ['stop', 'continue'] as const;

/** `for_each` in its long and short forms, with `steps` or an action in the same block. */
export function readForEach(host: KindHost, inlineBody?: MapNode): KindParts<'for_each'> {
  const { fields, entry, texts } = host;
  const short = typeof entry?.node.value === 'string' ? SHORT_FORM.exec(entry.node.value) : null;
  const list: Json = entry === undefined ? null : short !== null ? (short[1] ?? '') : entry.node.value;
  readList(host, short?.[1]);
  const as = readVariableName(fields, 'as') ?? short?.[2] ?? 'item';
  const indexAs = readVariableName(fields, 'index_as');
  const errorsVariable = readVariableName(fields, 'errors_variable');
  const output = fields.get('output');
  if (output !== undefined) readExpression(output.node, texts, 'item');
  const body = inlineBody !== undefined ? host.inlineGroup('body', inlineBody) : host.group('body', '', readBody(host));
  return {
    keys: FOR_EACH_KEYS,
    groups: [body],
    detail: {
      for_each: list,
      as,
      concurrency: fields.integer('concurrency', { min: 1, max: 64 }) ?? 1,
      max_items: fields.integer('max_items', { min: 1, max: 10_000 }) ?? 10_000,
      on_item_error: fields.word('on_item_error', ITEM_POLICIES) ?? 'stop',
      ...(indexAs === undefined ? {} : { index_as: indexAs }),
      ...(errorsVariable === undefined ? {} : { errors_variable: errorsVariable }),
      ...(output === undefined ? {} : { output: output.node.value }),
    },
  };
}

function readList({ entry, fields, texts }: KindHost, shortText: string | undefined): void {
  if (entry === undefined) return;
  const { node } = entry;
  if (node.kind === 'scalar' && typeof node.value !== 'string') {
    fields.report.wrong(node, "'for_each'", 'a list, a map or an expression');
  } else if (node.kind === 'scalar' && shortText !== undefined) {
    readExpression({ ...node, value: shortText }, texts);
  } else {
    readExpression(node, texts);
  }
}

/** The `steps` of a body; missing ones are an error. */
const readBody = ({ fields }: KindHost): YamlNode | undefined =>
  fields.required('steps', 'Add the steps to repeat under steps:.')?.node;

/** Parts a block that is loop and action at once. A condition goes with the action when it uses the item. */
export function splitLoopBlock(node: MapNode): { readonly loop: MapNode; readonly body: MapNode } {
  const list = node.entries.get('for_each')?.node.value;
  const short = typeof list === 'string' ? SHORT_FORM.exec(list)?.[2] : undefined;
  const as = node.entries.get('as')?.node.value ?? short ?? 'item';
  const names = ['loop', String(as)];
  const loop = new Map<string, MapEntry>();
  const body = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) {
    const isCondition = key === 'condition' || key === 'conditions';
    const ofLoop = LOOP_KEYS.has(key) || (isCondition && !mentions(entry.node, names));
    (ofLoop ? loop : body).set(key, entry);
  }
  return { loop: { ...node, entries: loop }, body: { ...node, entries: body } };
}

function mentions(node: YamlNode, names: readonly string[]): boolean {
  const words = new Set(JSON.stringify(node.value).split(/\W+/));
  return names.some((name) => words.has(name));
}

/** `while` with its turns (SPEC §1.4). */
export function readWhile(host: KindHost): KindParts<'while'> {
  const { fields, entry, texts } = host;
  const condition = entry === undefined ? undefined : readCondition(entry.node, 'while', fields.report, texts);
  const delayMs = fields.duration('delay');
  return {
    keys: ['while', 'steps', 'max_iterations', 'delay'],
    groups: [host.group('body', '', readBody(host))],
    detail: {
      while: condition ?? false,
      max_iterations: fields.integer('max_iterations', { min: 1, max: 10_000 }) ?? 100,
      ...(delayMs === undefined ? {} : { delay_ms: delayMs }),
    },
  };
}
