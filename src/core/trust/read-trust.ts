import { showHidden } from '../../shared/ansi.ts';
import type { BundleConfig, ScriptTool } from '../../shared/model/bundle.ts';
import type { Capability, CapabilityKind, Declared, Finding } from '../../shared/model/trust.ts';
import type { BundleReading } from '../bundles/index.ts';
import { namesIn } from '../workflow/index.ts';
import { CapabilityList } from './capability-list.ts';
import { findHidden } from './hidden-characters.ts';
import { findHosts, findRiskyLines } from './risky-code.ts';
import { addSteps } from './step-capabilities.ts';
import type { TreeFile } from './tree.ts';

/** What reading a bundle showed (SPEC §6.7): what it says of itself, and what its code says. Nothing of it was run. */
export interface TrustReading {
  readonly capabilities: readonly Capability[];
  /** The most serious first. */
  readonly findings: readonly Finding[];
}

const CODE_NAME = /\.(?:sh|bash|zsh|py|rb|pl|php|lua|js|mjs|cjs|ts|mts|ps1|bat|cmd|exe|dll|so|dylib|jar|wasm|node)$/i;
/** Whether a file is a program, by its name or its mode. */
export const isCode = ({ path, isExecutable }: Pick<TreeFile, 'path' | 'isExecutable'>): boolean =>
  isExecutable || CODE_NAME.test(path);

/** Variables by which other code is loaded before a program's own. */
const LOADING =
  /^(?:LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|NODE_OPTIONS|NODE_PATH|PYTHONPATH|PYTHONSTARTUP|RUBYOPT|RUBYLIB|PERL5LIB|PERL5OPT|BASH_ENV|ENV|PATH|GIT_SSH_COMMAND|\w*_BASE_URL|OLLAMA_HOST|HTTPS?_PROXY)$/i;

/** Reads a bundle from its reading and the files of the very same version. */
export function readTrust(reading: BundleReading, files: readonly TreeFile[]): TrustReading {
  const list = new CapabilityList();
  const findings: Finding[] = files.flatMap(hiddenIn);
  addWritten(list, reading);
  findings.push(...variablesThatLoad('config.yaml', reading.config.env));
  addScripts(list, reading.tools, files);
  for (const tool of reading.tools) findings.push(...variablesThatLoad(tool.scriptPath, tool.env));
  for (const file of files.filter(isCode)) findings.push(...inCode(list, file));
  return { capabilities: list.list(), findings: ranked(findings) };
}

/**
 * What a version says that it uses: the lines of its sheet that were not read from code, so that the sheet and what holds a run cannot
 * differ. Variables of its own `.env`, which no archive carries, were written here.
 */
export function declaredOf(reading: BundleReading): Declared {
  const written = writtenOf(reading);
  const names = (kind: CapabilityKind): readonly string[] =>
    written.flatMap((one) => (one.kind === kind ? [one.name] : []));
  return { tools: names('tools'), secrets: names('secrets'), hosts: names('reaches') };
}

/** All that a version itself says that it uses, asks and reaches; its code is not read. */
export function writtenOf(reading: BundleReading): readonly Capability[] {
  const list = new CapabilityList();
  addWritten(list, reading);
  addEnvSecrets(list, reading.env);
  return list.list();
}

/** All that a bundle itself says, without its code. */
function addWritten(list: CapabilityList, { reading, config, tools }: BundleReading): void {
  if (reading !== null) addSteps(list, reading.workflow, new Set(tools.map(({ name }) => name)));
  addConfig(list, config);
  for (const tool of tools) addNeeds(list, tool);
}

const RANK = { high: 0, watch: 1 } as const;
/** The most serious first. */
export const ranked = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);

function addConfig(list: CapabilityList, config: BundleConfig): void {
  for (const [name, why] of [
    [config.agent, 'Asked where no step names one'],
    [config.fallbackAgent, 'Asked when the first one cannot'],
  ] as const)
    if (name !== null) list.add({ kind: 'agents', name, purpose: why });
  for (const name of Object.keys(config.env))
    list.add({ kind: 'environment', name, purpose: 'Set for its scripts', made: config.env[name] });
  addEnvSecrets(list, config.env);
  for (const [name, value] of Object.entries(config.env))
    for (const host of findHosts(value).keys())
      list.add({ kind: 'reaches', name: host, purpose: `Named by the variable ${name}` });
}

function addEnvSecrets(list: CapabilityList, env: Readonly<Record<string, string>>): void {
  for (const [variable, value] of Object.entries(env))
    for (const name of namesIn(value))
      list.add({ kind: 'secrets', name, purpose: `Put into the variable ${variable}` });
}

