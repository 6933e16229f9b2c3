import { statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import { NO_NEEDS, type ToolNeeds } from '../../../../shared/model/needs.ts';
import { createMcpTool, type McpSettings, parseMcpPackage, readMcpSettings } from '../../mcp/index.ts';
import { createModuleTool, findAdapter } from '../../module/index.ts';
import { createOpenApiTool } from '../../openapi/index.ts';
import type { PinPort, ToolCommons } from '../../registry-port.ts';
import type { RegistryEntry, RegistryImplementation } from '../file/registry-entry.ts';
import { loginVariables, readAuth } from './authentication.ts';
import { openScript } from './open-script.ts';
import { brokenTool, type OpenedImplementation, type ToolParts } from './opened-implementation.ts';
import {
  candidatePaths,
  invalid,
  isAllowed,
  type PathRules,
  pathRules,
  readSettingsText,
  resolveRegistryPath,
  showProjectPath,
} from './path-rules.ts';

/** Local files are the project's own: what they say needs nobody's word. */
const NO_PIN: PinPort = { accepted: () => null, check: () => undefined };

/** One implementation of one tool, and the name of its pin. */
export interface Slot {
  readonly entry: RegistryEntry;
  readonly implementation: RegistryImplementation;
  readonly pinKey: string;
}

interface Build extends Slot {
  readonly parts: ToolParts;
  readonly rules: PathRules;
  readonly commons: ToolCommons;
}

/**
 * Makes a tool of an implementation (SPEC §5.1). Starts nothing and sends nothing; what is wrong with its files makes a tool that says so.
 *
 * Limits that hold: every path of the registry, the working folder of an MCP server, and arguments of it that are paths where
 * `allowed_paths` is written; addresses by `allowed_hosts` where requests go through our HTTP client; with `sandboxed` what a process of a
 * tool (MCP server, module, script) opens, and whether it reaches the network, where the system has a sandbox. Limits that cannot be held:
 * the same without it, which host a process reaches, and paths inside the parameters of its operations.
 */
export function openImplementation(slot: Slot, parts: ToolParts): OpenedImplementation {
  const { entry, implementation } = slot;
  if (entry.error !== null) return brokenTool(entry.name, AppError.fromRecord(entry.error));
  try {
    const rules = pathRules(parts.projectPath, parts.registryFile, entry.security.allowedPaths);
    const build: Build = { ...slot, parts, rules, commons: commonsOf(slot, parts, rules) };
    return BUILDERS[implementation.type](build);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return brokenTool(entry.name, atEntry(error, implementation));
  }
}

/** The files whose change makes the tool anew; also where they are missing now. */
export function watchedFiles(
  { entry, implementation }: Slot,
  parts: Pick<ToolParts, 'projectPath' | 'registryFile'>,
): readonly string[] {
  const rules = pathRules(parts.projectPath, parts.registryFile, []);
  const { type, configPath, specPath, adapterPath } = implementation;
  const written = [configPath, specPath, adapterPath].filter((path) => path !== null && !path.includes('\0'));
  const files = written.flatMap((path) => candidatePaths(path ?? '', rules));
  if (type === 'mcp' && configPath === null) return [defaultConfig(entry.name, rules)];
  const folders = files.length > 0 ? files : [join(rules.registryDir, 'custom', entry.name)];
  if (type === 'custom') return [...files, ...folders.flatMap((folder) => findAdapter(folder) ?? [])];
  if (type === 'script') return [...files, ...folders.flatMap((file) => manifestsBeside(file))];
  return files;
}

/** Where an implementation is, for people. */
export function sourceOf({ entry, implementation }: Slot): string {
  const { type, configPath, specPath, specUrl, adapterPath } = implementation;
  if (type === 'mcp') return configPath ?? implementation.package ?? `mcp/${entry.name}.yaml`;
  if (type === 'openapi') return specPath ?? specUrl ?? '';
  return adapterPath ?? configPath ?? `custom/${entry.name}`;
}

function commonsOf({ entry, implementation, pinKey }: Slot, parts: ToolParts, rules: PathRules): ToolCommons {
  const isPinned = implementation.type === 'mcp' || isFetched(implementation);
  const { name, description, authentication, security } = entry;
  return {
    name,
    description,
    auth: () => readAuth({ ...parts, tool: name, authentication }),
    allowedHosts: security.allowedHosts,
    allowedPaths: rules.allowedPaths,
    ...(security.isSandboxed ? { needs: fencedBy(security, rules) } : {}),
    limits: security.limits,
    timeoutMs: parts.timeoutMs,
    pin: isPinned ? parts.pins.portOf(pinKey) : NO_PIN,
    onChange: parts.onChange,
  };
}

/** What a tool in the sandbox gets: the paths that its entry allows, and the network where it names a host. */
const fencedBy = ({ allowedHosts }: Slot['entry']['security'], { allowedPaths }: PathRules): ToolNeeds => ({
  ...NO_NEEDS,
  read: allowedPaths,
  write: allowedPaths,
  network: allowedHosts.length === 0 ? false : allowedHosts,
});

const isFetched = ({ specPath, specUrl }: RegistryImplementation): boolean => specPath === null && specUrl !== null;

const BUILDERS: Readonly<Record<RegistryImplementation['type'], (build: Build) => OpenedImplementation>> = {
  mcp: buildMcp,
  openapi: buildOpenApi,
  custom: buildModule,
  script: (build) => {
    const { adapterPath, configPath } = build.implementation;
    const path = adapterPath ?? configPath;
    if (path === null) throw invalid("A script needs 'adapter_path', or 'config_path' with its manifest.");
    return openScript({
      name: build.entry.name,
      file: resolveRegistryPath(path, build.rules),
      isManifest: adapterPath === null,
      registryDir: build.rules.registryDir,
      runner: build.parts.runner,
      needs: build.commons.needs,
      limits: build.commons.limits,
      variables: () => variablesOf(build),
    });
  },
};

function buildMcp(build: Build): OpenedImplementation {
  const { parts, commons, rules } = build;
  const { settings, problems } = serverOf(build);
  checkServerPaths(settings, rules);
  const { http, hostEnv, stateDir } = parts;
  const tool = createMcpTool({ commons, settings, http, hostEnv, stateDir, ports: parts.ports });
  return { tool, isPinned: true, problems, error: () => null, load: () => Promise.resolve([]) };
}

/** How the server of an MCP tool is reached, as it is written. `tool.registry_invalid`, `tool.definition_invalid`. */
export function serverOf({ entry, implementation, rules }: Pick<Build, 'entry' | 'implementation' | 'rules'>): {
  readonly settings: McpSettings;
  readonly problems: OpenedImplementation['problems'];
} {
  const folders = [rules.registryDir, rules.projectPath];
  const { configPath } = implementation;
  if (configPath === null && implementation.package !== null) {
    const exact = parseMcpPackage(implementation.package);
    if (exact === null)
      throw invalid(`'${implementation.package}' does not name an exact version.`, 'package: "name@1.2.3"');
    const server = { kind: 'package', package: exact, args: [], env: {}, folders: folders.slice(-1) } as const;
    return { settings: { server, timeoutMs: null, include: null, exclude: [], references: [] }, problems: [] };
  }
  const path = resolveRegistryPath(configPath ?? defaultConfig(entry.name, rules), rules);
  const file = showProjectPath(rules.projectPath, path);
  const { settings, problems } = readMcpSettings({ file, text: readSettingsText(path) }, folders);
  if (settings !== null) return { settings, problems };
  const first = problems.find((problem) => problem.severity === 'error');
  const at = first?.line === undefined ? file : `${file}:${first.line}`;
  throw new AppError('tool.definition_invalid', `${at}: ${first?.message ?? 'The file cannot be used.'}`, {
    hint: first?.fix,
  });
}

const defaultConfig = (tool: string, rules: PathRules): string => join(rules.registryDir, 'mcp', `${tool}.yaml`);

/** The working folder of a server, and what of its arguments is a path. */
function checkServerPaths({ server }: McpSettings, rules: PathRules): void {
  if (server.kind === 'url') return;
  const folder = server.folders.find((one) => statSync(one, { throwIfNoEntry: false })?.isDirectory() === true);
  const hint = "Name the folder in 'security.allowed_paths' of the tool.";
  if (folder !== undefined && !isAllowed(folder, rules))
    throw invalid(`The working folder of the server lies outside the project: ${folder}`, hint);
  if (rules.allowedPaths.length === 0) return;
  const base = folder ?? rules.projectPath;
  const outside = server.args
    .flatMap(pathIn)
    .find((path) => !isAllowed(isAbsolute(path) ? path : join(base, path), rules));
  if (outside !== undefined)
    throw invalid(`An argument of the server names a path that 'security.allowed_paths' leaves out: ${outside}`, hint);
}

/** `/x`, `../x`, `--root=/x`, `file:///x`. */
function pathIn(argument: string): readonly string[] {
  const value = /^--?[\w-]+=(.*)$/s.exec(argument)?.[1] ?? argument;
  const url = value.startsWith('file:') ? URL.parse(value) : null;
  if (url !== null) return [decodeURIComponent(url.pathname)];
  return isAbsolute(value) || /^\.\.?(?:[\\/]|$)/.test(value) || value.split(/[\\/]/).includes('..') ? [value] : [];
}

function buildOpenApi({ implementation, rules, commons, parts }: Build): OpenedImplementation {
  const { specPath, specUrl, baseUrl } = implementation;
  if (specPath === null && specUrl === null) throw invalid("An OpenAPI tool needs 'spec_path' or 'spec_url'.");
  const tool = createOpenApiTool({
    commons,
    http: parts.http,
    specFile: specPath === null ? null : resolveRegistryPath(specPath, rules),
    specUrl,
    baseUrl,
    cacheDir: join(parts.stateDir, 'specs'),
    projectDir: rules.projectPath,
  });
  const load = async (): Promise<readonly never[]> => {
    // What is wrong with a spec is said by whoever describes or calls the tool.
    if (specPath !== null) await tool.functions?.(new AbortController().signal).catch(() => undefined);
    return [];
  };
  return { tool, isPinned: specPath === null, problems: [], error: () => null, load };
}

function buildModule(build: Build): OpenedImplementation {
  const { entry, implementation, rules, commons, parts } = build;
  const written = implementation.adapterPath ?? join(rules.registryDir, 'custom', entry.name);
  const path = resolveRegistryPath(written, rules, 'file or folder');
  const adapter = findAdapter(path);
  if (adapter === null)
    throw invalid(
      `There is no adapter at ${showProjectPath(rules.projectPath, path)}.`,
      'Write adapter.js, adapter.mjs, adapter.ts or adapter.py there.',
    );
  const adapterPath = resolveRegistryPath(adapter, rules);
  const { runner, hostEnv, stateDir } = parts;
  const { registryDir } = rules;
  const tool = createModuleTool({
    ...{ commons, adapterPath, runner, hostEnv, stateDir },
    workDir: registryDir,
    variables: () => variablesOf(build),
  });
  return { tool, isPinned: false, problems: [], error: () => null, load: () => Promise.resolve([]) };
}

const variablesOf = ({ entry: { name, authentication }, parts }: Build): Promise<Readonly<Record<string, string>>> =>
  loginVariables({ ...parts, tool: name, authentication });

function manifestsBeside(script: string): readonly string[] {
  const stem = script.replace(/\.[^./\\]+$/, '');
  return [join(dirname(script), 'tools.yaml'), `${stem}.yaml`];
}

/** The same error with the place of the entry, so that people find it. */
function atEntry(error: AppError, { place }: RegistryImplementation): AppError {
  const { code, message, hint, details, cause } = error;
  const at = code === 'tool.registry_invalid' ? `${place.file}:${place.line}: ` : '';
  return new AppError(code, `${at}${message}`, {
    hint,
    cause,
    details: { ...details, file: place.file, line: place.line },
  });
}
