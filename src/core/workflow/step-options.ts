import type { Json, JsonMap } from '../../shared/json.ts';
import type { FallbackAction, Spellings, Workflow } from '../../shared/model/workflow.ts';
import { type MapNode, scalarText } from '../yaml/index.ts';
import { type Fields, fieldsOf, type Reporter } from './reporter.ts';
import { spellingsOf } from './spellings.ts';
import type { TextCollector } from './texts.ts';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PERMISSION_LISTS = ['read', 'write', 'commands', 'hosts', 'env'] as const;

/** A name for a variable: letters, digits and `_`, not beginning with a digit. */
export function readVariableName(fields: Fields, key: string): string | undefined {
  const name = fields.text(key);
  if (name === undefined) return undefined;
  if (IDENTIFIER.test(name) && !['constructor', 'prototype'].includes(name) && !name.startsWith('_')) return name;
  const fixed = name
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+/, '')
    .replace(/^(?=\d)/, 'v');
  const fix = IDENTIFIER.test(fixed) ? `Write '${fixed}'.` : undefined;
  const rule = 'letters, digits and _, beginning with a letter';
  report(fields, key, `'${key}' must be a name of ${rule}, not '${name.slice(0, 60)}'`, fix);
  return undefined;
}

function report(fields: Fields, key: string, message: string, fix?: string): void {
  fields.report.error('workflow.bad_name', message, fields.spot(key).at, fix);
}

/** `{action, inputs}` of `fallback` and `compensate`; the action stands under `actionKey`. */
function readActionMap(
  node: MapNode,
  actionKey: string,
  reporter: Reporter,
): { action: string; inputs: JsonMap; inputsNode?: MapNode } | undefined {
  const fields = fieldsOf(node, reporter);
  fields.checkKeys([actionKey, 'inputs']);
  const action = fields.text(actionKey);
  const inputs = fields.map('inputs');
  if (action === undefined || action.trim() === '') {
    fields.required(actionKey);
    return undefined;
  }
  return { action, inputs: inputs?.node.value ?? {}, ...(inputs === undefined ? {} : { inputsNode: inputs.node }) };
}

/** `fallback: {on_failure: action, inputs}` or the short key `fallback_action` (SPEC §1.5). */
export function readFallback(fields: Fields, texts: TextCollector): FallbackAction | undefined {
  const entry = fields.get('fallback');
  if (entry === undefined) {
    const action = fields.text('fallback_action');
    return action === undefined ? undefined : { action, inputs: {} };
  }
  if (entry.node.kind !== 'map') {
    fields.report.wrong(
      entry.node,
      "'fallback'",
      'a map with on_failure',
      'For a fixed output write on_error: {fallback: value}.',
    );
    return undefined;
  }
  const read = readActionMap(entry.node, 'on_failure', fields.report);
  if (read === undefined) return undefined;
  if (read.inputsNode !== undefined) texts.template(read.inputsNode, 'error');
  const spellings = spellingsOf(read.inputsNode?.entries.values() ?? []);
  return { action: read.action, inputs: read.inputs, ...(spellings === undefined ? {} : { spellings }) };
}

/** `compensate`: one `{action, inputs}` or a list of them. */
export function readCompensate(fields: Fields, texts: TextCollector): Json | undefined {
  const entry = fields.get('compensate');
  if (entry === undefined) return undefined;
  for (const node of entry.node.kind === 'list' ? entry.node.items : [entry.node]) {
    if (node.kind === 'map') {
      const read = readActionMap(node, 'action', fields.report);
      if (read?.inputsNode !== undefined) texts.template(read.inputsNode, 'output');
    } else {
      fields.report.wrong(node, "'compensate'", '{action, inputs}');
    }
  }
  return entry.node.value;
}

/** The spellings of the inputs of `compensate`, action by action; undefined where every value keeps its own. */
export function readCompensateSpellings(fields: Fields): readonly (Spellings | null)[] | undefined {
  const node = fields.get('compensate')?.node;
  const nodes = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
  const found = nodes.map((one) => {
    const inputs = one.kind === 'map' ? one.entries.get('inputs')?.node : undefined;
    return inputs?.kind === 'map' ? (spellingsOf(inputs.entries.values()) ?? null) : null;
  });
  return found.some((one) => one !== null) ? found : undefined;
}

