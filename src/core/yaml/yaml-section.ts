import type { Json } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Place } from '../../shared/model/workflow.ts';
import { suggestName } from '../../shared/suggest-name.ts';
import { readYamlFile } from './read-yaml-file.ts';
import { type MapNode, scalarText, type YamlNode } from './yaml-nodes.ts';
import type { YamlSource } from './yaml-source.ts';

/** A YAML text and the name under which problems in it are reported. */
export interface YamlFile {
  readonly file: string;
  readonly text: string;
}

/** A key's value as it was found, and where. The file is '' for what no file says; the place is null where it has none. */
export interface FoundValue {
  readonly value: Json;
  /** The same where a text is wanted: undefined for what is none (SPEC §3.3). */
  readonly text: string | undefined;
  /** The node; null for what stands in no text. */
  readonly node: YamlNode | null;
  readonly file: string;
  readonly place: Place | null;
}

interface YamlLayer {
  readonly file: string;
  readonly source: YamlSource;
  readonly map: MapNode;
}

interface Shared {
  readonly code: string;
  readonly diagnostics: Diagnostic[];
  readonly sections: YamlSection[];
  readonly override: Override;
}

/** A value from elsewhere that goes before the texts, with the name under which problems in it are reported. */
export type Override = (path: readonly string[]) => { readonly name: string; readonly text: string } | undefined;

/** What a layer has at an offset. */
const foundAt = (layer: YamlLayer, node: YamlNode, at = node.at): FoundValue => ({
  value: node.value,
  text: scalarText(node),
  node,
  file: layer.file,
  place: layer.source.place(at),
});

/**
 * One map of a settings file, read key by key. Every key that is asked for is a known key; `finishYaml` then reports the
 * rest with a did-you-mean. Several layers are read as one: the first that has a key decides (local file over project file).
 */
export class YamlSection {
  readonly #shared: Shared;
  readonly #path: readonly string[];
  readonly #layers: readonly YamlLayer[];
  readonly #known = new Set<string>();
  readonly #sections = new Map<string, YamlSection>();
  #isOpen = false;

  constructor(shared: Shared, path: readonly string[], layers: readonly YamlLayer[]) {
    this.#shared = shared;
    this.#path = path;
    this.#layers = layers;
    shared.sections.push(this);
  }

  /** The keys that are written, in file order, local first. Marks the map as one whose keys are names of the author. */
  keys(): readonly string[] {
    this.#isOpen = true;
    return [...new Set(this.#layers.flatMap((layer) => [...layer.map.entries.keys()]))];
  }

  /** The raw value of a key, or undefined when it is not written in any layer. */
  find(key: string): FoundValue | undefined {
    this.#known.add(key);
    const override = this.#shared.override([...this.#path, key]);
    const layer = this.#layers.find((candidate) => candidate.map.entries.has(key));
    if (override !== undefined)
      return { value: override.text, text: override.text, node: null, file: override.name, place: null };
    const node = layer?.map.entries.get(key)?.node;
    return layer === undefined || node === undefined ? undefined : foundAt(layer, node);
  }

  /** A nested map; an absent one is empty, anything but a map is an error. */
  section(key: string): YamlSection {
    const opened = this.#sections.get(key);
    if (opened !== undefined) return opened;
    const section = this.#open(key);
    this.#sections.set(key, section);
    return section;
  }

  #open(key: string): YamlSection {
    this.#known.add(key);
    const layers = this.#layers.flatMap((layer): YamlLayer[] => {
      const node = layer.map.entries.get(key)?.node;
      if (node === undefined || node.value === null) return [];
      if (node.kind === 'map') return [{ ...layer, map: node }];
      this.report('error', foundAt(layer, node), `\`${this.pathOf(key)}\` must be a map.`);
      return [];
    });
    return new YamlSection(this.#shared, [...this.#path, key], layers);
  }

  /** Adds a problem at a value of this section. */
  report(
    severity: Diagnostic['severity'],
    found: Pick<FoundValue, 'file' | 'place'>,
    message: string,
    fix?: string,
  ): void {
    this.#shared.diagnostics.push({
      severity,
      code: this.#shared.code,
      message,
      ...(found.file === '' ? {} : { file: found.file }),
      ...(found.place === null ? {} : { line: found.place.line, column: found.place.column }),
      ...(fix === undefined ? {} : { fix }),
    });
  }

  /** The dotted name of a key, for messages. */
  pathOf(key: string): string {
    return [...this.#path, key].join('.');
  }

  /** Reports keys that nobody asked for. */
  reportUnknown(): void {
    if (this.#isOpen) return;
    for (const layer of this.#layers) {
      for (const { key, at, node } of layer.map.entries.values()) {
        if (this.#known.has(key)) continue;
        const near = suggestName(key, this.#known);
        const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
        const found = foundAt(layer, node, at);
        this.report('warning', found, `Unknown key \`${this.pathOf(key)}\`.${hint}`, near);
      }
    }
  }
}

/** The map of a text, or nothing: an empty text has no keys, one with an error is reported and left out as a whole. */
function readLayer({ file, text }: YamlFile, shared: Shared): readonly YamlLayer[] {
  const { source, node, error, warnings } = readYamlFile(text);
  for (const { message, at, fix } of warnings)
    shared.diagnostics.push({
      severity: 'warning',
      code: shared.code,
      message,
      file,
      ...source.place(at),
      ...(fix === undefined ? {} : { fix }),
    });
  if (node?.kind === 'map') return [{ file, source, map: node }];
  if (node !== null && node.value === null) return [];
  const { message, at, fix } = error ?? { message: 'The file must be a map', at: 0 };
  const place = source.place(at);
  shared.diagnostics.push({
    severity: 'error',
    code: shared.code,
    message: `Invalid YAML: ${message}`,
    file,
    line: place.line,
    column: place.column,
    ...(fix === undefined ? {} : { fix }),
  });
  return [];
}

/** What reading settings needs beside the texts. */
export interface SettingsOptions {
  /** The code of every problem, such as `config.invalid`. */
  readonly code: string;
  /** Environment variables, by key path. */
  readonly override?: Override;
}

/** Opens settings texts, the most important first, as one map. Never throws on content; `finish` ends and gives all problems. */
export function openYaml(
  files: readonly YamlFile[],
  options: SettingsOptions,
): { readonly root: YamlSection; readonly finish: () => readonly Diagnostic[] } {
  const override = options.override ?? (() => undefined);
  const shared: Shared = { code: options.code, diagnostics: [], sections: [], override };
  const root = new YamlSection(
    shared,
    [],
    files.flatMap((file) => readLayer(file, shared)),
  );
  const finish = (): readonly Diagnostic[] => {
    for (const section of shared.sections) section.reportUnknown();
    return shared.diagnostics;
  };
  return { root, finish };
}
