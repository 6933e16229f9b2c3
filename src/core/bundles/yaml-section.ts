import { type Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { Json } from '../../shared/model/workflow.ts';
import { didYouMean } from './did-you-mean.ts';

/** A YAML text and the name under which problems in it are reported. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
}

/** A key's value as it was found: where, and its plain JSON. */
export interface FoundValue {
  readonly value: Json;
  readonly source: YamlLayer;
  readonly node: Node | null;
}

interface YamlLayer {
  readonly file: string;
  readonly document: Document | null;
  readonly lines: LineCounter;
  readonly map: YAMLMap | null;
}

interface Shared {
  readonly code: string;
  readonly diagnostics: Diagnostic[];
  readonly sections: YamlSection[];
  readonly override: (path: readonly string[]) => string | undefined;
}

const MAX_ALIASES = 100;

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
    this.#layers = layers.filter((layer) => layer.map !== null);
    shared.sections.push(this);
  }

  /** The keys that are written, in file order, local first. Marks the map as one whose keys are names of the author. */
  keys(): readonly string[] {
    this.#isOpen = true;
    return [...new Set(this.#layers.flatMap((layer) => (layer.map?.items ?? []).map((pair) => keyText(pair.key))))];
  }

  /** The raw value of a key, or undefined when it is not written in any layer. */
  find(key: string): FoundValue | undefined {
    this.#known.add(key);
    const override = this.#shared.override([...this.#path, key]);
    const layer = this.#layers.find((candidate) => candidate.map?.has(key));
    if (override !== undefined) return { value: override, source: layer ?? EMPTY_LAYER, node: null };
    if (layer === undefined) return undefined;
    const node = (layer.map?.get(key, true) ?? null) as Node | null;
    return { value: this.#plain(node, layer, key), source: layer, node };
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
      const raw = (layer.map?.get(key, true) ?? null) as Node | null;
      const node = isAlias(raw) && layer.document !== null ? (raw.resolve(layer.document) ?? null) : raw;
      if (node === null || (isScalar(node) && node.value === null)) return [];
      if (isMap(node)) return [{ ...layer, map: node }];
      this.report('error', { value: null, source: layer, node }, `\`${this.pathOf(key)}\` must be a map.`);
      return [];
    });
    return new YamlSection(this.#shared, [...this.#path, key], layers);
  }

  /** Adds a problem at a value of this section. */
  report(severity: Diagnostic['severity'], found: FoundValue, message: string, fix?: string): void {
    const offset = found.node?.range?.[0];
    const place = offset === undefined ? null : found.source.lines.linePos(offset);
    this.#shared.diagnostics.push({
      severity,
      code: this.#shared.code,
      message,
      ...(found.source.file === '' ? {} : { file: found.source.file }),
      ...(place === null ? {} : { line: place.line, column: place.col }),
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
      for (const pair of layer.map?.items ?? []) {
        const key = keyText(pair.key);
        if (this.#known.has(key)) continue;
        const near = didYouMean(key, this.#known);
        const hint = near === null ? '' : ` Did you mean \`${near}\`?`;
        const found = { value: null, source: layer, node: pair.key as Node };
        this.report('warning', found, `Unknown key \`${this.pathOf(key)}\`.${hint}`, near ?? undefined);
      }
    }
  }

  #plain(node: Node | null, layer: YamlLayer, key: string): Json {
    if (node === null || layer.document === null) return null;
    try {
      return toJson(node.toJS(layer.document, { maxAliasCount: MAX_ALIASES }), 0);
    } catch {
      this.report('error', { value: null, source: layer, node }, `\`${this.pathOf(key)}\` cannot be read.`);
      return null;
    }
  }
}

const EMPTY_LAYER: YamlLayer = { file: '', document: null, lines: new LineCounter(), map: null };

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function toJson(value: unknown, depth: number): Json {
  if (depth > 100) throw new RangeError('too deep');
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1));
  if (typeof value !== 'object') return null;
  const entries = Object.entries(value).filter(([key]) => key !== '__proto__');
  return Object.fromEntries(entries.map(([key, item]) => [key, toJson(item, depth + 1)]));
}

function parseLayer(source: YamlSource, shared: Shared): YamlLayer {
  const lines = new LineCounter();
  const document = parseDocument(source.text.replace(/^\uFEFF/, ''), {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const layer: YamlLayer = { file: source.file, document, lines, map: null };
  const problem = document.errors[0] ?? document.warnings[0];
  const place = problem === undefined ? null : lines.linePos(problem.pos[0]);
  const detail =
    problem?.message ?? (document.contents === null || isMap(document.contents) ? null : 'The file must be a map');
  if (detail === null) return { ...layer, map: isMap(document.contents) ? document.contents : null };
  shared.diagnostics.push({
    severity: 'error',
    code: shared.code,
    message: `Invalid YAML: ${detail}`,
    file: source.file,
    line: place?.line ?? 1,
    column: place?.col ?? 1,
  });
  return layer;
}

/** What reading settings needs beside the texts. */
export interface YamlOptions {
  /** The code of every problem, such as `config.invalid`. */
  readonly code: string;
  /** A value from elsewhere that goes before the texts (environment variables), by key path. */
  readonly override?: (path: readonly string[]) => string | undefined;
}

/** Opens settings texts, the most important first, as one map. Never throws on content; `finish` ends and gives all problems. */
export function openYaml(
  sources: readonly YamlSource[],
  options: YamlOptions,
): { readonly root: YamlSection; readonly finish: () => readonly Diagnostic[] } {
  const override = options.override ?? (() => undefined);
  const shared: Shared = { code: options.code, diagnostics: [], sections: [], override };
  const root = new YamlSection(
    shared,
    [],
    sources.map((source) => parseLayer(source, shared)),
  );
  const finish = (): readonly Diagnostic[] => {
    for (const section of shared.sections) section.reportUnknown();
    return shared.diagnostics;
  };
  return { root, finish };
}
