import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { at, ROOT } from './places.mjs';

/** The exit code of a child as a shell would give it. */
export const exitCodeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 1);

const running = new Set();
let isStopped = false;

/** Ends this process at Ctrl-C or SIGTERM, but only after its set-up children have ended: none may write on. */
function stopAll(signal) {
  isStopped = true;
  for (const child of running) child.kill(signal);
  if (running.size === 0) process.exit(exitCodeOf(null, signal));
}

let isListening = false;
function listenForStops() {
  if (isListening) return;
  isListening = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAll);
}

/** From here on signals are somebody else's business (a child in the foreground takes them). */
export function stopListening() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stopAll);
  isListening = false;
}

/**
 * Runs a program for the set-up; its output goes to stderr (or, with `capture`, into the answer). Resolves with the exit code.
 * `onSpawn` gets the pid at once.
 */
export function runTool(
  file,
  args,
  { capture = false, cwd = ROOT, env = process.env, onSpawn, timeoutMs, shell = false } = {},
) {
  listenForStops();
  const child = spawn(file, args, {
    cwd,
    env,
    shell,
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', capture ? 'pipe' : 2, capture ? 'pipe' : 2],
  });
  running.add(child);
  if (child.pid !== undefined) onSpawn?.(child.pid);
  let output = '';
  for (const stream of capture ? [child.stdout, child.stderr] : [])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  return new Promise((resolve) => {
    const finish = (code) => {
      if (!running.delete(child)) return;
      if (isStopped) process.exit(130);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      finish(127);
    });
    child.once('close', (code, signal) => finish(exitCodeOf(code, signal)));
  });
}

/** npm without a shell where that is possible: the npm that started us, else the one on PATH. */
export function runNpm(args, options = {}) {
  const own = process.env.npm_execpath;
  if (own !== undefined && /npm-cli\.[cm]?js$/.test(own)) return runTool(process.execPath, [own, ...args], options);
  return runTool('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Node 24: the one that the checkout brings along. */
export function node24() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return at('node_modules', 'node', 'bin', name);
}

/** Environment in which the checkout's programs come first on PATH. */
export function toolEnv(more = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: `${at('node_modules', '.bin')}${separator}${process.env.PATH ?? ''}`, ...more };
}

const LOOK_FOR_PARENT_MS = 500;

/** npm puts a shell between itself and us, which dies of a SIGTERM to npm without a word: who is left alone stops, too. */
function stopWithParent(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, LOOK_FOR_PARENT_MS);
  timer.unref();
}

/**
 * Hands the terminal over to a program and ends with its exit code. On a terminal Ctrl-C reaches the child by itself; without one
 * only this process may have been told, so the signal is handed on.
 */
export function becomeProgram(file, args, env = process.env) {
  stopListening();
  const child = spawn(file, args, { stdio: 'inherit', env });
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (!(hasTerminal && signal === 'SIGINT')) child.kill(signal);
    });
  }
  stopWithParent(child);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${file}: ${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}
