import type { ToolType } from '../../../../shared/model/tool.ts';
import { suggestName } from '../../../../shared/suggest-name.ts';
import { type LocatedMap, type LocatedValue, type Place, type Report, toPlain } from '../../script/located-yaml.ts';
import { ManifestFields } from '../../script/manifest-fields.ts';
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
export function readImplementation(
  value: LocatedValue,
  tool: string,
  report: Report,
): readonly RegistryImplementation[] {
  if (value.kind !== 'map') {
    report('error', CODE, value.place, `An implementation of tool '${tool}' must be a map.`, '{type: mcp, …}');
    return [];
  }
  const fields = new ManifestFields(value, `an implementation of '${tool}'`, report);
  const type = readType(fields, value.place, report);
  const implementation = {
    priority: readPriority(fields, tool, report),
    configPath: fields.text('config_path') ?? null,
    specPath: fields.text('spec_path') ?? null,
    specUrl: readUrl(fields, 'spec_url', report),
    adapterPath: fields.text('adapter_path') ?? null,
    package: fields.text('package') ?? null,
    baseUrl: readUrl(fields, 'base_url', report),
    agentCompatibility: readCompatibility(fields.map('agent_compatibility'), tool, report),
    place: value.place,
  };
  fields.reportUnknown();
  if (type === null) return [];
  for (const [key, types] of Object.entries(PLACE_KEYS)) {
    const found = fields.find(key);
    if (found === undefined || types.includes(type)) continue;
    report('warning', CODE, found.place, `\`${key}\` says nothing to a tool of type ${type}.`);
  }
  return [{ type, ...implementation }];
}

function readType(fields: ManifestFields, place: Place, report: Report): ToolType | null {
  const written = fields.text('type') ?? 'custom';
  const type = TOOL_TYPES.find((one) => one === written);
  if (type !== undefined) return type;
  const near = suggestName(written, TOOL_TYPES);
  const hint = near === undefined ? `Types: ${TOOL_TYPES.join(', ')}.` : `Did you mean \`${near}\`?`;
  report('error', CODE, fields.find('type')?.place ?? place, `Unknown tool type '${written}'. ${hint}`, near);
  return null;
}

function readPriority(fields: ManifestFields, tool: string, report: Report): number {
  const value = fields.find('priority');
  if (value === undefined) return 1;
  if (value.kind === 'scalar' && typeof value.value === 'number') return value.value;
  report('error', CODE, value.place, `\`priority\` of tool '${tool}' must be a number.`, 'priority: 1');
  return 1;
}

function readUrl(fields: ManifestFields, key: string, report: Report): string | null {
  const text = fields.text(key);
  if (text === undefined) return null;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return text;
  const place = fields.find(key)?.place ?? { file: '' };
  const message = `\`${key}\` must be an http or https address without a login.`;
  report('error', CODE, place, message, `${key}: https://…`);
  return null;
}

function readCompatibility(
  map: LocatedMap | undefined,
  tool: string,
  report: Report,
): Readonly<Record<string, string>> {
  const entries = [...(map?.entries ?? [])].flatMap(([agent, { place, value }]): [string, string][] => {
    const word = toPlain(value);
    if (typeof word === 'string' && COMPATIBILITIES.includes(word)) return [[agent, word]];
    // YAML reads `none` as a word but `null` and `~` as nothing; both say that there is no support.
    if (word === null) return [[agent, 'none']];
    const message = `\`agent_compatibility.${agent}\` of tool '${tool}' must be one of: ${COMPATIBILITIES.join(', ')}.`;
    report('error', CODE, place, message, typeof word === 'string' ? suggestName(word, COMPATIBILITIES) : undefined);
    return [];
  });
  return Object.fromEntries(entries);
}
