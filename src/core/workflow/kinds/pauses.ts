import type { WaitDetail } from '../../../shared/model/workflow.ts';
import { parseDuration } from '../../../shared/parse-duration.ts';
import type { MapEntry } from '../../yaml/index.ts';
import { type Fields, fieldsOf } from '../reporter.ts';
import { readCondition } from '../texts.ts';
import type { KindHost, KindParts } from './kind-host.ts';

const WAIT_MODES = ['for', 'until', 'condition', 'event'] as const;
const DEFAULT_EVERY_MS = 30_000;
const DEFAULT_TIMEOUT_MS = 3_600_000;
const ON_DECISION = ['fail', 'continue'] as const;

/** `wait`: a duration, or a map that says for what. */
export function readWait(host: KindHost): KindParts<'wait'> {
  const { fields, entry } = host;
  const keys = ['wait'];
  if (entry === undefined) return { keys, groups: [], detail: {} };
  if (entry.node.kind === 'map')
    return { keys, groups: [], detail: readWaitMap(host, fieldsOf(entry.node, fields.report)) };
  if (entry.node.kind === 'list' || entry.node.value === null) {
    fields.report.wrong(entry.node, "'wait'", 'a duration or a map', 'Write for example wait: 5m.');
    return { keys, groups: [], detail: {} };
  }
  return { keys, groups: [], detail: { mode: 'for', for_ms: readWaitTime(host, entry) } };
}

/** A duration in ms, or its text while it holds a template. */
function readWaitTime(host: KindHost, entry: MapEntry): number | string {
  const { value } = entry.node;
  if (typeof value === 'string' && value.includes('{')) {
    host.texts.template(entry.node);
    return value;
  }
  return host.fields.durationOf(entry) ?? parseDuration('').ms ?? 0;
}

function readWaitMap(host: KindHost, inner: Fields): WaitDetail {
  inner.checkKeys(WAIT_MODES, ['every', 'timeout', 'match']);
  const modes = WAIT_MODES.filter((mode) => inner.get(mode) !== undefined);
  const mode = modes[0];
  if (mode === undefined || modes.length > 1) {
    inner.report.error('workflow.wrong_type', `'wait' needs exactly one of ${WAIT_MODES.join(', ')}`, inner.node.at);
  }
  const entry = mode === undefined ? undefined : inner.get(mode);
  if (mode === undefined || entry === undefined) return {};
  if (mode === 'for') return { mode, for_ms: readWaitTime(host, entry) };
  if (mode === 'until') return { mode, until: readInstant(host, inner) };
  if (mode === 'condition') {
    return {
      mode,
      condition: readCondition(entry.node, 'condition', inner.report, host.texts) ?? false,
      every_ms: inner.duration('every') ?? DEFAULT_EVERY_MS,
      timeout_ms: inner.duration('timeout') ?? DEFAULT_TIMEOUT_MS,
    };
  }
  return readEventWait(host, inner, entry);
}

function readEventWait(host: KindHost, inner: Fields, entry: MapEntry): WaitDetail {
  host.texts.template(entry.node);
  const match = inner.get('match');
  const condition =
    match === undefined ? undefined : readCondition(match.node, 'match', inner.report, host.texts, 'open');
  const timeoutMs = inner.duration('timeout');
  return {
    mode: 'event',
    event: inner.text('event') ?? '',
    ...(condition === undefined ? {} : { match: condition }),
    ...(timeoutMs === undefined ? {} : { timeout_ms: timeoutMs }),
  };
}

/** ISO text, or a template that gives one. */
function readInstant(host: KindHost, inner: Fields): string {
  const text = inner.text('until') ?? '';
  const entry = inner.get('until');
  if (entry === undefined || text === '') return text;
  if (text.includes('{')) host.texts.template(entry.node);
  else if (Number.isNaN(Date.parse(text))) {
    const fix = 'Write for example 2026-01-31T09:00:00Z.';
    inner.report.error(
      'workflow.invalid_instant',
      `'until' is not an instant: '${text.slice(0, 60)}'`,
      entry.node.at,
      fix,
    );
  }
  return text;
}

const APPROVAL_KEYS = [
  'title',
  'description',
  'approvers',
  'min_approvals',
  'expires_in',
  'on_reject',
  'on_expire',
  'allow_self_approval',
];

/** `approval`: a map, a title, or its keys beside `type: approval`. */
export function readApproval(host: KindHost): KindParts<'approval'> {
  const { fields, entry } = host;
  const isMap = entry?.node.kind === 'map';
  if (entry?.node.kind === 'list')
    fields.report.error('workflow.wrong_type', "'approval' must be a map or a title, it is a list", entry.node.at);
  const inner = entry?.node.kind === 'map' ? fieldsOf(entry.node, fields.report) : fields;
  if (isMap) inner.checkKeys(APPROVAL_KEYS);
  const title = isMap || entry === undefined ? inner.text('title') : fields.text('approval');
  for (const key of ['title', 'description', 'approvers'] as const) {
    const written = inner.get(key);
    if (written !== undefined) host.texts.template(written.node);
  }
  if (entry?.node.kind === 'scalar') host.texts.template(entry.node);
  const expiresInMs = inner.duration('expires_in');
  return {
    keys: ['approval', ...(isMap ? [] : APPROVAL_KEYS)],
    groups: [],
    detail: {
      title: title ?? '',
      description: inner.text('description') ?? '',
      approvers: inner.texts('approvers') ?? [],
      min_approvals: inner.integer('min_approvals', { min: 1, max: 1000 }) ?? 1,
      on_reject: inner.word('on_reject', ON_DECISION) ?? 'fail',
      on_expire: inner.word('on_expire', ON_DECISION) ?? 'fail',
      allow_self_approval: inner.flag('allow_self_approval') ?? false,
      ...(expiresInMs === undefined ? {} : { expires_in_ms: expiresInMs }),
    },
  };
}