/** `agent_hints: {agent: {key: value}}`. */
export function readAgentHints(fields: Fields, texts: TextCollector): JsonMap | undefined {
  const hints = fields.map('agent_hints');
  if (hints === undefined) return undefined;
  for (const entry of hints.node.entries.values()) {
    if (entry.node.kind !== 'map') {
      fields.report.wrong(entry.node, `'agent_hints.${entry.key}'`, 'a map');
    }
  }
  texts.template(hints.node);
  return hints.node.value;
}

/** `permissions: {read, write, commands, hosts, env, enforce}`. */
export function readPermissions(fields: Fields): JsonMap | undefined {
  const permissions = fields.map('permissions');
  if (permissions === undefined) return undefined;
  permissions.checkKeys(PERMISSION_LISTS, ['enforce']);
  for (const key of PERMISSION_LISTS) permissions.texts(key);
  permissions.word('enforce', ['best_effort', 'strict'] as const);
  return permissions.node.value;
}

/** `workspace`: a list of patterns of files; `[]` is a value, undefined is not written. */
export function readWorkspace(fields: Fields): readonly string[] | undefined {
  const node = fields.get('workspace')?.node;
  if (node?.kind === 'map') {
    fields.report.wrong(
      node,
      "'workspace'",
      'a list of patterns',
      'A copy of the workspace is for the whole workflow: write it in the frontmatter.',
    );
    return undefined;
  }
  return readPatterns(fields, 'workspace');
}

function readPatterns(fields: Fields, key: string): readonly string[] | undefined {
  const patterns = fields.texts(key);
  for (const pattern of patterns ?? []) {
    const isBad = pattern.trim() === '' || pattern.split(/[\\/]/).includes('..');
    if (isBad) report(fields, key, `'${key}' names places below the project, not '${pattern.slice(0, 60)}'`);
  }
  return patterns;
}

/** Everything below the project. */
const WHOLE_PROJECT = ['**'];

/** `workspace` of the frontmatter: the same list, or `{paths, copy}`; with `copy` and no paths all of the project is copied. */
export function readWorkflowWorkspace(fields: Fields): Pick<Workflow, 'workspace' | 'worksInCopy'> {
  const node = fields.get('workspace')?.node;
  if (node?.kind !== 'map') {
    const workspace = readWorkspace(fields);
    return workspace === undefined ? {} : { workspace };
  }
  const map = fieldsOf(node, fields.report);
  map.checkKeys(['paths', 'copy']);
  const worksInCopy = map.flag('copy') === true;
  const workspace = readPatterns(map, 'paths') ?? (worksInCopy ? WHOLE_PROJECT : undefined);
  if (workspace === undefined) map.required('paths');
  if (worksInCopy && workspace?.length === 0)
    report(map, 'paths', "'paths' names nothing, so there is nothing to copy", "Leave 'paths' out to copy all of it.");
  return { ...(workspace === undefined ? {} : { workspace }), ...(worksInCopy ? { worksInCopy } : {}) };
}

/** `needs`: a list of step ids; `[]` is a value, undefined is not written. */
export function readNeeds(fields: Fields): readonly string[] | undefined {
  const entry = fields.node.entries.get('needs');
  if (entry === undefined) return undefined;
  return entry.node.value === null ? [] : (fields.texts('needs') ?? []);
}

/** `inputs`: a map; empty is `{}` and anything else an error (SPEC §1.5). */
export function readInputsMap(fields: Fields): MapNode | undefined {
  const entry = fields.get('inputs');
  if (entry === undefined) return undefined;
  if (entry.node.kind === 'map') return entry.node;
  const fix = scalarText(entry.node) === undefined ? 'Write the inputs as name: value lines.' : undefined;
  fields.report.wrong(entry.node, "'inputs'", 'a map', fix);
  return undefined;
}
