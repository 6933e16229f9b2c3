import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInProcess } from './cli-in-process.ts';
import { productEntry } from './product-entry.ts';

/** What a command line did. */
export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON value of stdout; throws when there is anything else. */
  json<T = Record<string, unknown>>(): T;
}

/**
 * The real command line in a temporary home with a temporary project. `run` and its like do a whole command in the process of the test,
 * which spares each the start of a process; `start` begins a process of its own, for what is ended, followed or left behind.
 */
export interface CliWorld {
  /** A project that `init` made; commands run in it. */
  readonly project: string;
  readonly home: string;
  run(...args: readonly string[]): Promise<CliResult>;
  /** The same from another folder. */
  runIn(folder: string, ...args: readonly string[]): Promise<CliResult>;
  /** A process of its own. */
  start(...args: readonly string[]): CliProcess;
  /** As `run`, with a text on stdin and with more variables. */
  runWith(
    more: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> },
    ...args: readonly string[]
  ): Promise<CliResult>;
  /** Writes files below the project; a text that begins with `#!` becomes executable. */
  write(files: Readonly<Record<string, string>>): void;
  dispose(): void;
}

export interface CliProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<CliResult>;
  /** Resolves when stdout or stderr holds the text; rejects when the process ends before. */
  says(text: string | RegExp): Promise<void>;
}

/** What these begin outlives the command: it is a child of a process of the product. */
const LEAVES_A_PROCESS = /(^| )--(detach|daemon)( |$)/;

/** Makes a home and a project in it; `extra` are variables of every command. */
export async function openCliWorld(extra: Readonly<Record<string, string>> = {}): Promise<CliWorld> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'aiw-cli-')));
  const project = join(home, 'project');
  mkdirSync(project);
  const base = { ...cliEnvironment(home), ...extra };
  const start = (cwd: string, args: readonly string[], stdin: string, env: NodeJS.ProcessEnv): CliProcess =>
    follow(spawn(process.execPath, [productEntry('cli'), ...args], { cwd, env }), stdin);
  const run = async (cwd: string, args: readonly string[], stdin = '', more = {}): Promise<CliResult> => {
    const env = { ...base, ...more };
    const end = LEAVES_A_PROCESS.test(args.join(' ')) ? null : await runInProcess(cwd, args, env, stdin);
    return end === null ? start(cwd, args, stdin, env).ended : { ...end, json: () => JSON.parse(end.stdout) };
  };
  const world: CliWorld = {
    project,
    home,
    run: (...args) => run(project, args),
    runIn: (folder, ...args) => run(folder, args),
    start: (...args) => start(project, args, '', base),
    runWith: ({ stdin, env }, ...args) => run(project, args, stdin, env),
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        const file = join(project, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        if (text.startsWith('#!')) chmodSync(file, 0o755);
      }
    },
    dispose: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  };
  const made = await world.run('init');
  if (made.exitCode !== 0) throw new Error(`init failed: ${made.stderr}`);
  return world;
}

/** What commands of a home see of this machine: nothing of the caller's own environment but what programs need. */
export function cliEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: process.env.TMPDIR,
    // What Node has compiled: most of what a command takes to start.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    SystemRoot: process.env.SystemRoot,
    AIWORKFLOW_USER_DIR: join(home, 'user'),
    AIWORKFLOW_NO_WINDOW: '1',
    // `init` looks for agents: a model server of this machine must not decide what a test runs with.
    OLLAMA_HOST: 'http://127.0.0.1:9',
  };
}

function follow(child: ChildProcessWithoutNullStreams, stdin = ''): CliProcess {
  let stdout = '';
  let stderr = '';
  let hasEnded = false;
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of [...listeners]) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    notify();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    notify();
  });
  child.stdin.end(stdin);
  const ended = new Promise<CliResult>((resolve) => {
    child.once('close', (exitCode) => {
      hasEnded = true;
      resolve({ exitCode, stdout, stderr, json: () => JSON.parse(stdout) });
      notify();
    });
  });
  const says = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const isThere = [stdout, stderr].some((output) =>
          typeof text === 'string' ? output.includes(text) : text.test(output),
        );
        if (!isThere && !hasEnded) return;
        listeners.delete(look);
        if (isThere) resolve();
        else reject(new Error(`the command ended without saying ${text}: ${stdout}${stderr}`));
      };
      listeners.add(look);
      look();
    });
  return { child, ended, says };
}

/** A workflow file with these steps, each the lines of its block. */
export function workflowText(
  id: string,
  steps: readonly (readonly string[])[],
  frontmatter: readonly string[] = [],
): string {
  const head = [
    '---',
    'workflow:',
    `  id: ${id}`,
    `  name: ${id}`,
    '  version: 1.0.0',
    ...frontmatter,
    '---',
    '',
    `# ${id}`,
    '',
  ];
  const blocks = steps.map(
    (lines, index) => `## Step ${index + 1}: Step ${index + 1}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`,
  );
  return `${head.join('\n')}${blocks.join('\n')}`;
}
