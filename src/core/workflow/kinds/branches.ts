import type { Json } from '../../../shared/json.ts';
import type { CatchHandler, SwitchCase } from '../../../shared/model/workflow.ts';
import type { MapNode, YamlNode } from '../../yaml/index.ts';
import { checkErrorWords } from '../error-words.ts';
import { type Fields, fieldsOf, type Reporter } from '../reporter.ts';
import type { GroupDraft } from '../step-draft.ts';
import { readCondition, readExpression } from '../texts.ts';
import type { GroupCondition, KindHost, KindParts } from './kind-host.ts';

const BRANCH_POLICIES = ['stop', 'wait', 'continue'] as const;

/** A condition of a group, with the text that stands for it in the checks. */
function groupCondition(host: KindHost, node: YamlNode, key: string): GroupCondition | undefined {
  const value = readCondition(node, key, host.fields.report, host.texts);
  const use = host.texts.uses.at(-1);
  if (value === undefined) return undefined;
  return use?.node === node ? { value, use } : { value };
}

/** `if` with `then`, `elif` and `else`. */
export function readIf(host: KindHost): KindParts<'if'> {
  const { fields, entry } = host;
  const groups: GroupDraft[] = [];
  const test = entry === undefined ? undefined : groupCondition(host, entry.node, 'if');
  const then = fields.get('then');
  if (then === undefined) fields.report.error('workflow.missing_key', "'then' is missing", entry?.at ?? fields.node.at);
  groups.push(host.group('then', 'then', then?.node, test));
  for (const [index, inner] of fields.maps('elif').entries()) {
    inner.checkKeys(['if', 'then']);
    const condition = inner.required('if');
    const held = condition === undefined ? undefined : groupCondition(host, condition.node, 'if');
    groups.push(host.group(`elif:${index}`, `elif_${index + 1}`, inner.required('then')?.node, held));
  }
  const otherwise = fields.get('else');
  if (otherwise !== undefined) groups.push(host.group('else', 'else', otherwise.node));
  return { keys: ['if', 'then', 'elif', 'else'], groups, detail: { if: test?.value ?? false } };
}

/** `switch` with `cases` as a map or a list, and `default`. */
export function readSwitch(host: KindHost): KindParts<'switch'> {
  const { fields, entry, texts } = host;
  const expression = entry === undefined ? null : readExpression(entry.node, texts);
  const cases = fields.required('cases');
  const groups: GroupDraft[] = [];
  const detail: SwitchCase[] = [];
  if (cases?.node.kind === 'map') {
    for (const item of cases.node.entries.values()) {
      const name = `case:${item.key}`;
      groups.push(host.group(name, `case_${item.key}`, item.node));
      detail.push({ group: name, when: item.key.split('|').map((part) => part.trim()) });
    }
  } else {
    for (const [index, item] of fields.maps('cases').entries()) {
      const read = readCase(host, item, index);
      groups.push(read.group);
      detail.push(read.detail);
    }
  }
  const otherwise = fields.get('default');
  if (otherwise !== undefined) groups.push(host.group('default', 'default', otherwise.node));
  return { keys: ['switch', 'cases', 'default'], groups, detail: { switch: expression, cases: detail } };
}

function readCase(host: KindHost, fields: Fields, index: number): { group: GroupDraft; detail: SwitchCase } {
  fields.checkKeys(['when', 'if', 'steps']);
  const when = fields.get('when');
  const test = fields.get('if');
  if (when === undefined && test === undefined)
    fields.report.error('workflow.missing_key', "A case needs 'when' or 'if'", fields.node.at);
  if (when !== undefined) host.texts.template(when.node);
  const condition = test === undefined ? undefined : groupCondition(host, test.node, 'if');
  const name = `case:${index}`;
  const values = when === undefined ? undefined : when.node.kind === 'list' ? when.node.value : [when.node.value];
  return {
    group: host.group(name, `case_${index + 1}`, fields.required('steps')?.node, condition),
    detail: {
      group: name,
      ...(values === undefined ? {} : { when: values }),
      ...(condition === undefined ? {} : { if: condition.value }),
    },
  };
}

/** `parallel`: a map of branches. */
export function readParallel(host: KindHost): KindParts<'parallel'> {
  const { fields, entry } = host;
  const groups: GroupDraft[] = [];
  if (entry?.node.kind === 'map') {
    for (const branch of entry.node.entries.values())
      groups.push(host.group(`branch:${branch.key}`, branch.key, branch.node));
    if (groups.length === 0) fields.report.error('workflow.empty_group', "'parallel' has no branches", entry.node.at);
  } else if (entry !== undefined) {
    fields.report.wrong(entry.node, "'parallel'", 'a map of branches', 'Give every branch a name and a list of steps.');
  }
  const bounds = { min: 1, max: 64 };
  const concurrency = fields.integer('concurrency', bounds) ?? fields.integer('max_concurrent', bounds);
  return {
    keys: ['parallel', 'concurrency', 'max_concurrent', 'on_branch_error'],
    groups,
    detail: {
      branches: groups.map((group) => group.name.slice('branch:'.length)),
      on_branch_error: fields.word('on_branch_error', BRANCH_POLICIES) ?? 'stop',
      ...(concurrency === undefined ? {} : { concurrency }),
    },
  };
}

/** `try` with `catch` (steps, or a list by error code) and `finally`. */
export function readTry(host: KindHost): KindParts<'try'> {
  const { fields, entry } = host;
  const groups = [host.group('try', 'try', entry?.node)];
  const catches: CatchHandler[] = [];
  const handler = fields.get('catch');
  if (handler !== undefined) {
    for (const item of catchItems(handler.node, fields.report)) {
      const name = `catch:${catches.length}`;
      if (item.fields !== undefined) fieldsOf(item.fields, fields.report).checkKeys(['error', 'steps']);
      groups.push(host.group(name, item.fields === undefined ? 'catch' : `catch_${catches.length + 1}`, item.steps));
      catches.push({ group: name, error: item.codes });
    }
  }
  const last = fields.get('finally');
  if (last !== undefined) groups.push(host.group('finally', 'finally', last.node));
  if (handler === undefined && last === undefined) {
    fields.report.error('workflow.missing_key', "'try' needs 'catch' or 'finally'", entry?.at ?? fields.node.at);
  }
  return { keys: ['try', 'catch', 'finally'], groups, detail: { catch: catches } };
}

interface CatchItem {
  readonly codes: readonly Json[];
  readonly steps: YamlNode | undefined;
  readonly fields?: MapNode;
}

/** A list of handlers when its items have `error` or only `steps`, else one handler for every error. */
function catchItems(node: YamlNode, report: Reporter): readonly CatchItem[] {
  const maps = node.kind === 'list' ? node.items : [node];
  const handlers = maps.filter(
    (item) =>
      item.kind === 'map' &&
      item.entries.has('steps') &&
      !item.entries.has('for_each') &&
      !item.entries.has('while') &&
      !item.entries.has('type') &&
      !item.entries.has('transaction'),
  );
  if (handlers.length === 0 || handlers.length !== maps.length) return [{ codes: ['default'], steps: node }];
  return handlers.flatMap((item) => {
    if (item.kind !== 'map') return [];
    const error = item.entries.get('error')?.node;
    if (error !== undefined) checkErrorWords(error, report);
    const codes: readonly Json[] =
      error === undefined || error.value === null ? ['default'] : error.kind === 'list' ? error.value : [error.value];
    return [{ codes, steps: item.entries.get('steps')?.node, fields: item }];
  });
}
