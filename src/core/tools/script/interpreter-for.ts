import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { findProgram, isExecutable } from '../../processes/index.ts';

/** How a script is started: what is executed, and what stands before the script's own arguments. */
export interface ScriptStart {
  readonly command: string;
  readonly args: readonly string[];
  /** Additional environment that the interpreter needs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Extension -> candidates, in order; `node` is the runtime that we bring along (SPEC §5.2). */
const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  '.sh': ['sh'],
  '.bash': ['bash'],
  '.py': ['python3', 'python', 'py'],
  '.rb': ['ruby'],
  '.pl': ['perl'],
  '.js': ['node'],
  '.mjs': ['node'],
  '.ts': ['node'],
};
/** The ends of names by which a file is a script. */
export const SCRIPT_EXTENSIONS: ReadonlySet<string> = new Set(Object.keys(INTERPRETERS));

const SHEBANG_BYTES = 256;

/**
 * SPEC §5.2 "Start": an executable file with a shebang starts by itself; a copy that lost its exec bit goes through its
 * shebang's interpreter; else the extension decides. `tool.interpreter_missing`, `tool.spawn_failed` (not readable).
 */
export async function interpreterFor(script: string, path: string): Promise<ScriptStart> {
  const shebang = parseShebang(await readHead(script));
  const canExecute = await isExecutable(script);
  const names = INTERPRETERS[extname(script).toLowerCase()];
  const direct: ScriptStart = { command: script, args: [], env: {} };
  if (shebang === null && names === undefined && canExecute) return direct;
  const command = shebang === null ? null : await findShebangProgram(shebang, path);
  if (shebang !== null && command !== null) {
    return canExecute && !shebang.hasCarriageReturn ? direct : { command, args: [...shebang.args, script], env: {} };
  }
  if (names === undefined) throw missingInterpreter(script, shebang === null ? [] : [wantedProgram(shebang)]);
  if (names[0] === 'node') return bundledRuntime(script);
  for (const name of names) {
    const found = await findProgram(name, path);
    if (found !== null) return { command: found, args: [script], env: {} };
  }
  throw missingInterpreter(script, names);
}

/** The programs that a start goes through: what is executed, and what its shebang looks for. */
export async function programsOf(start: ScriptStart, script: string, path: string): Promise<readonly string[]> {
  const shebang = parseShebang(await readHead(script));
  const wanted = shebang === null ? null : await findProgram(wantedProgram(shebang), path);
  return [start.command, ...(wanted === null ? [] : [wanted])];
}

/** Whether a file begins like a script that names its interpreter. */
export async function hasShebang(script: string): Promise<boolean> {
  return parseShebang(await readHead(script)) !== null;
}

function missingInterpreter(script: string, names: readonly string[]): AppError {
  const name = basename(script);
  if (names.length === 0) {
    return new AppError('tool.interpreter_missing', `Script not executable and no shebang: ${name}`, {
      hint: 'Begin the script with a line such as #!/usr/bin/env bash, or give it a known extension.',
    });
  }
  const listed = names.join(', ');
  return new AppError(
    'tool.interpreter_missing',
    `No interpreter for the script ${name} was found (looked for ${listed}).`,
    {
      hint: `Install ${names[0]} or make it reachable through PATH.`,
      details: { interpreters: names },
    },
  );
}

function bundledRuntime(script: string): ScriptStart {
  const flags = extname(script).toLowerCase() === '.ts' ? ['--disable-warning=ExperimentalWarning'] : [];
  const env: Record<string, string> = process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' };
  return { command: process.execPath, args: [...flags, script], env };
}

async function readHead(script: string): Promise<string> {
  try {
    const file = await open(script, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SHEBANG_BYTES), 0, SHEBANG_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AppError('tool.spawn_failed', `The script cannot be read: ${basename(script)}`, { cause });
  }
}

interface Shebang {
  readonly command: string;
  readonly args: readonly string[];
  /** The kernel would look for an interpreter whose name ends in a carriage return. */
  readonly hasCarriageReturn: boolean;
}

/** As the kernel reads it: everything after the interpreter is one argument; `env -S` is left to env. */
function parseShebang(head: string): Shebang | null {
  if (!head.startsWith('#!')) return null;
  const line = head.slice(2).split('\n', 1)[0] ?? '';
  const [, command = '', rest = ''] = /^[ \t]*(\S+)[ \t]*(.*?)\s*$/s.exec(line) ?? [];
  if (command === '') return null;
  return { command, args: rest === '' ? [] : [rest], hasCarriageReturn: line.endsWith('\r') };
}

/** What a shebang is about: `/usr/bin/env NAME` wants NAME. */
function wantedProgram(shebang: Shebang): string {
  const [word = ''] = shebang.args;
  return basename(shebang.command) === 'env' && /^[\w.+-]+$/.test(word) && !word.startsWith('-')
    ? word
    : shebang.command;
}

/** The interpreter to execute, or null when it, or the program that `env` would look for, is missing. */
async function findShebangProgram(shebang: Shebang, path: string): Promise<string | null> {
  const wanted = wantedProgram(shebang);
  if (process.platform === 'win32') return await findProgram(basename(wanted), path);
  if (wanted !== shebang.command && (await findProgram(wanted, path)) === null) return null;
  return await findProgram(shebang.command, path);
}
