import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { didYouMean } from '../../../../shared/suggest-name.ts';
import { locate, type YamlNode } from '../../../yaml/index.ts';
import { manifestFields, type Report, readManifestYaml } from '../../script/manifest-entries.ts';
import { readRegistryEntry } from './read-entry.ts';
import type { RegistryEntry } from './registry-entry.ts';

const CODE = 'tool.registry_invalid';
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
  const report: Report = (severity, code, at, message, fix) => {
    const place = 'source' in at ? locate(at) : at;
    const own = code === 'tool.invalid_manifest' ? CODE : code;
    problems.push({ severity, code: own, message, ...place, ...(fix === undefined ? {} : { fix }) });
  };
  const root = readManifestYaml({ file, text }, report);
  if (root === null || (root.kind === 'scalar' && root.value === null))
    return { entries: [], categories: {}, problems };
  if (root.kind !== 'map') {
    report(
      'error',
      CODE,
      { source: root.source, at: 0 },
      "The registry must be a map with the key 'tools'.",
      'tools: []',
    );
    return { entries: [], categories: {}, problems };
  }
  const fields = manifestFields(root, 'the registry', report);
  const tools = fields.list('tools', 'tools: [{name: …}]') ?? [];
  const categories = readCategories(fields.list('categories', 'categories: [{name: …}]') ?? [], report);
  fields.checkAsked();
  const entries = withoutDoubles(
    tools.flatMap((one) => readRegistryEntry(one, problems, report)),
    report,
  );
  for (const entry of entries) checkCategory(entry, categories, report);
  return { entries, categories, problems };
}

function readCategories(items: readonly YamlNode[], report: Report): Readonly<Record<string, string>> {
  const named = items.flatMap((item): [string, string][] => {
    if (item.kind !== 'map') {
      report('error', CODE, item, "A category must be a map with a 'name'.", '{name: …, description: …}');
      return [];
    }
    const fields = manifestFields(item, 'the category', report);
    const name = fields.text('name');
    const description = fields.text('description') ?? '';
    fields.checkAsked();
    if (name !== undefined && name !== '') return [[name, description]];
    report('error', CODE, item, "A category needs a 'name'.");
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
  const fix = didYouMean(entry.category, known) ?? "List it under 'categories'.";
  report('warning', CODE, entry.place, `Unknown category '${entry.category}' of tool '${entry.name}'`, fix);
}
