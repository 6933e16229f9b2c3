import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { errnoOf, toFileError } from '../../../files/index.ts';
import { openSettings, type Settings, type YamlFile } from '../../../yaml/index.ts';
import { CLI_TIMEOUT_MS } from '../adapter-options.ts';
import { type CliProfile, MODEL, PROMPT_FILE, parsePath, type ValuePath } from './cli-profile.ts';

export interface CliProfiles {
  /** Sorted by name; only those without an error. */
  readonly profiles: readonly CliProfile[];
  readonly diagnostics: readonly Diagnostic[];
}

const FILE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})\.ya?ml$/;
const MAX_FILE_CHARS = 64 * 1024;

/** The profiles of a folder (`.aiworkflow/agents/profiles`); one that is not there has none. `file.io`; nothing is started. */
export async function readCliProfiles(folder: string): Promise<CliProfiles> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown) ?? '')) return [];
    throw toFileError(thrown, folder);
  });
  const read = await Promise.all(names.toSorted().map((file) => readProfileFile(folder, file)));
  return {
    profiles: read.flatMap(({ profile }) => profile ?? []),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

type ReadProfile = { readonly profile: CliProfile | null; readonly diagnostics: readonly Diagnostic[] };

async function readProfileFile(folder: string, file: string): Promise<ReadProfile> {
  const name = FILE.exec(file)?.[1];
  if (name === undefined) return { profile: null, diagnostics: [] };
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw toFileError(thrown, path);
  });
  if (text.length > MAX_FILE_CHARS) {
    const message = 'The profile is longer than 64 KiB.';
    return { profile: null, diagnostics: [{ severity: 'error', code: 'config.invalid', message, file: path }] };
  }
  return readCliProfile(name, { file: path, text });
}

/** One profile. With an error there is none. */
export function readCliProfile(name: string, file: YamlFile): ReadProfile {
  const { root, finish } = openSettings([file], { code: 'config.invalid' });
  const profile = profileOf(name, root);
  checkProfile(root, profile);
  const diagnostics = finish();
  const isGood = diagnostics.every(({ severity }) => severity !== 'error');
  return { profile: isGood ? profile : null, diagnostics };
}

function profileOf(name: string, root: Settings): CliProfile {
  const usage = root.section('usage');
  const command = root.text('command') ?? '';
  return {
    name,
    command,
    args: root.texts('args') ?? [],
    prompt: root.word('prompt', ['stdin', 'arg', 'file']) ?? 'stdin',
    output: root.word('output', ['text', 'json', 'jsonl']) ?? 'text',
    resultPath: readPath(root, 'result_path'),
    errorPath: readPath(root, 'error_path'),
    usage: {
      inputTokens: readPath(usage, 'input_tokens'),
      outputTokens: readPath(usage, 'output_tokens'),
      cachedTokens: readPath(usage, 'cached_tokens'),
      costUsd: readPath(usage, 'cost_usd'),
    },
    modelArgs: root.texts('model_args') ?? [],
    cwd: root.word('cwd', ['run', 'project']) ?? 'run',
    env: root.texts('env') ?? [],
    timeoutMs: root.duration('timeout') ?? CLI_TIMEOUT_MS,
    successCodes: readCodes(root),
    versionArgs: root.texts('version_args') ?? ['--version'],
    health: readHealth(root),
    strip: root.texts('strip') ?? [],
    installHint: root.text('install_hint') ?? `Install ${command} and make it reachable through PATH.`,
  };
}

function readPath(section: Settings, key: string): ValuePath | null {
  return section.as(key, "a path such as 'result' or 'items[0].text'", (text) => parsePath(text) ?? undefined) ?? null;
}

function readCodes(root: Settings): readonly number[] {
  const codes = (root.texts('success_codes') ?? ['0']).map(Number);
  if (codes.length > 0 && codes.every((code) => Number.isInteger(code) && code >= 0 && code <= 255)) return codes;
  complain(root, 'success_codes', 'must be a list of exit codes from 0 to 255.');
  return [0];
}

function readHealth(root: Settings): CliProfile['health'] {
  const section = root.section('health');
  const args = section.texts('args') ?? [];
  const expect = section.text('expect') ?? '';
  return root.get('health') === undefined ? null : { args, expect };
}

/** What the keys must hold together. */
function checkProfile(root: Settings, profile: CliProfile): void {
  if (!/^[^\0\r\n]+$/.test(profile.command)) complain(root, 'command', 'must name a program.');
  else if (/[/\\]/.test(profile.command) && !/^([/\\]|[A-Za-z]:[/\\])/.test(profile.command))
    complain(root, 'command', 'must be a name on PATH or an absolute path.');
  if (profile.prompt === 'file' && !profile.args.includes(PROMPT_FILE))
    complain(root, 'args', `must hold '${PROMPT_FILE}' because 'prompt' is 'file'.`);
  if (profile.prompt !== 'file' && profile.args.includes(PROMPT_FILE))
    complain(root, 'args', `may hold '${PROMPT_FILE}' only where 'prompt' is 'file'.`);
  if (profile.modelArgs.length > 0 && !profile.modelArgs.includes(MODEL))
    complain(root, 'model_args', `must hold '${MODEL}'.`);
  for (const [key, args] of [
    ['args', profile.args],
    ['model_args', profile.modelArgs],
  ] as const) {
    const inside = args.find((arg) => arg !== PROMPT_FILE && arg !== MODEL && /\{(prompt_file|model)\}/.test(arg));
    if (inside !== undefined)
      complain(root, key, `has a placeholder inside of '${inside}': it must be a whole argument.`);
  }
  if (profile.output === 'text') {
    for (const key of ['result_path', 'error_path', 'usage'])
      if (root.get(key) !== undefined) complain(root, key, "has no meaning where 'output' is 'text'.");
  }
  const badName = profile.env.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (badName !== undefined) complain(root, 'env', `must be a list of variable names; '${badName}' is none.`);
}

function complain(section: Settings, key: string, what: string): void {
  section.report.add('error', `${section.label(key)} ${what}`, section.spot(key));
}
