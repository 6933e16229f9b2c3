import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { suggestName } from '../../../../shared/suggest-name.ts';
import { type LocatedValue, type Report, readLocatedYaml } from '../../script/located-yaml.ts';
import { ManifestFields } from '../../script/manifest-fields.ts';
import { readRegistryEntry } from './read-entry.ts';
import type { RegistryEntry } from './registry-entry.ts';

const CODE = 'tool.registry_invalid';
const START = { line: 1, column: 1 };
/** SPEC §5.1; a registry may name more. */
const CATEGORIES = ['project_management', 'communication', 'development', 'system', 'database', 'analytics'];

/** What `registry.yaml` says. A tool with an error in it stays in the list and says so. */
export interface RegistryReading {
  readonly entries: readonly RegistryEntry[];
  /** Category -> description, the listed ones only. */
  readonly categories: Readonly<Record<string, string>>;
  readonly problems: readonly Diagnostic[];
}

/**
 * Reads the text of a tool registry (SPEC §5.1): every key; an unknown one is a warning with a did-you-mean, an unknown type an
 * error at its line. Looks at no disk and never throws on content. `file` is the name under which problems are reported.
 */
export function readRegistry(file: string, text: string): RegistryReading {
  const problems: Diagnostic[] = [];
  const report: Report = (severity, code, place, message, fix) => {
    const own = code === 'tool.invalid_manifest' ? CODE : code;
    problems.push({ severity, code: own, message, ...place, ...(fix === undefined ? {} : { fix }) });
  };
  const root = readLocatedYaml(file, text, report);
  if (root === null || (root.kind === 'scalar' && root.value === null))
    return { entries: [], categories: {}, problems };
  if (root.kind !== 'map') {
    report('error', CODE, { file, ...START }, 'The registry must be a map with the key `tools`.', 'tools: []');
    return { entries: [], categories: {}, problems };
  }
  const fields = new ManifestFields(root, 'the registry', report);
  const tools = listOf(fields, 'tools', report);
  const categories = readCategories(listOf(fields, 'categories', report), report);
  fields.reportUnknown();
  const entries = withoutDoubles(
    tools.flatMap((one) => readRegistryEntry(one, problems, report)),
    report,
  );
  for (const entry of entries) checkCategory(entry, categories, report);
  return { entries, categories, problems };
}

function listOf(fields: ManifestFields, key: string, report: Report): readonly LocatedValue[] {
  const value = fields.find(key);
  if (value === undefined) return [];
  if (value.kind === 'list') return value.items;
  report('error', CODE, value.place, `\`${key}\` must be a list.`, `${key}: [{name: …}]`);
  return [];
}

function readCategories(items: readonly LocatedValue[], report: Report): Readonly<Record<string, string>> {
  const named = items.flatMap((item): [string, string][] => {
    if (item.kind !== 'map') {
      report('error', CODE, item.place, 'A category must be a map with a `name`.', '{name: …, description: …}');
      return [];
    }
    const fields = new ManifestFields(item, 'the category', report);
    const name = fields.text('name');
    const description = fields.text('description') ?? '';
    fields.reportUnknown();
    if (name !== undefined && name !== '') return [[name, description]];
    report('error', CODE, item.place, 'A category needs a `name`.');
    return [];
  });
  return Object.fromEntries(named);
}

function withoutDoubles(entries: readonly RegistryEntry[], report: Report): readonly RegistryEntry[] {
  const names = new Set<string>();
  return entries.filter((entry) => {
    if (!names.has(entry.name)) return names.add(entry.name);
    const message = `Tool '${entry.name}' stands twice in the registry; the first one counts.`;
    report('error', CODE, entry.place, message, 'Remove one of them, or make it an implementation of the other.');
    return false;
  });
}

function checkCategory(entry: RegistryEntry, listed: Readonly<Record<string, string>>, report: Report): void {
  const known = [...CATEGORIES, ...Object.keys(listed)];
  if (entry.category === '' || known.includes(entry.category)) return;
  const near = suggestName(entry.category, known);
  const hint = near === undefined ? 'List it under `categories`.' : `Did you mean \`${near}\`?`;
  report('warning', CODE, entry.place, `Unknown category '${entry.category}' of tool '${entry.name}'. ${hint}`, near);
}
