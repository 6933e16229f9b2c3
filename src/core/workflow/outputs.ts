import type { OutputDefinition } from '../../shared/model/workflow.ts';
import { VALUE_TYPES, type ValueType } from '../../shared/typed-values.ts';
import { type MapEntry, scalarText, type YamlNode } from '../yaml/index.ts';
import { fieldsOf, type Reporter } from './reporter.ts';

/** An output and where it is declared. */
export interface PlacedOutput {
  readonly definition: OutputDefinition;
  readonly at: number;
}

/** `outputs`: a map name -> definition (SPEC §1.9); a list of `{name, …}` or names is read too. */
export function readOutputDefinitions(entry: MapEntry | undefined, report: Reporter): readonly PlacedOutput[] {
  if (entry === undefined || entry.node.value === null) return [];
  const { node } = entry;
  if (node.kind === 'map')
    return [...node.entries.values()].map((item) => readOutput(item.key, item.at, item.node, report));
  if (node.kind === 'scalar') {
    report.wrong(node, "'outputs'", 'a map');
    return [];
  }
  const outputs = new Map<string, PlacedOutput>();
  for (const item of node.items) {
    const named = item.kind === 'map' ? item.entries.get('name')?.node : item;
    const name = named === undefined ? undefined : scalarText(named);
    if (name === undefined) report.error('workflow.missing_key', "An output in a list needs 'name'", item.at);
    else if (outputs.has(name)) report.error('workflow.duplicate_output', `Duplicate output: ${name}`, item.at);
    else outputs.set(name, readOutput(name, item.at, item.kind === 'map' ? item : undefined, report));
  }
  return [...outputs.values()];
}

function readOutput(name: string, at: number, node: YamlNode | undefined, report: Reporter): PlacedOutput {
  const bare = { name, description: '', required: false };
  if (node === undefined || node.value === null) return { definition: bare, at };
  if (node.kind === 'scalar') {
    const text = scalarText(node) ?? '';
    const type = VALUE_TYPES.find((known): known is ValueType => known === text);
    return { definition: type === undefined ? { ...bare, description: text } : { ...bare, type }, at };
  }
  if (node.kind === 'list') {
    report.error('workflow.wrong_type', `Output '${name}' must be a map, it is a list`, node.at);
    return { definition: bare, at };
  }
  const fields = fieldsOf(node, report);
  fields.checkKeys(['name', 'type', 'description', 'required']);
  const type = fields.word('type', VALUE_TYPES);
  const definition: OutputDefinition = {
    name,
    description: fields.text('description') ?? '',
    required: fields.flag('required') ?? false,
    ...(type === undefined ? {} : { type }),
  };
  return { definition, at };
}
