import type { Json } from '../../shared/json.ts';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { patternProblem } from '../../shared/safe-pattern.ts';
import { VALUE_TYPES, type ValueType } from '../../shared/typed-values.ts';
import { type MapEntry, type MapNode, scalarText, type YamlNode } from '../yaml/index.ts';
import { checkInputValue, coerceInputValue } from './input-values.ts';
import { type Fields, fieldsOf, type Reporter } from './reporter.ts';
import type { TextCollector } from './texts.ts';

const RULE_KEYS = ['enum', 'min', 'max', 'minLength', 'maxLength', 'pattern'] as const;
const KEYS = ['name', 'type', 'default', 'description', 'required', 'validation', 'secret', ...RULE_KEYS];
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const ANY_NUMBER = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY };
const LENGTH = { min: 0, max: Number.POSITIVE_INFINITY };

/** `inputs` as a map or a list (SPEC §1.8). Default values with templates are collected for the checks. */
export function readInputDefinitions(
  entry: MapEntry | undefined,
  report: Reporter,
  texts: TextCollector,
): readonly InputDefinition[] {
  if (entry === undefined || entry.node.value === null) return [];
  const { node } = entry;
  if (node.kind === 'map') {
    return [...node.entries.values()].map((item) => readDefinition(item.key, item.at, item.node, report, texts));
  }
  if (node.kind === 'list') return readList(node.items, report, texts);
  report.wrong(node, "'inputs'", 'a map', 'Write for example name: {type: string}.');
  return [];
}

function readList(items: readonly YamlNode[], report: Reporter, texts: TextCollector): readonly InputDefinition[] {
  const definitions = new Map<string, InputDefinition>();
  for (const item of items) {
    const name = item.kind === 'map' ? item.entries.get('name') : undefined;
    const text = name === undefined ? undefined : scalarText(name.node);
    if (text === undefined) {
      report.error(
        'workflow.missing_key',
        "An input in a list needs 'name'",
        item.at,
        'Write for example - {name: limit, type: integer}.',
      );
    } else if (definitions.has(text)) {
      report.error('workflow.duplicate_input', `Duplicate input: ${text}`, item.at);
    } else {
      definitions.set(text, readDefinition(text, item.at, item, report, texts));
    }
  }
  return [...definitions.values()];
}

function readDefinition(
  name: string,
  at: number,
  node: YamlNode,
  report: Reporter,
  texts: TextCollector,
): InputDefinition {
  if (!NAME.test(name)) {
    report.error('workflow.bad_name', `An input name has letters, digits, _ and -, not '${name.slice(0, 60)}'`, at);
  }
  texts.template(node);
  if (node.kind === 'map') return readMap(name, node, report);
  const bare = { name, type: 'string', description: '', required: false, secret: false } as const;
  if (node.kind === 'scalar') return node.value === null ? bare : { ...bare, default: scalarText(node) ?? null };
  const fix = `Write ${name}: {type: array, default: [...]}.`;
  report.wrong(node, `Input '${name}'`, 'a map or a value', fix);
  return bare;
}

function readMap(name: string, node: MapNode, report: Reporter): InputDefinition {
  const fields = fieldsOf(node, report);
  fields.checkKeys(KEYS);
  const type = fields.word('type', VALUE_TYPES) ?? 'string';
  const written = fields.get('default');
  const validation = fields.map('validation');
  validation?.checkKeys(RULE_KEYS);
  const definition: InputDefinition = {
    name,
    type,
    description: fields.text('description') ?? '',
    required: fields.flag('required') ?? false,
    secret: fields.flag('secret') ?? false,
    ...(written === undefined ? {} : { default: valueFor(type, written.node) }),
    ...(validation === undefined ? {} : readRules(type, validation)),
    ...readRules(type, fields),
  };
  checkDefinition(definition, fields);
  return definition;
}

/** A written value of an input: where a text is wanted, the one that is spelled in the file (SPEC §3.3). */
const valueFor = (type: ValueType, node: YamlNode): Json =>
  (type === 'string' ? scalarText(node) : undefined) ?? node.value;

function readRules(type: ValueType, fields: Fields): Partial<InputDefinition> {
  const rules: Record<string, Json> = {};
  const choices = fields.get('enum');
  if (choices?.node.kind === 'list' && choices.node.items.length > 0)
    rules.enum = choices.node.items.map((choice) => valueFor(type, choice));
  else if (choices !== undefined)
    fields.report.error('workflow.wrong_type', "'enum' must be a list of values", choices.node.at);
  for (const key of ['min', 'max'] as const) {
    const value = fields.number(key, ANY_NUMBER);
    if (value !== undefined) rules[key] = value;
  }
  for (const key of ['minLength', 'maxLength'] as const) {
    const value = fields.integer(key, LENGTH);
    if (value !== undefined) rules[key] = value;
  }
  const pattern = fields.text('pattern');
  if (pattern !== undefined && checkPattern(pattern, fields)) rules.pattern = pattern;
  return rules;
}

function checkPattern(pattern: string, fields: Fields): boolean {
  const at = fields.spot('pattern').at;
  const problem = patternProblem(pattern, fields.report.patterns);
  if (problem === null) return true;
  fields.report.error('workflow.invalid_pattern', `'pattern' ${problem}`, at);
  return false;
}

function checkDefinition(definition: InputDefinition, fields: Fields): void {
  const { min, max, minLength, maxLength } = definition;
  if (
    (min !== undefined && max !== undefined && min > max) ||
    (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
  ) {
    fields.report.error(
      'workflow.out_of_range',
      `The lower limit of input '${definition.name}' is above the upper one`,
      fields.node.at,
    );
    return;
  }
  const written = fields.get('default');
  if (written === undefined || hasTemplate(written.node.value)) return;
  const coerced = coerceInputValue(definition, definition.default ?? null);
  const broken =
    coerced.problem === undefined
      ? checkInputValue(definition, coerced.value, fields.report.patterns)
      : { message: coerced.problem };
  if (broken === undefined) return;
  fields.report.error(
    'workflow.invalid_default',
    `The default is not valid: ${broken.message}`,
    written.node.at,
    broken.fix,
  );
}

function hasTemplate(value: Json): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.includes('{{') || text.includes('{%');
}
