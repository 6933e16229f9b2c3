import type { Dirent } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, posix } from 'node:path';
import type { ScriptTool } from '../../../shared/model/bundle.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { isInside } from '../../files/index.ts';
import { isExecutable } from '../../processes/index.ts';
import { locate, YAML_LIMITS } from '../../yaml/index.ts';
import { hasShebang, SCRIPT_EXTENSIONS } from './interpreter-for.ts';
import {
  type ManifestEntry,
  type ManifestText,
  type Report,
  readManifests,
  stemOf,
  toScriptTool,
} from './manifest-entries.ts';

const MANIFEST = 'tools.yaml';

/** The script tools of a bundle, sorted by name, and everything that is wrong with them. Paths are relative to the bundle. */
export interface ScriptToolDiscovery {
  readonly tools: readonly ScriptTool[];
  readonly diagnostics: readonly Diagnostic[];
  /** Those that are errors in what manifests say about one tool, by its name. */
  readonly errorsOf: ReadonlyMap<string, readonly Diagnostic[]>;
}

interface Search {
  /** Real path of the bundle. */
  readonly root: string;
  /** Relative to the bundle, with `/`, '' for the bundle itself. */
  readonly toolsDir: string;
  readonly report: Report;
}

/** Finds the script tools of a bundle (SPEC §5.2). Reads files only, starts nothing, never throws on content. */
export async function discoverScriptTools(
  bundleDir: string,
  config: { readonly toolsDir: string },
): Promise<ScriptToolDiscovery> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (severity, code, at, message, fix) => {
    const place = 'source' in at ? locate(at) : at;
    diagnostics.push({ severity, code, message, ...place, ...(fix === undefined ? {} : { fix }) });
  };
  const root = await realpath(bundleDir);
  const search: Search = { root, toolsDir: posix.normalize(config.toolsDir).replace(/^\.?\/*|\/+$/g, ''), report };
  const files = await findCandidates(search);
  const manifests = readManifests(await readManifestTexts(search, files), report);
  const errorsOf = new Map<string, readonly Diagnostic[]>();
  const tools: ScriptTool[] = [];
  for (const [name, script] of await pickScripts(search, files, manifests)) {
    const before = diagnostics.length;
    const tool = toScriptTool(name, script, manifests.get(name) ?? null, report);
    errorsOf.set(
      name,
      diagnostics.slice(before).filter(({ severity }) => severity === 'error'),
    );
    if (await isRunnable(search, script)) tools.push(tool);
  }
  return { tools: tools.sort((a, b) => (a.name < b.name ? -1 : 1)), diagnostics, errorsOf };
}

/** Direct children of the tools folder that may be scripts; names only. */
async function findCandidates(search: Search): Promise<readonly string[]> {
  const folder = join(search.root, search.toolsDir);
  const real = await realpath(folder).catch(() => null);
  if (real === null) return [];
  if (!isInside(search.root, real)) {
    search.report('error', 'tool.link_leaves', { file: search.toolsDir }, `Link leaves the bundle: ${search.toolsDir}`);
    return [];
  }
  const entries = await readdir(real, { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith('.') && !/\.(?:yaml|md)$/i.test(name))
    .sort();
}

/** Bundle root, tools folder, companions: the order in which later ones win. */
async function readManifestTexts(search: Search, files: readonly string[]): Promise<ManifestText[]> {
  const inTools = (name: string): string => posix.join(search.toolsDir, name);
  const shared = [...new Set([MANIFEST, inTools(MANIFEST)])].map((file) => ({ file }));
  const stems = [...new Set(files.map(stemOf))].filter((stem) => stem !== 'tools');
  const companions = stems.map((stem) => ({ file: inTools(`${stem}.yaml`), stem }));
  const texts: ManifestText[] = [];
  for (const manifest of [...shared, ...companions]) {
    const text = await readManifestFile(search, manifest.file);
    if (text !== null) texts.push({ ...manifest, text });
  }
  return texts;
}

async function readManifestFile(search: Search, file: string): Promise<string | null> {
  const real = await realpath(join(search.root, file)).catch(() => null);
  if (real === null) return null;
  if (!isInside(search.root, real)) {
    search.report('error', 'tool.link_leaves', { file }, `Link leaves the bundle: ${file}`);
    return null;
  }
  const found = await stat(real);
  if (!found.isFile()) return null;
  const handle = await open(real, 'r').catch(() => null);
  if (handle === null) {
    search.report('error', 'tool.invalid_manifest', { file }, `${file} cannot be read.`);
    return null;
  }
  try {
    const { bytesRead, buffer } = await handle.read(
      Buffer.alloc(YAML_LIMITS.fileBytes + 1),
      0,
      YAML_LIMITS.fileBytes + 1,
      0,
    );
    if (bytesRead <= YAML_LIMITS.fileBytes)
      return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead));
    search.report('error', 'tool.invalid_manifest', { file }, `${file} is larger than 1 MiB.`);
  } catch {
    search.report('error', 'tool.invalid_manifest', { file }, `${file} is not UTF-8 text.`);
  } finally {
    await handle.close();
  }
  return null;
}

/** Tool name -> script, from the tools folder and from the manifests. A script that a manifest names wins its stem. */
async function pickScripts(
  search: Search,
  files: readonly string[],
  manifests: ReadonlyMap<string, ManifestEntry>,
): Promise<Map<string, string>> {
  const scripts = new Map<string, string>();
  for (const entry of manifests.values()) {
    const script = entry.script === null ? null : await findNamedScript(search, entry, entry.script);
    if (script !== null) scripts.set(entry.name, script);
  }
  const byStem = new Map<string, string[]>();
  for (const name of files) {
    const stem = stemOf(name);
    if (manifests.get(stem)?.script !== null && manifests.has(stem)) continue;
    const script = posix.join(search.toolsDir, name);
    if ((await isInBundle(search, script)) && (await looksLikeTool(join(search.root, script)))) {
      byStem.set(stem, [...(byStem.get(stem) ?? []), script]);
    }
  }
  for (const [stem, [first = '', ...others]] of byStem) {
    scripts.set(stem, first);
    if (others.length === 0) continue;
    const message = `Two scripts have the name '${stem}': ${[first, ...others].join(', ')}`;
    const fix = `Rename one, or name the right one in tools.yaml: {name: ${stem}, script: ${first}}`;
    search.report('error', 'tool.duplicate_name', { file: first }, message, fix);
  }
  for (const entry of manifests.values()) {
    if (scripts.has(entry.name) || entry.script !== null) continue;
    const message = `Tool '${entry.name}' has no script: there is no script of this name, and the entry has no key 'script'.`;
    search.report('error', 'tool.script_not_found', entry.at, message);
  }
  return scripts;
}

/** Relative to its manifest, else to the tools folder, else to the bundle. */
async function findNamedScript(
  search: Search,
  entry: ManifestEntry,
  script: NonNullable<ManifestEntry['script']>,
): Promise<string | null> {
  const { text, folder, at } = script;
  if (isAbsolute(text) || text.includes('\0')) {
    const message = `The script of tool '${entry.name}' must be a path inside the bundle: ${text}`;
    search.report('error', 'tool.link_leaves', at, message);
    return null;
  }
  const paths = [...new Set([folder, search.toolsDir, ''])].map((base) => posix.normalize(posix.join(base, text)));
  for (const path of paths) {
    const found = await stat(join(search.root, path)).catch(() => null);
    if (!found?.isFile()) continue;
    return (await isInBundle(search, path, at)) ? path : null;
  }
  if (paths.every((path) => path.split('/')[0] === '..')) {
    const message = `The script of tool '${entry.name}' lies outside the bundle: ${text}`;
    search.report('error', 'tool.link_leaves', at, message, 'Put it into the bundle.');
  } else search.report('error', 'tool.script_not_found', at, `Script of tool '${entry.name}' not found: ${text}`);
  return null;
}

async function isInBundle(search: Search, path: string, at: Parameters<Report>[2] = { file: path }): Promise<boolean> {
  const real = await realpath(join(search.root, path)).catch(() => null);
  if (real !== null && isInside(search.root, real) && !path.split('/').includes('..')) return true;
  search.report('error', 'tool.link_leaves', at, `Link leaves the bundle: ${path}`);
  return false;
}

/** An exec bit, a known extension, or a shebang: a copy may have lost its bits, and the version hash counts shebangs. */
async function looksLikeTool(file: string): Promise<boolean> {
  if (!(await stat(file)).isFile()) return false;
  if (SCRIPT_EXTENSIONS.has(extname(file).toLowerCase()) || (await isExecutable(file))) return true;
  return await hasShebang(file).catch(() => false);
}

async function isRunnable(search: Search, script: string): Promise<boolean> {
  if (await looksLikeTool(join(search.root, script))) return true;
  const message = `Script not executable and no shebang: ${posix.basename(script)}`;
  const fix = 'Begin it with a line such as #!/usr/bin/env bash.';
  search.report('error', 'tool.not_executable', { file: script }, message, fix);
  return false;
}
