import type { ScriptTool, ToolOperation, ToolParameter } from '../../../shared/model/bundle.ts';
import { suggestName } from '../../../shared/suggest-name.ts';
import { VALUE_TYPES } from '../../../shared/typed-values.ts';
import {
  type LocatedMap,
  type LocatedValue,
  mergeLocated,
  type Place,
  type Report,
  readLocatedYaml,
  toPlain,
  toPlainText,
} from './located-yaml.ts';
import { ManifestFields } from './manifest-fields.ts';

const CODE = 'tool.invalid_manifest';
const DEFAULT_TIMEOUT_MS = 300_000;

/** What the manifests say about one tool, over all of them. */
export interface ManifestEntry {
  readonly name: string;
  readonly place: Place;
  readonly map: LocatedMap;
  /** `script` as written, and the folder of the manifest that wrote it, relative to the bundle. */
  readonly script: { readonly text: string; readonly folder: string; readonly place: Place } | null;
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
        report('error', CODE, entry.place, `Tool '${entry.name}' stands twice in ${text.file}.`, 'Remove one of them.');
        continue;
      }
      names.add(entry.name);
      const before = merged.get(entry.name);
      if (before === undefined) merged.set(entry.name, entry);
      else
        merged.set(entry.name, {
          ...entry,
          map: mergeLocated(before.map, entry.map),
          script: entry.script ?? before.script,
        });
    }
  }
  return merged;
}

function readOne(manifest: ManifestText, report: Report): ManifestEntry[] {
  const root = readLocatedYaml(manifest.file, manifest.text, report);
  if (root === null || (root.kind === 'scalar' && root.value === null)) return [];
  const start: Place = { file: manifest.file, line: 1, column: 1 };
  if (root.kind !== 'map') {
    report('error', CODE, root.place, `${manifest.file} must be a map with the key \`tools\`.`);
    return [];
  }
  if (manifest.stem !== undefined && !root.entries.has('tools')) return toEntry(root, manifest, start, report);
  const fields = new ManifestFields(root, manifest.file, report);
  const tools = fields.find('tools');
  fields.reportUnknown();
  if (tools === undefined) return [];
  if (tools.kind === 'list') return tools.items.flatMap((item) => toEntry(item, manifest, item.place, report));
  report('error', CODE, tools.place, '`tools` must be a list of tools.', 'tools: [{name: …}]');
  return [];
}

function toEntry(value: LocatedValue, manifest: ManifestText, place: Place, report: Report): ManifestEntry[] {
  if (value.kind !== 'map') {
    report('error', CODE, place, 'A tool must be a map with a `name`.');
    return [];
  }
  const fields = new ManifestFields(value, 'the tool', report);
  const script = fields.text('script');
  const scriptPlace = value.entries.get('script')?.place ?? place;
  const stem = script === undefined ? undefined : stemOf(script);
  const name = fields.text('name') ?? manifest.stem ?? stem;
  if (name === undefined || name === '' || name.includes('.')) {
    const problem =
      name === undefined || name === '' ? 'A tool needs a `name`.' : `A tool's name must not hold a dot: ${name}`;
    report('error', CODE, place, problem);
    return [];
  }
  const folder = manifest.file.split('/').slice(0, -1).join('/');
  return [
    { name, place, map: value, script: script === undefined ? null : { text: script, folder, place: scriptPlace } },
  ];
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
  const place = entry?.place ?? { file: scriptPath, line: 1, column: 1 };
  const map: LocatedMap = entry?.map ?? { kind: 'map', place, entries: new Map() };
  const fields = new ManifestFields(map, `tool '${name}'`, report);
  for (const key of ['name', 'script', 'network']) fields.find(key);
  const operations = [...(fields.map('operations')?.entries ?? [])].flatMap(([operation, { value }]) =>
    toOperation(`${name}.${operation}`, operation, value, report),
  );
  const tool: ScriptTool = {
    name,
    scriptPath,
    description: fields.text('description') ?? '',
    operations,
    timeoutMs: fields.durationMs('timeout') ?? DEFAULT_TIMEOUT_MS,
    env: fields.variables('env'),
    passEnv: fields.texts('pass_env') ?? [],
  };
  fields.reportUnknown();
  return tool;
}

function toOperation(path: string, name: string, value: LocatedValue, report: Report): ToolOperation[] {
  const map = mapOrEmpty(value);
  if (map === null) {
    report('error', CODE, value.place, `Operation '${path}' must be a map.`);
    return [];
  }
  const fields = new ManifestFields(map, `operation '${path}'`, report);
  const parameters = fields.map('parameters');
  const timeoutMs = fields.durationMs('timeout');
  const schema = fields.find('output_schema');
  const operation: ToolOperation = {
    name,
    description: fields.text('description') ?? '',
    parameters:
      parameters === undefined
        ? null
        : [...parameters.entries].flatMap(([key, { value: one }]) => toParameter(`${path}.${key}`, key, one, report)),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    idempotent: fields.flag('idempotent'),
    readOnly: fields.flag('read_only'),
    ...(schema === undefined ? {} : { outputSchema: toPlain(schema) }),
  };
  fields.reportUnknown();
  return [operation];
}

function toParameter(path: string, name: string, value: LocatedValue, report: Report): ToolParameter[] {
  const map = mapOrEmpty(value);
  if (map === null) {
    report('error', CODE, value.place, `Parameter '${path}' must be a map.`, `${name}: {type: string}`);
    return [];
  }
  const fields = new ManifestFields(map, `parameter '${path}'`, report);
  const fallback = fields.find('default');
  const allowed = fields.list('enum');
  const type = readType(path, fields, report);
  const plain = type === 'string' ? toPlainText : toPlain;
  const parameter: ToolParameter = {
    name,
    type,
    required: fields.flag('required'),
    ...(fallback === undefined ? {} : { default: plain(fallback) }),
    ...(allowed === undefined ? {} : { enum: allowed.map(plain) }),
    description: fields.text('description') ?? '',
    secret: fields.flag('secret'),
  };
  fields.reportUnknown();
  return [parameter];
}

function readType(path: string, fields: ManifestFields, report: Report): ToolParameter['type'] {
  const written = fields.text('type');
  const known = VALUE_TYPES.find((type) => type === written);
  if (known !== undefined || written === undefined) return known ?? 'string';
  const place = fields.find('type')?.place ?? { file: '' };
  const near = suggestName(written, VALUE_TYPES);
  const message = `Parameter '${path}' has an unknown type '${written}'. Types: ${VALUE_TYPES.join(', ')}.`;
  report('error', CODE, place, message, near);
  return 'string';
}

/** A map, or null where nothing is written, which stands for an empty one. */
function mapOrEmpty(value: LocatedValue): LocatedMap | null {
  if (value.kind === 'map') return value;
  if (value.kind === 'scalar' && value.value === null) return { kind: 'map', place: value.place, entries: new Map() };
  return null;
}
