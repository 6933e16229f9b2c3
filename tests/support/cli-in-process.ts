import picocolors from 'picocolors';
import { makePorts } from '../../src/cli/ports.ts';
import { runCli } from '../../src/cli/program.ts';

/** What a command said and how it ended. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of the commands that are at work in this process, and how many they are. */
let current = { env: '', commands: 0 };
/** Puts back what was this process' own. */
let restore: () => void = () => undefined;
/** Hears what the product writes to this process beside its terminal: the command that began last. */
let hears = { out: (_text: string): void => undefined, err: (_text: string): void => undefined };

/** Puts another environment in place of this process' own. */
function putEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (value !== undefined) process.env[name] = value;
}

/** The process becomes one of the command line; gives the way back. */
function takeProcess(env: NodeJS.ProcessEnv): () => void {
  const own = { env: { ...process.env }, out: process.stdout.write, err: process.stderr.write };
  putEnvironment(env);
  process.stdout.write = (text: unknown) => {
    hears.out(String(text));
    return true;
  };
  process.stderr.write = (text: unknown) => {
    hears.err(String(text));
    return true;
  };
  return () => {
    putEnvironment(own.env);
    process.stdout.write = own.out;
    process.stderr.write = own.err;
  };
}

/** False while commands of another environment are at work: a process has only one. */
function enter(env: NodeJS.ProcessEnv): boolean {
  const text = JSON.stringify(env);
  if (current.commands > 0 && current.env !== text) return false;
  if (current.commands === 0) restore = takeProcess(env);
  current = { env: text, commands: current.commands + 1 };
  return true;
}

function leave(): void {
  current = { ...current, commands: current.commands - 1 };
  if (current.commands === 0) restore();
}

/**
 * Runs one command line in this process, as `src/cli/main.ts` does in one of its own, nothing but terminal, signals and standard input
 * being those of the test. Null when it cannot be done now.
 */
export async function runInProcess(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdin: string,
): Promise<CommandEnd | null> {
  if (!enter(env)) return null;
  let [stdout, stderr] = ['', ''];
  const speech = {
    out: (text: string): void => {
      stdout += text;
    },
    err: (text: string): void => {
      stderr += text;
    },
  };
  hears = speech;
  const plain = picocolors.createColors(false);
  try {
    const ports = makePorts({
      terminal: {
        ...speech,
        canWrite: () => true,
        isLive: false,
        errWidth: 80,
        outWidth: Number.POSITIVE_INFINITY,
        flush: async () => undefined,
      },
      interrupts: { isInterrupted: false, listen: () => () => undefined },
      cwd,
      colors: { out: plain, err: plain },
      readSecret: async () => stdin.split('\n', 1)[0] ?? '',
    });
    const exitCode = await runCli(args, ports);
    return { exitCode, stdout, stderr };
  } finally {
    leave();
  }
}
