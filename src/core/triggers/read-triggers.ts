import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { canonicalJson } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Trigger, TriggerKind } from '../../shared/model/trigger.ts';
import type { TriggerDefinition } from '../../shared/model/workflow.ts';
import { sha256Hex } from '../crypto/index.ts';
import { errnoOf } from '../files/index.ts';
import type { LibraryItem } from '../projects/index.ts';
import { readTriggerFile } from '../workflow/index.ts';

/** What is written, before anything is known of who armed it. */
export type WrittenTrigger = Omit<Trigger, 'contentHash'>;

/** Every trigger of a project, and what is wrong with how they are written. */
export interface WrittenTriggers {
  readonly triggers: readonly WrittenTrigger[];
  readonly problems: readonly Diagnostic[];
}

const FILES = [
  { name: 'schedules.yaml', type: 'schedule' },
  { name: 'watches.yaml', type: 'file' },
  { name: 'webhooks.yaml', type: 'webhook' },
] as const;

/** A file of triggers is small; one that is not is refused before it is read. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * The triggers of the workflows and bundles in the library and of `.aiworkflow/triggers/*.yaml` (SPEC §7.1 "Job"). A file without its
 * workflow's id, and a second trigger under a key, are problems and no triggers. Never throws on content.
 */
export async function readTriggers(
  items: readonly LibraryItem[],
  { project, triggersDir }: { readonly project: string; readonly triggersDir: string },
): Promise<WrittenTriggers> {
  const owners = new Map(items.filter(({ ownsId }) => ownsId).map((item) => [item.id, item]));
  const problems: Diagnostic[] = [];
  const found = new Map<string, WrittenTrigger>();
  const counts = new Map<string, number>();
  const add = (item: LibraryItem, definition: TriggerDefinition, place: { file: string; line?: number }): void => {
    if (definition.type === 'manual') return;
    const number = (counts.get(item.id) ?? 0) + 1;
    counts.set(item.id, number);
    const trigger = toTrigger(item, definition, { source: place.file, number });
    if (!found.has(trigger.key)) return void found.set(trigger.key, trigger);
    problems.push({
      severity: 'error',
      code: 'trigger.duplicate_id',
      message: `There are two triggers '${trigger.id}' of ${item.name}: only the first one counts`,
      fix: 'Give each of them an id of its own.',
      ...place,
    });
  };
  for (const item of owners.values())
    for (const definition of item.triggers) add(item, definition, { file: item.path });
  // Of two files with one id the second starts nothing by itself: nobody could say which of them was armed.
  for (const { ownsId, triggers, diagnostics } of items)
    if (!ownsId && triggers.some(({ type }) => type !== 'manual'))
      problems.push(...diagnostics.filter(({ code }) => code === 'workflow.duplicate_id'));
  for (const { name, type } of FILES) {
    const path = join(triggersDir, name);
    const file = relative(project, path).split(sep).join('/');
    const text = await readSmall(path);
    if (text === null) continue;
    if (text instanceof Error) {
      problems.push({ severity: 'error', code: 'file.io', message: `${file} cannot be read: ${text.message}`, file });
      continue;
    }
    const { triggers, diagnostics } = readTriggerFile(text, { file, type });
    problems.push(...diagnostics);
    for (const { workflowId, definition, line } of triggers) {
      const item = owners.get(workflowId);
      if (item !== undefined) add(item, definition, { file, line });
      else
        problems.push({
          severity: 'error',
          code: 'workflow.not_found',
          message: `Workflow not found: ${workflowId}`,
          fix: 'Write the id of a workflow of this project.',
          ...{ file, line },
        });
    }
  }
  return { triggers: [...found.values()], problems };
}

/** A trigger of a workflow, as it is defined at a place; `number` counts those of the workflow from 1. */
export function toTrigger(
  item: LibraryItem,
  { type, enabled, config }: TriggerDefinition,
  { source, number }: { readonly source: string; readonly number: number },
): WrittenTrigger {
  const definitionHash = sha256Hex(canonicalJson({ type, config }));
  const id = typeof config.id === 'string' && config.id.trim() !== '' ? config.id.trim() : definitionHash.slice(0, 12);
  return {
    key: `${item.id}/${id}`,
    id,
    alias: `${item.id}_${number}`,
    kind: type as TriggerKind,
    workflowId: item.id,
    workflowName: item.name,
    workflowPath: item.path,
    source,
    isEnabled: enabled,
    config,
    definitionHash,
    versionLabel: item.version,
    versionPolicy: item.versionPolicy,
  };
}

async function readSmall(path: string): Promise<string | Error | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return new Error('it is no file');
    return found.size > MAX_FILE_BYTES ? new Error('it is too large') : await readFile(path, 'utf8');
  } catch (thrown) {
    return errnoOf(thrown) === 'ENOENT' ? null : new Error(errnoOf(thrown) ?? 'it cannot be read');
  }
}
