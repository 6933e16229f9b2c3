import { fieldsOf } from '../reporter.ts';
import type { KindHost, KindParts } from './kind-host.ts';

const TRANSACTION_POLICIES = ['rollback', 'stop', 'continue'] as const;

/** `transaction`: its steps and policy stand under the key or beside it. */
export function readTransaction(host: KindHost): KindParts<'transaction'> {
  const { fields, entry } = host;
  const inner = entry?.node.kind === 'map' ? fieldsOf(entry.node, fields.report) : undefined;
  inner?.checkKeys(['steps', 'on_error', 'name']);
  const steps = entry?.node.kind === 'list' ? entry.node : (inner?.get('steps') ?? fields.get('steps'))?.node;
  if (steps === undefined)
    fields.report.error('workflow.missing_key', "'steps' is missing", entry?.at ?? fields.node.at);
  const beside = fields.get('on_error')?.node.kind === 'scalar' ? fields : undefined;
  const policy = (inner?.get('on_error') === undefined ? beside : inner)?.word('on_error', TRANSACTION_POLICIES);
  return {
    keys: ['transaction', 'steps'],
    groups: [host.group('body', '', steps)],
    detail: { on_error: policy ?? 'rollback' },
  };
}

/** `savepoint` and `rollback_to`: a name. */
export function readSavepoint(host: KindHost, kind: 'savepoint' | 'rollback_to'): KindParts<'savepoint'> {
  const name = host.fields.text(kind);
  if (host.entry !== undefined && (name === undefined || name.trim() === '') && host.entry.node.kind === 'scalar') {
    host.fields.report.error('workflow.missing_key', `'${kind}' needs a name`, host.entry.at);
  }
  return { keys: [kind], groups: [], detail: { name: name ?? '' } };
}

/** `workflow`: another workflow as a step. */
export function readCall(host: KindHost): KindParts<'workflow'> {
  const { fields, entry, texts } = host;
  const target = fields.text('workflow');
  if (entry !== undefined && entry.node.kind === 'scalar' && (target === undefined || target.trim() === '')) {
    fields.report.error('workflow.missing_key', "'workflow' needs a path or an id", entry.at);
  }
  if (entry !== undefined) texts.template(entry.node);
  const version = fields.text('version');
  return {
    keys: ['workflow', 'version'],
    groups: [],
    detail: { workflow: target ?? '', ...(version === undefined ? {} : { version }) },
  };
}

/** `action`: the name and, for implied iteration and secrets in prompts, two keys of its own. */
export function readAction(host: KindHost): KindParts<'action'> {
  const { fields, entry, texts } = host;
  const action = entry?.node.kind === 'scalar' ? (fields.text('action') ?? '') : '';
  if (entry !== undefined && entry.node.kind !== 'scalar') {
    const fix = 'Write for example action: tool.operation, in quotes when it holds {{ }}.';
    fields.report.wrong(entry.node, "'action'", 'a text', fix);
  } else if (entry !== undefined && action.trim() === '') {
    fields.report.error(
      'workflow.missing_key',
      "'action' is empty",
      entry.at,
      'Write for example action: tool.operation.',
    );
  }
  if (entry !== undefined) texts.template(entry.node);
  const maxItems = fields.integer('max_items', { min: 1, max: 10_000 });
  const allowSecrets = fields.flag('allow_secrets');
  const detail = {
    ...(maxItems === undefined ? {} : { max_items: maxItems }),
    ...(allowSecrets === undefined ? {} : { allow_secrets: allowSecrets }),
  };
  return { keys: ['action'], groups: [], detail, action: action.trim() };
}
