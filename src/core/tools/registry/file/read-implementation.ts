import type { ToolType } from '../../../../shared/model/tool.ts';
import { didYouMean } from '../../../../shared/suggest-name.ts';
import type { Fields, YamlNode } from '../../../yaml/index.ts';
import { manifestFields, type Report } from '../../script/manifest-entries.ts';
import { type RegistryImplementation, TOOL_TYPES } from './registry-entry.ts';

const CODE = 'tool.registry_invalid';
const COMPATIBILITIES = ['native', 'supported', 'via_bridge', 'not_supported', 'none'];
/** Keys that say where an implementation is, and the types that use them. */
const PLACE_KEYS: Readonly<Record<string, readonly ToolType[]>> = {
  config_path: ['mcp', 'script'],
  spec_path: ['openapi'],
  spec_url: ['openapi'],
  adapter_path: ['custom', 'script'],
  package: ['mcp'],
  base_url: ['openapi'],
};

/** One item of `implementations`; nothing when its type is unknown. */
export function readImplementation(node: YamlNode, tool: string, report: Report): readonly RegistryImplementation[] {
  if (node.kind !== 'map') {
    report('error', CODE, node, `An implementation of tool '${tool}' must be a map.`, '{type: mcp, …}');
    return [];
  }
  const fields = manifestFields(node, `an implementation of '${tool}'`, report);
  const type = readType(fields, report);
  const implementation = {
    priority: fields.number('priority') ?? 1,
    configPath: fields.text('config_path') ?? null,
    specPath: fields.text('spec_path') ?? null,
    specUrl: readUrl(fields, 'spec_url'),
    adapterPath: fields.text('adapter_path') ?? null,
    package: fields.text('package') ?? null,
    baseUrl: readUrl(fields, 'base_url'),
    agentCompatibility: readCompatibility(fields.map('agent_compatibility')),
    place: { file: node.source.file, ...node.source.place(node.at) },
  };
  fields.checkAsked();
  if (type === null) return [];
  for (const [key, types] of Object.entries(PLACE_KEYS)) {
    const found = fields.get(key)?.node;
    if (found === undefined || types.includes(type)) continue;
    report('warning', CODE, found, `'${key}' says nothing to a tool of type ${type}.`);
  }
  return [{ type, ...implementation }];
}

function readType(fields: Fields, report: Report): ToolType | null {
  const written = fields.text('type') ?? 'custom';
  const type = TOOL_TYPES.find((one) => one === written);
  if (type !== undefined) return type;
  const fix = didYouMean(written, TOOL_TYPES) ?? `Types: ${TOOL_TYPES.join(', ')}.`;
  report('error', CODE, fields.spot('type'), `Unknown tool type '${written}'`, fix);
  return null;
}

function readUrl(fields: Fields, key: string): string | null {
  const take = (text: string): string | undefined => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
      ? text
      : undefined;
  };
  return fields.as(key, 'an http or https address without a login', take, `${key}: https://…`) ?? null;
}

function readCompatibility(fields: Fields | undefined): Readonly<Record<string, string>> {
  const entries = (fields?.entries() ?? []).map(({ key, node }): [string, string | undefined] => {
    // YAML reads `none` as a word but `null` and `~` as nothing; both say that there is no support.
    return [key, node.value === null ? 'none' : fields?.word(key, COMPATIBILITIES)];
  });
  return Object.fromEntries(entries.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
