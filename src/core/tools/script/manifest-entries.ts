import type { Json } from '../../../shared/json.ts';
import type { ScriptTool, ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { didYouMean } from '../../../shared/suggest-name.ts';
import { VALUE_TYPES } from '../../../shared/typed-values.ts';
import {
  emptyMap,
  Fields,
  type MapNode,
  mergeMaps,
  readYamlFile,
  type Spot,
  spelledValue,
  type YamlFile,
  type YamlNode,
  yamlSource,
} from '../../yaml/index.ts';
import { readNeeds } from '../needs/read-needs.ts';

const CODE = 'tool.invalid_manifest';
const DEFAULT_TIMEOUT_MS = 300_000;

/** Collects what is wrong with the manifests of one bundle; a file as a whole has no line. */
export type Report = (
  severity: Diagnostic['severity'],
  code: string,
  at: Spot | Pick<Diagnostic, 'file' | 'line' | 'column'>,
  message: string,
  fix?: string,
) => void;

/** The reader of a map of a manifest or of the registry; `of` says in messages whose keys they are. */
export function manifestFields(node: MapNode, of: string, report: Report): Fields {
  const field: Fields['report']['field'] = ({ severity, kind, message, at, fix }) =>
    report(severity, kind === 'unknown_key' ? 'tool.unknown_key' : CODE, at, message, fix);
  return new Fields(node, { field }, { of, path: [] });
}

/** A manifest's YAML; null when it was refused with a report. Keys such as `__proto__` are keys like any other. */
export const readManifestYaml = (file: YamlFile, report: Report): YamlNode | null =>
  readYamlFile(file, (severity, message, at, fix) => report(severity, CODE, at, message, fix), { keepsProtoKey: true });

/** What the manifests say about one tool, over all of them. */
export interface ManifestEntry {
  readonly name: string;
  readonly at: Spot;
  readonly map: MapNode;
  /** `script` as written, and the folder of the manifest that wrote it, relative to the bundle. */
  readonly script: { readonly text: string; readonly folder: string; readonly at: Spot } | null;
}

/** A manifest text: `file` relative to the bundle, `stem` for a companion, whose entry needs no name of its own. */
export interface ManifestText {
  readonly file: string;
  readonly text: string;
  readonly stem?: string;
}

/** Merges manifests, the later over the earlier, key by key (SPEC §5.2). */
export function readManifests(texts: readonly ManifestText[], report: Report): Map<string, ManifestEntry> {
  const merged = new Map<string, ManifestEntry>();
  for (const text of texts) {
    const names = new Set<string>();
    for (const entry of readOne(text, report)) {
      if (names.has(entry.name)) {
        report('error', CODE, entry.at, `Tool '${entry.name}' stands twice in ${text.file}.`, 'Remove one of them.');
        continue;
      }
      names.add(entry.name);
      const before = merged.get(entry.name);
      if (before === undefined) merged.set(entry.name, entry);
      else
        merged.set(entry.name, {
          ...entry,
          map: mergeMaps(before.map, entry.map),
          script: entry.script ?? before.script,
        });
    }
  }
  return merged;
}

function readOne(manifest: ManifestText, report: Report): ManifestEntry[] {
  const root = readManifestYaml(manifest, report);
  if (root === null || (root.kind === 'scalar' && root.value === null)) return [];
  const start: Spot = { source: root.source, at: 0 };
  if (root.kind !== 'map') {
    report('error', CODE, root, `${manifest.file} must be a map with the key 'tools'.`);
    return [];
  }
  if (manifest.stem !== undefined && !root.entries.has('tools')) return toEntry(root, manifest, start, report);
  const fields = manifestFields(root, manifest.file, report);
  const tools = fields.list('tools', 'tools: [{name: …}]') ?? [];
  fields.checkAsked();
  return tools.flatMap((item) => toEntry(item, manifest, item, report));
}

function toEntry(value: YamlNode, manifest: ManifestText, at: Spot, report: Report): ManifestEntry[] {
  if (value.kind !== 'map') {
    report('error', CODE, at, "A tool must be a map with a 'name'.");
    return [];
  }
  const fields = manifestFields(value, 'the tool', report);
  const script = fields.text('script');
  const scriptAt = value.entries.get('script') ?? at;
  const stem = script === undefined ? undefined : stemOf(script);
  const name = fields.text('name') ?? manifest.stem ?? stem;
  if (name === undefined || name === '' || name.includes('.')) {
    const problem =
      name === undefined || name === '' ? "A tool needs a 'name'." : `A tool's name must not hold a dot: ${name}`;
    report('error', CODE, at, problem);
    return [];
  }
  const folder = manifest.file.split('/').slice(0, -1).join('/');
  return [{ name, at, map: value, script: script === undefined ? null : { text: script, folder, at: scriptAt } }];
}

/** File name without folder and last extension. */
export function stemOf(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The tool that a manifest entry (null: none) makes of a script. */
export function toScriptTool(
  name: string,
  scriptPath: string,
  entry: ManifestEntry | null,
  report: Report,
): ScriptTool {
  const map = entry?.map ?? emptyMap({ source: yamlSource('', { file: scriptPath }), at: 0 });
  const fields = manifestFields(map, `tool '${name}'`, report);
  // Read elsewhere.
  for (const key of ['name', 'script']) fields.get(key);
  const operations = (fields.map('operations')?.entries() ?? []).flatMap(({ key, node }) =>
    toOperation(`${name}.${key}`, key, node, report),
  );
  const tool: ScriptTool = {
    name,
    scriptPath,
    description: fields.text('description') ?? '',
    operations,
    timeoutMs: fields.duration('timeout', { isPositive: true }) ?? DEFAULT_TIMEOUT_MS,
    env: readVariables(fields, report),
    passEnv: fields.texts('pass_env') ?? [],
    needs: readNeeds(fields),
  };
  fields.checkAsked();
  return tool;
}

/** Names of variables with their texts; a scalar becomes text, null the empty text. */
function readVariables(fields: Fields, report: Report): Readonly<Record<string, string>> {
  const texts = Object.entries(fields.textMap('env'));
  for (const { key, ...at } of fields.section('env').entries())
    if (!isVariable(key)) report('error', CODE, at, `'env.${key}' is not the name of a variable`);
  return Object.fromEntries(texts.filter(([key]) => isVariable(key)));
}

const isVariable = (name: string): boolean => name !== '' && !/[=\0]/.test(name);

function toOperation(path: string, name: string, value: YamlNode, report: Report): ToolOperation[] {
  const map = mapOrEmpty(value);
  if (map === null) {
    report('error', CODE, value, `Operation '${path}' must be a map.`);
    return [];
  }
  const fields = manifestFields(map, `operation '${path}'`, report);
  const parameters = fields.map('parameters');
  const timeoutMs = fields.duration('timeout', { isPositive: true });
  const schema = fields.get('output_schema')?.node.value;
  const operation: ToolOperation = {
    name,
    description: fields.text('description') ?? '',
    parameters:
      parameters === undefined
        ? null
        : parameters.entries().flatMap(({ key, node }) => toParameter(`${path}.${key}`, key, node, report)),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    idempotent: fields.flag('idempotent') ?? false,
    readOnly: fields.flag('read_only') ?? false,
    ...(schema === undefined ? {} : { outputSchema: schema }),
  };
  fields.checkAsked();
  return [operation];
}

function toParameter(path: string, name: string, value: YamlNode, report: Report): ToolParameter[] {
  const map = mapOrEmpty(value);
  if (map === null) {
    report('error', CODE, value, `Parameter '${path}' must be a map.`, `${name}: {type: string}`);
    return [];
  }
  const fields = manifestFields(map, `parameter '${path}'`, report);
  const fallback = fields.get('default')?.node;
  const allowed = fields.list('enum');
  const type = readType(path, fields, report);
  const plain = (node: YamlNode): Json => (type === 'string' ? spelledValue(node) : node.value);
  const parameter: ToolParameter = {
    name,
    type,
    required: fields.flag('required') ?? false,
    ...(fallback === undefined ? {} : { default: plain(fallback) }),
    ...(allowed === undefined ? {} : { enum: allowed.map(plain) }),
    description: fields.text('description') ?? '',
    secret: fields.flag('secret') ?? false,
  };
  fields.checkAsked();
  return [parameter];
}

function readType(path: string, fields: Fields, report: Report): ToolParameter['type'] {
  const written = fields.text('type');
  const known = VALUE_TYPES.find((type) => type === written);
  if (known !== undefined || written === undefined) return known ?? 'string';
  const message = `Parameter '${path}' has an unknown type '${written}'. Types: ${VALUE_TYPES.join(', ')}.`;
  report('error', CODE, fields.spot('type'), message, didYouMean(written, VALUE_TYPES));
  return 'string';
}

/** A map, or null where something else is written; nothing stands for an empty one. */
function mapOrEmpty(node: YamlNode): MapNode | null {
  if (node.kind === 'map') return node;
  return node.value === null ? emptyMap(node) : null;
}
