import type { RetrySpec } from '../../shared/model/workflow.ts';
import type { MapEntry } from '../yaml/index.ts';
import { checkErrorWords } from './error-words.ts';
import { type Fields, fieldsOf, type Reporter } from './reporter.ts';

/** Most retries that may be asked for (SPEC §1.1). */
export const MAX_RETRIES = { min: 0, max: 20 } as const;
const KEYS = ['max_retries', 'delay', 'max_delay', 'base', 'jitter', 'on'] as const;
/** What `max_retries:` without a value means (SPEC §1.5). */
const EMPTY_MAX_RETRIES = 3;

function readRetryMap(fields: Fields): RetrySpec {
  fields.checkKeys(KEYS);
  const maxRetries = fields.integer('max_retries', MAX_RETRIES);
  const delayMs = fields.duration('delay');
  const maxDelayMs = fields.duration('max_delay');
  const base = fields.number('base', { min: 1, max: 100 });
  const jitter = fields.number('jitter', { min: 0, max: 1 });
  const on = fields.get('on');
  if (on !== undefined) checkErrorWords(on.node, fields.report);
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(maxDelayMs === undefined ? {} : { maxDelayMs }),
    ...(base === undefined ? {} : { base }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(on === undefined ? {} : { on: fields.texts('on') ?? [] }),
  };
}

/** `retry: 2`, `false`, `true` or a map (SPEC §1.5); undefined when not written. */
export function readRetry(entry: MapEntry | undefined, report: Reporter): RetrySpec | undefined {
  if (entry === undefined) return undefined;
  const { node } = entry;
  if (node.kind === 'map') return readRetryMap(fieldsOf(node, report));
  if (node.value === null || node.value === true) return { maxRetries: EMPTY_MAX_RETRIES };
  if (node.value === false) return { maxRetries: 0 };
  const { min, max } = MAX_RETRIES;
  if (typeof node.value === 'number' && Number.isInteger(node.value) && node.value >= min && node.value <= max) {
    return { maxRetries: node.value };
  }
  report.wrong(node, `'${entry.key}'`, `a whole number from ${min} to ${max}, false or a map`);
  return undefined;
}

/** `retry` together with the short keys `max_retries` and `retry_delay_seconds` of a step or `on_error`. */
export function readStepRetry(fields: Fields): RetrySpec | undefined {
  const { entries } = fields.node;
  const main = readRetry(entries.get('retry'), fields.report);
  const short = readRetry(entries.get('max_retries'), fields.report);
  const delay = entries.has('retry_delay_seconds') ? (fields.duration('retry_delay_seconds') ?? 1000) : undefined;
  if (main === undefined && short === undefined && delay === undefined) return undefined;
  return { ...short, ...(delay === undefined ? {} : { delayMs: delay }), ...main };
}
