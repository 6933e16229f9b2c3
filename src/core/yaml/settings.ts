import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { FieldReporter } from './field-problem.ts';
import { type FieldOptions, Fields } from './fields.ts';
import { type ReportYaml, readYamlFile, type YamlFile } from './read-yaml-file.ts';
import { emptyMap, type MapNode, mergeMaps, nothing } from './yaml-nodes.ts';
import { locate, type Spot, yamlSource } from './yaml-source.ts';

/** Takes the problems of settings, all of one code. */
export interface SettingsReporter extends FieldReporter {
  readonly add: ReportYaml;
}

/** A map of settings, read key by key. */
export type Settings = Fields<SettingsReporter>;

/** A value from elsewhere that goes before the texts, with the name under which problems in it are reported. */
export type Override = (path: readonly string[]) => { readonly name: string; readonly text: string } | undefined;

/** What reading settings needs beside the texts. */
export interface SettingsOptions {
  /** The code of every problem, such as `config.invalid`. */
  readonly code: string;
  /** Environment variables, by key path. */
  readonly override?: Override;
}

export interface OpenedSettings {
  readonly root: Settings;
  /** A text has an error, so its keys are not there. */
  readonly isBroken: boolean;
  readonly finish: () => readonly Diagnostic[];
}

/**
 * Opens settings texts, the most important last, as one map (SPEC §14): each is laid over those before it, key by key. Never throws on
 * content; a text with an error is left out as a whole. `finish` ends and gives all problems.
 */
export function openSettings(files: readonly YamlFile[], options: SettingsOptions): OpenedSettings {
  const diagnostics: Diagnostic[] = [];
  const add: ReportYaml = (severity, message, at, fix) => {
    const { code } = options;
    diagnostics.push({ severity, code, message, ...locate(at), ...(fix === undefined ? {} : { fix }) });
  };
  const report: SettingsReporter = { add, field: ({ severity, message, at, fix }) => add(severity, message, at, fix) };
  const map = files.reduce<MapNode | null>((below, file) => {
    const read = readLayer(file, add);
    return below === null || below.entries.size === 0 ? read : mergeMaps(below, read);
  }, null);
  const nowhere: Spot = { source: variable('', ''), at: 0 };
  const root = new Fields(map ?? emptyMap(nowhere), report, {
    path: [],
    isSetting: true,
    ...(options.override === undefined ? {} : { override: entryOf(options.override) }),
  });
  const isBroken = diagnostics.some(({ severity }) => severity === 'error');
  const finish = (): readonly Diagnostic[] => {
    root.checkAsked();
    return diagnostics;
  };
  return { root, isBroken, finish };
}

/** The map of a text; an empty text has no keys. */
function readLayer(file: YamlFile, report: ReportYaml): MapNode {
  const node = readYamlFile(file, report);
  if (node?.kind === 'map') return node;
  if (node !== null && node.value !== null) report('error', 'Invalid YAML: The file must be a map', node);
  return emptyMap(node ?? { source: yamlSource(file.text, { file: file.file }), at: 0 });
}

const variable = (file: string, text: string) => ({ ...yamlSource(text, { file }), hasLines: false });

/** A variable as if it was written in quotes: it is a text whatever it looks like. */
function entryOf(override: Override): NonNullable<FieldOptions['override']> {
  return (path) => {
    const found = override(path);
    if (found === undefined) return undefined;
    const { name, text } = found;
    const spot = { source: variable(name, text), at: 0 };
    const node = { ...nothing(spot), value: text, raw: text, end: text.length, style: 'quoted' } as const;
    return { key: path.at(-1) ?? '', ...spot, node };
  };
}