function addScripts(list: CapabilityList, tools: readonly ScriptTool[], files: readonly TreeFile[]): void {
  for (const file of files.filter(isCode)) {
    const tool = tools.find(({ scriptPath }) => scriptPath === file.path);
    const purpose =
      tool === undefined
        ? 'Code that is no tool of its own; others may use it'
        : tool.description || `The tool ${tool.name}`;
    list.add({ kind: 'runs', name: file.path, purpose, made: file.sha256 });
  }
}

function addNeeds(list: CapabilityList, { scriptPath, passEnv, needs }: ScriptTool): void {
  const purpose = `${scriptPath} says that it needs it`;
  for (const name of passEnv)
    list.add({ kind: 'environment', name, purpose: `Handed from this computer to ${scriptPath}` });
  for (const name of needs.read ?? []) list.add({ kind: 'reads', name, purpose });
  for (const name of needs.write ?? []) list.add({ kind: 'writes', name, purpose });
  if (needs.network === true) list.add({ kind: 'reaches', name: 'any host', purpose });
  if (typeof needs.network === 'object')
    for (const name of needs.network ?? []) list.add({ kind: 'reaches', name, purpose });
}

/** Variables by which other code is loaded, or what is sent goes elsewhere: each is a serious finding. */
export function variablesThatLoad(file: string, env: Readonly<Record<string, string>>): readonly Finding[] {
  return Object.keys(env)
    .filter((name) => LOADING.test(name))
    .map((name) => ({
      ...{ id: `env.loads:${file}:${name}`, code: 'env.loads', severity: 'high', file },
      title: 'A variable decides which code is loaded or who is asked',
      text: `${file} sets ${name}. Programs load other code, or send what they send elsewhere, because of it.`,
      about: { kind: 'environment', name },
    }));
}

/** Characters of a file and its name that nobody sees. */
export function hiddenIn({ path, text }: TreeFile): readonly Finding[] {
  const inName = findHidden(path).map(
    (one): Finding => ({
      ...{ id: `hidden:${path}:name:${one.column}`, code: 'hidden.name', severity: 'high', file: showHidden(path) },
      title: 'A file name holds a character that is not seen',
      text: `${one.code} ${one.name}, at place ${one.column} of the name.`,
    }),
  );
  if (text === null) return inName;
  const lines = text.split('\n');
  const inText = findHidden(text).map(
    ({ line, column, code, name }): Finding => ({
      ...{
        id: `hidden:${path}:${line}:${column}`,
        code: 'hidden.character',
        severity: 'high',
        file: path,
        line,
        column,
      },
      title: 'A character that is not seen',
      text: `${code} in ${path}, line ${line}, place ${column}: it ${name}.`,
      excerpt: excerptOf(lines[line - 1] ?? '', column),
    }),
  );
  return [...inName, ...inText];
}

const EXCERPT = 160;

/** The part of a line around a place; what is hidden stands there as its number. */
function excerptOf(line: string, column = 1): string {
  const from = Math.max(0, column - EXCERPT / 2);
  return showHidden(line.slice(from, from + EXCERPT)).trimEnd();
}

/** What reading a program showed; the hosts that it names go into the list. */
export function inCode(list: CapabilityList, file: TreeFile): readonly Finding[] {
  const { path, text } = file;
  const about = { kind: 'runs', name: path } as const;
  if (text === null)
    return [
      {
        ...{ id: `code.unreadable:${path}`, code: 'code.unreadable', severity: 'high', file: path, about },
        title: 'A program that cannot be read',
        text: `${path} is no text, or too large to be looked through. Nobody can see here what it does.`,
      },
    ];
  const risky = findRiskyLines(path, text).map(
    ({ source, ...found }): Finding => ({
      ...found,
      ...{ id: `${found.code}:${path}:${found.line}`, file: path, excerpt: excerptOf(source), about },
    }),
  );
  const hosts = [...findHosts(text)].flatMap(([name, line]): readonly Finding[] => {
    const isDeclared = list.declares('reaches', name);
    list.add({ kind: 'reaches', name, purpose: `Named in ${path}, line ${line}`, source: 'code' });
    if (isDeclared) return [];
    return [
      {
        ...{ id: `host.undeclared:${path}:${name}`, code: 'host.undeclared', severity: 'watch', file: path, line },
        title: 'It names a host that it does not declare',
        text: `${name} stands in ${path}, line ${line}, and in no step's permissions.`,
        about: { kind: 'reaches', name },
      },
    ];
  });
  return [...risky, ...hosts];
}
