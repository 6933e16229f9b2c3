/** One argument of a POSIX shell, whatever stands in it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** `export NAME=…` for each variable; names that no shell takes are left out. */
export const exportLines = (env: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(env)
    .filter(([name]) => isVariable(name))
    .map(([name, value]) => `export ${name}=${shellWord(value)}`);

/** Whether a name can be that of a variable of a shell. */
export const isVariable = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** A program that is started with its own arguments, as an operating system would have started it. */
export interface ProgramStart {
  readonly command: string;
  readonly args: readonly string[];
  /** Absent: the folder of the run. */
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** The one argument is a whole command line of Windows, quotes and all. */
  readonly isVerbatim?: boolean;
}

/** A script that starts one program without a shell and ends as it ends. */
export function programScript({ command, args, cwd, env, isVerbatim = false }: ProgramStart): string {
  const hasEnv = Object.keys(env).length > 0;
  return [
    '// Starts one program with its own arguments; no shell stands in between.',
    "import { spawn } from 'node:child_process';",
    '',
    `const command = ${JSON.stringify(command)};`,
    `const args = ${JSON.stringify(args, null, 2)};`,
    'const child = spawn(command, args, {',
    "  stdio: 'inherit',",
    ...(cwd === undefined ? [] : [`  cwd: ${JSON.stringify(cwd)},`]),
    ...(hasEnv ? [`  env: { ...process.env, ...${JSON.stringify(env)} },`] : []),
    ...(isVerbatim ? ['  windowsVerbatimArguments: true,'] : []),
    '});',
    "child.once('error', (error) => {",
    '  console.error(error.message);',
    '  process.exitCode = 127;',
    '});',
    "child.once('close', (code) => {",
    '  process.exitCode = code ?? 1;',
    '});',
    '',
  ].join('\n');
}
