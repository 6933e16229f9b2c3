import type { ErrorAction, ErrorRule } from '../../shared/model/workflow.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { type ListNode, type MapEntry, type MapNode, scalarText, type YamlNode } from '../yaml/index.ts';
import { checkErrorWords } from './error-words.ts';
import { fieldsOf, type Reporter } from './reporter.ts';
import { readRetry, readStepRetry } from './retry.ts';
import type { TextCollector } from './texts.ts';
import { ERROR_ACTION_WORDS } from './words.ts';

const MAP_KEYS = [
  'action',
  'fallback',
  'notify',
  'retry',
  'rollback_to',
  'max_retries',
  'retry_delay_seconds',
  'notify_channel',
];
const ITEM_KEYS = ['error_code', 'default', 'action', 'retry', 'notify', 'fallback', 'rollback_to'];

/** `on_error` in all its forms (SPEC §1.6): rules in order of use, the `default` item last. */
export function readOnError(entry: MapEntry | undefined, report: Reporter, texts: TextCollector): readonly ErrorRule[] {
  if (entry === undefined) return [];
  const { node } = entry;
  if (node.kind === 'list') return readItems(node, report, texts);
  if (node.kind === 'map') return [readRule(node, MAP_KEYS, report, texts)];
  if (node.value === null) return [{ action: 'stop' }];
  const text = scalarText(node) ?? '';
  const action = readActionWord(text, node.at, report);
  return action === undefined ? [] : [{ action }];
}

function readActionWord(word: string, at: number, report: Reporter): ErrorAction | undefined {
  const action = ERROR_ACTION_WORDS.get(word);
  if (action !== undefined) return action;
  const words = [...ERROR_ACTION_WORDS.keys()];
  const fix = didYouMean(word, words) ?? `Use one of ${words.join(', ')}.`;
  report.warning('workflow.unknown_error_action', `Unknown action word '${word.slice(0, 60)}' in on_error`, at, fix);
  return undefined;
}

function readItems(list: ListNode, report: Reporter, texts: TextCollector): readonly ErrorRule[] {
  const rules: ErrorRule[] = [];
  const defaults: ErrorRule[] = [];
  for (const item of list.items) {
    if (item.kind !== 'map') {
      const fix = 'Write for example - {error_code: 404, action: continue}.';
      report.wrong(item, 'An item of on_error', 'a map', fix);
      continue;
    }
    const rule = readItem(item, report, texts);
    if (rule.match !== undefined) rules.push(rule);
    else if (defaults.push(rule) === 2)
      report.warning('workflow.second_default', 'on_error has a second default item, it is never used', item.at);
  }
  return [...rules, ...defaults.slice(0, 1)];
}

function readItem(item: MapNode, report: Reporter, texts: TextCollector): ErrorRule {
  const inner = item.entries.get('default');
  if (inner !== undefined && item.entries.get('error_code') === undefined) {
    if (inner.node.kind === 'map') return readRule(inner.node, MAP_KEYS, report, texts);
    const word = scalarText(inner.node);
    const rest = readRule(item, ITEM_KEYS, report, texts);
    if (word === undefined || rest.action !== undefined) return rest;
    const action = readActionWord(word, inner.node.at, report);
    return action === undefined ? rest : { ...rest, action };
  }
  const rule = readRule(item, ITEM_KEYS, report, texts);
  const match = readMatch(item.entries.get('error_code'), report);
  return match === undefined ? rule : { match, ...rule };
}

/** The codes an item is for; undefined for `default`. */
function readMatch(entry: MapEntry | undefined, report: Reporter): readonly (string | number)[] | undefined {
  if (entry === undefined) return undefined;
  checkErrorWords(entry.node, report);
  const nodes: readonly YamlNode[] = entry.node.kind === 'list' ? entry.node.items : [entry.node];
  const match: (string | number)[] = [];
  for (const node of nodes) {
    const value = node.value;
    if (node.kind === 'scalar' && (typeof value === 'number' || (typeof value === 'string' && value !== '')))
      match.push(value);
    else report.wrong(node, "'error_code'", 'a number or a text');
  }
  return match.includes('default') ? undefined : match;
}

function readRule(node: MapNode, known: readonly string[], report: Reporter, texts: TextCollector): ErrorRule {
  const fields = fieldsOf(node, report);
  fields.checkKeys(known);
  const word = fields.text('action');
  const wordAt = fields.get('action')?.node.at ?? node.at;
  const action = word === undefined ? undefined : readActionWord(word, wordAt, report);
  const retry = known === MAP_KEYS ? readStepRetry(fields) : readRetry(fields.get('retry'), report);
  const rollbackTo = fields.text('rollback_to');
  const notify = fields.get('notify') ?? fields.get('notify_channel');
  const fallback = node.entries.get('fallback');
  if (notify !== undefined) texts.template(notify.node, 'error');
  if (fallback !== undefined) texts.template(fallback.node, 'error');
  return {
    ...(action === undefined ? {} : { action }),
    ...(retry === undefined ? {} : { retry }),
    ...(notify === undefined ? {} : { notify: notify.node.value }),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    ...(fallback === undefined ? {} : { fallback: { value: fallback.node.value } }),
  };
}
