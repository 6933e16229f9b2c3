import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { TriggerDefinition } from '../../shared/model/workflow.ts';
import { parseYaml, YAML_LIMITS, yamlSource } from '../yaml/index.ts';
import { createReporter, createSink, type Fields, fieldsOf } from './reporter.ts';
import { collectTexts } from './texts.ts';
import { readTriggerItem } from './triggers.ts';

/** A trigger that stands beside the workflows, in `.aiworkflow/triggers/` (SPEC §7). */
export interface PlacedTrigger {
  readonly workflowId: string;
  readonly definition: TriggerDefinition;
  readonly line: number;
}

/** An error or a warning about an item. */
export interface ItemProblem {
  readonly id: string | undefined;
  /** The key that the problem stands at; null where it is about the item. */
  readonly key: string | null;
  readonly problem: Diagnostic;
}

/** The key that holds the list, and the keys of an item that a workflow's own trigger of the type has not. */
const LISTS = {
  schedule: { list: 'schedules', keys: ['workflow_id'] },
  file: { list: 'watches', keys: ['workflow_id', 'workflow_inputs', 'regex', 'batch'] },
  webhook: { list: 'webhooks', keys: ['workflow_id'] },
} as const;

/**
 * `schedules.yaml`, `watches.yaml` or `webhooks.yaml`. An item without the problem of another counts; each problem says its place. Ids of
 * watches default to `watch-N` (SPEC §7.2). Never throws.
 */
export function readTriggerFile(
  text: string,
  { file, type }: { readonly file: string; readonly type: keyof typeof LISTS },
): {
  readonly triggers: readonly PlacedTrigger[];
  readonly itemProblems: readonly ItemProblem[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const sink = createSink(file);
  const source = yamlSource(text.replace(/^\uFEFF/, ''), { file });
  const report = createReporter(sink, source);
  const { node, problems } = parseYaml(source, { tokens: YAML_LIMITS.tokens });
  for (const { severity, message, at, fix } of problems)
    report.report(severity, 'workflow.invalid_trigger', `Invalid YAML: ${message}`, at, fix);
  const { list, keys } = LISTS[type];
  if (node.kind !== 'map') {
    if (node.value !== null) report.wrong(node, 'The file', 'a map', `Write ${list}: and the items below it.`);
    return { triggers: [], itemProblems: [], diagnostics: sink.sorted() };
  }
  const root = fieldsOf(node, report);
  root.checkKeys([list]);
  const itemProblems: ItemProblem[] = [];
  const triggers = root.maps(list).flatMap((item, place): readonly PlacedTrigger[] => {
    const workflowId = item.text('workflow_id');
    const before = sink.sorted().length;
    const definition = readTriggerItem(item.node, { type, keys, report, texts: collectTexts() });
    if (workflowId === undefined)
      report.error(
        'workflow.invalid_trigger',
        "'workflow_id' is missing",
        item.node.at,
        'Write the id of the workflow that is started.',
      );
    const problems = sink
      .sorted()
      .slice(before)
      .filter(({ severity }) => severity !== 'notice');
    for (const problem of problems) itemProblems.push({ id: item.text('id'), key: keyAt(item, problem), problem });
    const isWrong = problems.some(({ severity }) => severity === 'error');
    if (workflowId === undefined || isWrong) return [];
    return [{ workflowId, definition: withDefaults(definition, place + 1), line: source.place(item.node.at).line }];
  });
  return { triggers, itemProblems, diagnostics: sink.sorted() };
}

/** The key of an item that a place of the file belongs to: the last one that begins before it. */
function keyAt({ node, report }: Fields, { line = 0, column = 0 }: Diagnostic): string | null {
  const before = [...node.entries.values()].filter(({ at }) => {
    const begin = report.source.place(at);
    return begin.line < line || (begin.line === line && begin.column <= column);
  });
  return before.at(-1)?.key ?? null;
}

/** The keys of the file under the names that a workflow's own triggers have. */
function withDefaults({ type, enabled, config }: TriggerDefinition, number: number): TriggerDefinition {
  const { workflow_id: _of, workflow_inputs: inputs, ignore_patterns: ignore, ...rest } = config;
  return {
    type,
    enabled,
    config: {
      ...(type === 'file' ? { id: `watch-${number}` } : {}),
      ...rest,
      ...(inputs === undefined ? {} : { inputs }),
      ...(ignore === undefined ? {} : { ignore }),
    },
  };
}
