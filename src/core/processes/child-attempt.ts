import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readWhatIsThere } from '../streams/index.ts';
import { startTimer } from '../time/index.ts';
import type { AdoptedProcesses } from './adopted-processes.ts';
import type { ChildPipe, PipePool } from './child-pipes.ts';
import { endStepProcesses, KILL_GRACE_MS } from './end-step-processes.ts';
import type { StoredEnd } from './helper-protocol.ts';
import { watchLimits } from './limit-watch.ts';
import { createOutputCapture, type OutputCapture } from './output-capture.ts';
import type { ProcessEnd, ProcessSpec } from './process-runner.ts';
import { canSignal, readLastPid, signalQuietly } from './process-table.ts';
import { StepProcesses } from './step-processes.ts';

const isWindows = process.platform === 'win32';
/** A child that ended leaves its background children this long to finish by themselves. */
const LEFTOVER_PATIENCE_MS = 200;
const LEFTOVER_GRACE_MS = 1000;
/** How long an output that somebody unknown still holds open is waited for once the tree is gone. */
const DRAIN_MS = 500;
/** A young child has had no time for pids to wrap: what it started has a pid between its own and the last one given. */
const YOUNG_MS = 1000;
const MAX_PID_SPAN = 128;

export interface AttemptPorts {
  readonly key: string;
  readonly outDir: string;
  readonly pipes: PipePool;
  /** Null without a keeper that takes in orphans. */
  readonly adopted: AdoptedProcesses | null;
  readonly onSpawned: (pid: number) => void;
  readonly onLines: (stream: 'stdout' | 'stderr', lines: string[]) => void;
  /** The line of the stream that goes on reads so now. */
  readonly onOpen: (stream: 'stdout' | 'stderr', text: string) => void;
}

type Reason = ProcessEnd['reason'];

/** One child, from spawn until nothing of its tree runs any more. `run` never rejects for what the child does. */
export class ChildAttempt {
  readonly #spec: ProcessSpec;
  readonly #ports: AttemptPorts;
  readonly #captures: Readonly<Record<'stdout' | 'stderr', OutputCapture>>;
  #child: ChildProcess | null = null;
  #processes: StepProcesses | null = null;
  #spawnedAt = 0;
  #reason: Reason = 'exited';
  #killAt: number | null = null;
  #hasExited = false;
  #sources: Readable[] = [];
  #readBytes = 0;
  #stopTimers: (() => void)[] = [];

  constructor(spec: ProcessSpec, ports: AttemptPorts) {
    this.#spec = spec;
    this.#ports = ports;
    this.#captures = { stdout: this.#capture('stdout'), stderr: this.#capture('stderr') };
  }

