import { isAbsolute, resolve } from 'node:path';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { openSettings, type Settings, type YamlFile } from '../../yaml/index.ts';
import { type McpServerSettings, type McpSettings, parseMcpPackage } from './mcp-settings.ts';
import { listReferences } from './references.ts';

/** The code of every problem in such a file. */
const CODE = 'tool.definition_invalid';
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a file says; `settings` is null when one of the problems is an error. */
export interface McpSettingsReading {
  readonly settings: McpSettings | null;
  readonly problems: readonly Diagnostic[];
}

/**
 * Reads `.aiworkflow/tools/mcp/<tool>.yaml` (SPEC §5.3); never throws on content and looks at no disk. `folders`: the
 * registry's folder, then the project's root, both absolute: a relative `cwd` is looked for in this order, and without one the
 * server works in the last.
 */
export function readMcpSettings(file: YamlFile, folders: readonly string[]): McpSettingsReading {
  const { root, isBroken, finish } = openSettings([file], { code: CODE });
  const server = isBroken ? null : readServer(root.section('server'), folders);
  const timeoutMs = root.duration('timeout', { isPositive: true }) ?? null;
  const include = root.texts('include') ?? null;
  const exclude = root.texts('exclude') ?? [];
  const problems = finish();
  if (server === null || problems.some((problem) => problem.severity === 'error')) return { settings: null, problems };
  const references = listReferences(server.kind === 'url' ? server.headers : server.env);
  return { settings: { server, timeoutMs, include, exclude, references }, problems };
}

function readServer(section: Settings, folders: readonly string[]): McpServerSettings | null {
  const report = reporter(section);
  const command = section.text('command') ?? null;
  const written = section.text('package') ?? null;
  const url = section.text('url') ?? null;
  const args = readArguments(section);
  const env = section.textMap('env');
  const cwd = section.text('cwd') ?? null;
  const headers = section.textMap('headers');
  const ways = ['command', 'package', 'url'].filter((key) => section.get(key) !== undefined);
  if (ways.length !== 1) {
    const message = ways.length === 0 ? 'needs one of' : 'must have only one of';
    report(ways[1] ?? '', `'server' ${message} 'command', 'package' and 'url'.`);
    return null;
  }
  if (url !== null) return readUrl(section, url, { headers, report });
  if (section.get('headers') !== undefined) report('headers', "'headers' belong to a server with a 'url'.");
  checkProcess({ args, env, cwd }, report);
  const rest = { args, env, folders: foldersFor(cwd, folders) };
  if (command !== null && command !== '') return { kind: 'command', command, ...rest };
  const exact = written === null ? null : parseMcpPackage(written);
  if (exact !== null) return { kind: 'package', package: exact, ...rest };
  const key = written === null ? 'command' : 'package';
  const message = written === null ? "'server.command' is empty." : `'${written}' does not name an exact version.`;
  report(key, message, written === null ? {} : { fix: 'package: "name@1.2.3"' });
  return null;
}

/** One text would have to be cut into words, as only a shell does it: it is refused, and so is none in silence. */
function readArguments(section: Settings): readonly string[] {
  const node = section.get('args')?.node;
  if (node === undefined || node.kind === 'list') return section.texts('args') ?? [];
  const words = typeof node.value === 'string' ? node.value.split(/\s+/) : ['…'];
  section.wrong('args', 'a list of texts', `args: [${words.map((word) => JSON.stringify(word)).join(', ')}]`);
  return [];
}

function readUrl(
  section: Settings,
  text: string,
  { headers, report }: { readonly headers: Readonly<Record<string, string>>; readonly report: Report },
): McpServerSettings | null {
  for (const key of ['args', 'env', 'cwd'])
    if (section.get(key) !== undefined) report(key, `'${key}' belongs to a server that is started here.`);
  for (const [name, value] of Object.entries(headers))
    if (!HEADER_NAME.test(name) || /[\r\n\0]/.test(value))
      report('headers', `The header ${JSON.stringify(name)} cannot be sent.`);
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return { kind: 'url', url: text, headers };
  const fix = 'url: https://host/mcp';
  report('url', "'server.url' must be an http or https address without a login; log in by 'headers'.", { fix });
  return null;
}

interface ProcessKeys {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | null;
}

function checkProcess({ args, env, cwd }: ProcessKeys, report: Report): void {
  for (const [name, value] of Object.entries(env))
    if (name === '' || /[=\0]/.test(name) || value.includes('\0'))
      report('env', `The variable ${JSON.stringify(name)} cannot be passed to a process.`);
  for (const word of ['AIWORKFLOW_STEP_KEY', 'AIWORKFLOW_TOOL'])
    if (Object.hasOwn(env, word)) report('env', `'${word}' is set by the app.`);
  if ([...args, cwd ?? ''].some((word) => word.includes('\0')))
    report('args', 'No text of a command may hold a NUL character.');
  if (args.some((word) => /\$\{\w+\}/.test(word))) {
    const message = "Variables count in 'env' and 'headers' only: a command line is open to everybody on the computer.";
    report('args', message, { severity: 'warning' });
  }
}

function foldersFor(cwd: string | null, folders: readonly string[]): readonly string[] {
  if (cwd === null || cwd === '') return folders.slice(-1);
  return isAbsolute(cwd) ? [cwd] : folders.map((folder) => resolve(folder, cwd));
}

type Report = (
  key: string,
  message: string,
  extras?: { readonly severity?: Diagnostic['severity']; readonly fix?: string },
) => void;

/** Problems stand at their key, or where the map begins when the key is missing. */
function reporter(section: Settings): Report {
  return (key, message, { severity = 'error', fix } = {}) =>
    section.report.add(severity, message, key === '' ? section.node : section.spot(key), fix);
}