  async run(): Promise<StoredEnd> {
    const pipes = [this.#ports.pipes.take(), this.#ports.pipes.take()];
    const drained: Promise<void>[] = [];
    try {
      const exit = this.#spawn(pipes);
      this.#listen(pipes, drained);
      const failure = await exit.started;
      if (failure !== null) return this.#spawnFailed(failure);
      this.#spawnedAt = performance.now();
      const stopKeeping = this.#follow();
      this.#ports.onSpawned(this.#child?.pid ?? 0);
      // A busy helper sees its timers first: a child that has ended by now ended in time, and a turn tells so.
      this.#stopTimers.push(
        startTimer(this.#spec.timeoutMs, () => void nextTurn().then(() => this.#kill('timed_out'))),
        watchLimits(
          this.#spec.limits,
          () => this.#processes?.find() ?? [],
          (limit) => this.#kill(limit),
        ).stop,
      );
      const { exitCode, signal } = await exit.ended;
      this.#hasExited = true;
      stopKeeping();
      for (const stop of this.#stopTimers) stop();
      for (const source of this.#sources) source.resume();
      await this.#endTree();
      await this.#drain(drained);
      return await this.#finish(exitCode, signal);
    } finally {
      for (const pipe of pipes) pipe?.closeChildEnd();
      for (const [index, pipe] of pipes.entries()) {
        const source = this.#sources[index];
        pipe?.release(source?.readableEnded === true);
        source?.destroy();
      }
    }
  }

  cancel(): void {
    this.#kill('cancelled');
  }

  /** Back-pressure: while paused the child blocks once its pipe is full. A child that is being ended is always read. */
  setPaused(isPaused: boolean): void {
    for (const source of this.#sources) {
      if (isPaused && this.#killAt === null && !this.#hasExited) source.pause();
      else source.resume();
    }
  }

  #capture(stream: 'stdout' | 'stderr'): OutputCapture {
    const { outputLimitBytes } = this.#spec;
    return createOutputCapture({
      file: join(this.#ports.outDir, `${this.#ports.key}.${stream}`),
      limitBytes: outputLimitBytes,
      above:
        stream === 'stdout'
          ? { kind: 'stop', onOverflow: () => this.#kill('output_too_large') }
          : { kind: 'keep_ends' },
      onLines: (lines) => this.#ports.onLines(stream, lines),
      onOpen: (text) => this.#ports.onOpen(stream, text),
    });
  }

  #spawn(pipes: readonly (ChildPipe | null)[]): ReturnType<typeof watchChild> {
    const { command, args, cwd, env, stdin } = this.#spec;
    const input = stdin === null ? 'ignore' : isWindows ? 'pipe' : openText(this.#inputFile(), stdin);
    const stdio: StdioOptions = [input, pipes[0]?.childFd ?? 'pipe', pipes[1]?.childFd ?? 'pipe'];
    try {
      const child = spawn(command, args, { cwd, env, stdio, detached: !isWindows, windowsHide: true });
      this.#child = child;
      child.stdin?.on('error', () => undefined).end(stdin);
      return watchChild(child);
    } catch (error) {
      return { started: Promise.resolve(error as NodeJS.ErrnoException), ended: Promise.resolve(NO_EXIT) };
    } finally {
      if (typeof input === 'number') closeSync(input);
      for (const pipe of pipes) pipe?.closeChildEnd();
    }
  }

  /** From now on what the child starts can be found; gives the word that it has ended. */
  #follow(): () => void {
    const pid = this.#child?.pid;
    const { stepKey } = this.#spec;
    const { adopted } = this.#ports;
    if (pid === undefined) return () => undefined;
    const child = adopted?.begin(pid, stepKey);
    const orphans = child === undefined ? undefined : () => adopted?.of(child) ?? [];
    this.#processes = new StepProcesses({ stepKey, group: pid, adopted: orphans });
    return () => {
      if (child !== undefined) adopted?.end(child);
    };
  }

  #inputFile(): string {
    return join(this.#ports.outDir, `${this.#ports.key}.stdin`);
  }

  #listen(pipes: readonly (ChildPipe | null)[], drained: Promise<void>[]): void {
    for (const [index, stream] of (['stdout', 'stderr'] as const).entries()) {
      const source = pipes[index]?.source ?? this.#child?.[stream];
      if (source === null || source === undefined) continue;
      this.#sources.push(source);
      source.on('data', (chunk: Buffer) => {
        this.#readBytes += chunk.length;
        this.#captures[stream].push(chunk);
      });
      source.on('error', () => undefined);
      drained.push(new Promise((resolve) => source.once('close', resolve)));
    }
  }

  #kill(reason: Reason): void {
    if (this.#killAt !== null || this.#hasExited) return;
    this.#reason = reason;
    this.#killAt = performance.now();
    this.setPaused(false);
    this.#signalTree('SIGTERM');
    const timer = setTimeout(() => this.#signalTree('SIGKILL'), KILL_GRACE_MS);
    this.#stopTimers.push(() => clearTimeout(timer));
  }

  #signalTree(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    if (isWindows) {
      spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on('error', () => {
        this.#child?.kill('SIGKILL');
      });
      return;
    }
    // Looked for before the first signal: what is left of a tree whose parents have gone is then known.
    const found = this.#processes?.find() ?? [];
    signalQuietly(-pid, signal);
    for (const one of found) signalQuietly(one, signal);
  }

  /** Nothing survives a step: what the child left running is ended, gently and then for real. */
  async #endTree(): Promise<void> {
    const pid = this.#child?.pid;
    const processes = this.#processes;
    if (pid === undefined || processes === null || isWindows) return;
    const sinceKill = this.#killAt === null ? null : performance.now() - this.#killAt;
    await endStepProcesses({
      processes,
      patienceMs: sinceKill === null ? LEFTOVER_PATIENCE_MS : 0,
      graceMs: sinceKill === null ? LEFTOVER_GRACE_MS : Math.max(0, KILL_GRACE_MS - sinceKill),
      pids: this.#youngPids(pid),
    });
  }

  #youngPids(pid: number): number[] | undefined {
    if (performance.now() - this.#spawnedAt > YOUNG_MS || canSignal(-pid)) return undefined;
    const last = readLastPid();
    if (last === null || last < pid || last - pid > MAX_PID_SPAN) return undefined;
    return Array.from({ length: last - pid }, (_, index) => pid + 1 + index);
  }

  /**
   * Waits for the end of the outputs. One that somebody unknown holds open is given up after a while; but what the child wrote lies in its
   * pipe, and a helper that was busy for as long has not read it yet: it is read until a turn brings nothing.
   */
  async #drain(drained: readonly Promise<void>[]): Promise<void> {
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, DRAIN_MS);
    const all = Promise.all(drained);
    await Promise.race([all, patience.promise]);
    clearTimeout(timer);
    await readWhatIsThere(() => this.#readBytes);
    for (const source of this.#sources) source.destroy();
    await all;
  }

  async #finish(exitCode: number | null, signal: string | null): Promise<StoredEnd> {
    const [stdout, stderr] = await Promise.all([this.#captures.stdout.finish(), this.#captures.stderr.finish()]);
    // The limit may have been met by what was read after the exit: the result is incomplete all the same.
    const reason = this.#reason === 'exited' && this.#captures.stdout.isCut() ? 'output_too_large' : this.#reason;
    return { reason, exitCode, signal, stdout, stderr, stderrCut: this.#captures.stderr.isCut() };
  }

  #spawnFailed(error: NodeJS.ErrnoException): StoredEnd {
    const isFolderGone = error.code === 'ENOENT' && !existsSync(this.#spec.cwd);
    const note = isFolderGone ? 'The working folder does not exist.' : '';
    return failedEnd(error.code ?? 'UNKNOWN', note);
  }
}

/** The end of an attempt that never became a process; `note` stands in stderr. */
export function failedEnd(code: string, note: string): StoredEnd {
  return {
    reason: 'spawn_failed',
    exitCode: null,
    signal: null,
    stdout: { text: '' },
    stderr: { text: note },
    stderrCut: false,
    spawnError: code,
  };
}

const NO_EXIT: { readonly exitCode: number | null; readonly signal: string | null } = { exitCode: null, signal: null };

function watchChild(child: ChildProcess): {
  started: Promise<NodeJS.ErrnoException | null>;
  ended: Promise<typeof NO_EXIT>;
} {
  const started = new Promise<NodeJS.ErrnoException | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
  const ended = new Promise<typeof NO_EXIT>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  return { started, ended };
}

/** A real file as stdin: scripts may open /dev/stdin, and nobody has to keep on writing. It has no name any more. */
function openText(file: string, text: string): number {
  writeFileSync(file, text, { mode: 0o600 });
  const fd = openSync(file, 'r');
  unlinkSync(file);
  return fd;
}
