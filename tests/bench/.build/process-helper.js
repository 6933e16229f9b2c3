import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdirSync, openSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import {
  l as canSignal,
  a as createFrameReader,
  r as createOutputCapture,
  u as currentIdentity,
  c as endStepProcesses,
  d as findStepProcesses,
  o as KILL_GRACE_MS,
  t as RecordFile,
  p as readLastPid,
  m as signalQuietly,
} from './record-file-DXZHXi_3.js';

// src/core/processes/long-timeout.ts
var MAX_TIMER_MS = 2 ** 31 - 1;
/** A timer that also takes more than the 24.8 days that `setTimeout` can; returns how to stop it. */
function startLongTimeout(ms, onTime) {
  const end = performance.now() + ms;
  let timer;
  const arm = () => {
    const left = end - performance.now();
    timer = setTimeout(left > MAX_TIMER_MS ? arm : onTime, Math.min(Math.max(left, 0), MAX_TIMER_MS));
  };
  arm();
  return () => clearTimeout(timer);
}
// src/core/processes/child-attempt.ts
var isWindows = process.platform === 'win32';
/** A child that ended leaves its background children this long to finish by themselves. */
var LEFTOVER_PATIENCE_MS = 200;
var LEFTOVER_GRACE_MS = 1e3;
/** How long an output that somebody unknown still holds open is waited for once the tree is gone. */
var DRAIN_MS = 500;
/** A young child has had no time for pids to wrap: what it started has a pid between its own and the last one given. */
var YOUNG_MS = 1e3;
var MAX_PID_SPAN = 128;
/** One child, from spawn until nothing of its tree runs any more. `run` never rejects for what the child does. */
var ChildAttempt = class {
  #spec;
  #ports;
  #captures;
  #child = null;
  #spawnedAt = 0;
  #reason = 'exited';
  #killAt = null;
  #hasExited = false;
  #sources = [];
  #stopTimers = [];
  constructor(spec, ports) {
    this.#spec = spec;
    this.#ports = ports;
    this.#captures = {
      stdout: this.#capture('stdout'),
      stderr: this.#capture('stderr'),
    };
  }
  async run() {
    const pipes = [this.#ports.pipes.take(), this.#ports.pipes.take()];
    const drained = [];
    try {
      const exit = this.#spawn(pipes);
      this.#listen(pipes, drained);
      const failure = await exit.started;
      if (failure !== null) return this.#spawnFailed(failure);
      this.#spawnedAt = performance.now();
      this.#ports.onSpawned();
      this.#stopTimers.push(startLongTimeout(this.#spec.timeoutMs, () => this.#kill('timed_out')));
      const { exitCode, signal } = await exit.ended;
      this.#hasExited = true;
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
  cancel() {
    this.#kill('cancelled');
  }
  /** Back-pressure: while paused the child blocks once its pipe is full. A child that is being ended is always read. */
  setPaused(isPaused) {
    for (const source of this.#sources)
      if (isPaused && this.#killAt === null && !this.#hasExited) source.pause();
      else source.resume();
  }
  #capture(stream) {
    const { outputLimitBytes } = this.#spec;
    return createOutputCapture({
      file: join(this.#ports.outDir, `${this.#ports.key}.${stream}`),
      limitBytes: outputLimitBytes,
      onLines: (lines) => this.#ports.onLines(stream, lines),
      onOverflow: () => {
        if (stream === 'stdout') this.#kill('output_too_large');
        else this.#ports.onLines('stderr', [`[stderr is cut here, it is larger than ${outputLimitBytes} bytes]`]);
      },
    });
  }
  #spawn(pipes) {
    const { command, args, cwd, env, stdin } = this.#spec;
    const input = stdin === null ? 'ignore' : isWindows ? 'pipe' : openText(this.#inputFile(), stdin);
    const stdio = [input, pipes[0]?.childFd ?? 'pipe', pipes[1]?.childFd ?? 'pipe'];
    try {
      const child = spawn(command, args, {
        cwd,
        env,
        stdio,
        detached: !isWindows,
        windowsHide: true,
      });
      this.#child = child;
      child.stdin?.on('error', () => void 0).end(stdin);
      return watchChild(child);
    } catch (error) {
      return {
        started: Promise.resolve(error),
        ended: Promise.resolve(NO_EXIT),
      };
    } finally {
      if (typeof input === 'number') closeSync(input);
      for (const pipe of pipes) pipe?.closeChildEnd();
    }
  }
  #inputFile() {
    return join(this.#ports.outDir, `${this.#ports.key}.stdin`);
  }
  #listen(pipes, drained) {
    for (const [index, stream] of ['stdout', 'stderr'].entries()) {
      const source = pipes[index]?.source ?? this.#child?.[stream];
      if (source === null || source === void 0) continue;
      this.#sources.push(source);
      source.on('data', (chunk) => this.#captures[stream].push(chunk));
      source.on('error', () => void 0);
      drained.push(new Promise((resolve) => source.once('close', resolve)));
    }
  }
  #kill(reason) {
    if (this.#killAt !== null || this.#hasExited) return;
    this.#reason = reason;
    this.#killAt = performance.now();
    this.setPaused(false);
    this.#signalTree('SIGTERM');
    const timer = setTimeout(() => this.#signalTree('SIGKILL'), KILL_GRACE_MS);
    this.#stopTimers.push(() => clearTimeout(timer));
  }
  #signalTree(signal) {
    const pid = this.#child?.pid;
    if (pid === void 0) return;
    if (isWindows) {
      spawn('taskkill', ['/PID', String(pid), '/T', '/F'], {
        stdio: 'ignore',
        windowsHide: true,
      }).on('error', () => {
        this.#child?.kill('SIGKILL');
      });
      return;
    }
    signalQuietly(-pid, signal);
    for (const found of findStepProcesses(this.#spec.stepKey, pid)) signalQuietly(found, signal);
  }
  /** Nothing survives a step: what the child left running is ended, gently and then for real. */
  async #endTree() {
    const pid = this.#child?.pid;
    if (pid === void 0 || isWindows) return;
    const sinceKill = this.#killAt === null ? null : performance.now() - this.#killAt;
    await endStepProcesses({
      stepKey: this.#spec.stepKey,
      group: pid,
      patienceMs: sinceKill === null ? LEFTOVER_PATIENCE_MS : 0,
      graceMs: sinceKill === null ? LEFTOVER_GRACE_MS : Math.max(0, KILL_GRACE_MS - sinceKill),
      pids: this.#youngPids(pid),
    });
  }
  #youngPids(pid) {
    if (performance.now() - this.#spawnedAt > YOUNG_MS || canSignal(-pid)) return void 0;
    const last = readLastPid();
    if (last === null || last < pid || last - pid > MAX_PID_SPAN) return void 0;
    return Array.from({ length: last - pid }, (_, index) => pid + 1 + index);
  }
  async #drain(drained) {
    const timer = setTimeout(() => {
      for (const source of this.#sources) source.destroy();
    }, DRAIN_MS);
    await Promise.all(drained);
    clearTimeout(timer);
  }
  async #finish(exitCode, signal) {
    const [stdout, stderr] = await Promise.all([this.#captures.stdout.finish(), this.#captures.stderr.finish()]);
    return {
      reason: this.#reason === 'exited' && this.#captures.stdout.isCut() ? 'output_too_large' : this.#reason,
      exitCode,
      signal,
      stdout,
      stderr,
      stderrCut: this.#captures.stderr.isCut(),
    };
  }
  #spawnFailed(error) {
    const note = error.code === 'ENOENT' && !existsSync(this.#spec.cwd) ? 'The working folder does not exist.' : '';
    return failedEnd(error.code ?? 'UNKNOWN', note);
  }
};
/** The end of an attempt that never became a process; `note` stands in stderr. */
function failedEnd(code, note) {
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
var NO_EXIT = {
  exitCode: null,
  signal: null,
};
function watchChild(child) {
  return {
    started: new Promise((resolve) => {
      child.once('spawn', () => resolve(null));
      child.once('error', resolve);
    }),
    ended: new Promise((resolve) => {
      child.once('exit', (exitCode, signal) =>
        resolve({
          exitCode,
          signal,
        }),
      );
    }),
  };
}
/** A real file as stdin: scripts may open /dev/stdin, and nobody has to keep on writing. It has no name any more. */
function openText(file, text) {
  writeFileSync(file, text, { mode: 384 });
  const fd = openSync(file, 'r');
  unlinkSync(file);
  return fd;
}
// src/core/processes/child-pipes.ts
var FIRST_BATCH = 8;
/**
 * Real pipes for children. Node gives children sockets, and `echo x > /dev/stderr`, common in scripts, fails on a socket.
 * FIFOs in a private folder are real pipes; a FIFO whose end was seen is empty and unheld, so it is used again.
 */
function createPipePool(dir) {
  const free = [];
  let made = 0;
  let isAble = process.platform !== 'win32';
  const make = () => {
    if (made === 0)
      mkdirSync(dir, {
        recursive: true,
        mode: 448,
      });
    const count = Math.max(FIRST_BATCH, made);
    const paths = Array.from({ length: count }, (_, index) => join(dir, String(made + index)));
    isAble =
      spawnSync('mkfifo', ['-m', '600', '--', ...paths], {
        stdio: 'ignore',
        env: { PATH: '/usr/bin:/bin:/usr/local/bin' },
      }).status === 0;
    if (isAble) free.push(...paths);
    made += count;
  };
  const open = (path) => {
    const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const childFd = openSync(path, constants.O_WRONLY);
    let isOpen = true;
    return {
      childFd,
      source: new Socket({
        fd: readFd,
        readable: true,
        writable: false,
      }),
      closeChildEnd: () => {
        if (isOpen) closeSync(childFd);
        isOpen = false;
      },
      release: (isDrained) => {
        if (isDrained) free.push(path);
        else rmSync(path, { force: true });
      },
    };
  };
  return {
    take: () => {
      if (isAble && free.length === 0) make();
      const path = isAble ? free.pop() : void 0;
      if (path === void 0) return null;
      try {
        return open(path);
      } catch {
        isAble = false;
        return null;
      }
    },
    close: () =>
      rmSync(dir, {
        recursive: true,
        force: true,
      }),
  };
}
// src/core/processes/process-helper.ts
var [helpersDir = '', id = ''] = process.argv.slice(2);
var outDir = join(helpersDir, 'out');
mkdirSync(outDir, {
  recursive: true,
  mode: 448,
});
var records = new RecordFile(join(helpersDir, `${id}.jsonl`), {
  t: 'h',
  ...currentIdentity(),
});
var pipes = createPipePool(join(helpersDir, `${id}.pipes`));
/** null = accepted, its start mark is still being written. */
var attempts = /* @__PURE__ */ new Map();
var cancelled = /* @__PURE__ */ new Set();
var filesOfRun = /* @__PURE__ */ new Map();
var isDraining = false;
var engine = new Socket({
  fd: 3,
  readable: false,
  writable: true,
});
var isEngineListening = true;
engine.on('error', () => void 0);
engine.on('close', () => {
  isEngineListening = false;
  setPaused(false);
});
engine.on('drain', () => setPaused(false));
function setPaused(isPaused) {
  for (const attempt of attempts.values()) attempt?.setPaused(isPaused);
}
function tell(message) {
  if (isEngineListening && !engine.write(`${JSON.stringify(message)}\n`)) setPaused(true);
}
async function start(key, spec) {
  attempts.set(key, null);
  const { runId, path, attempt, timeoutMs } = spec;
  noteFiles(runId, []);
  let end;
  try {
    await records.append({
      t: 's',
      key,
      run: runId,
      path,
      attempt,
      timeoutMs,
    });
    end = cancelled.has(key)
      ? {
          ...failedEnd('', ''),
          reason: 'cancelled',
        }
      : await runChild(key, spec);
  } catch (error) {
    end = failedEnd(error.code ?? 'UNKNOWN', 'The start could not be recorded.');
  }
  if (end !== null) await keepEnd(runId, key, end);
  attempts.delete(key);
  cancelled.delete(key);
  if (end !== null)
    tell({
      t: 'end',
      key,
      end,
    });
  exitWhenDone();
}
/** Without a durable end record the attempt would be in doubt after a crash; a living engine still takes the result. */
async function keepEnd(runId, key, end) {
  noteFiles(
    runId,
    [end.stdout, end.stderr].flatMap((text) => ('file' in text ? [text.file] : [])),
  );
  await records
    .append({
      t: 'e',
      key,
      end,
    })
    .catch(() => void 0);
}
/** null = the child began and its end could not be kept; the engine has been told. */
async function runChild(key, spec) {
  let hasSpawned = false;
  const attempt = new ChildAttempt(spec, {
    key,
    outDir,
    pipes,
    onSpawned: () => {
      hasSpawned = true;
      tell({
        t: 'spawned',
        key,
      });
    },
    onLines: (stream, lines) =>
      tell({
        t: 'lines',
        key,
        stream,
        lines,
      }),
  });
  attempts.set(key, attempt);
  try {
    return await attempt.run();
  } catch (error) {
    if (!hasSpawned) return failedEnd(error.code ?? 'UNKNOWN', String(error));
    tell({
      t: 'lost',
      key,
      message: String(error),
    });
    return null;
  }
}
function noteFiles(runId, files) {
  const known = filesOfRun.get(runId);
  if (known === void 0) filesOfRun.set(runId, [...files]);
  else known.push(...files);
}
function forget(runId) {
  for (const file of filesOfRun.get(runId) ?? []) rmSync(join(outDir, file), { force: true });
  if (filesOfRun.delete(runId)) records.forget(runId);
}
function obey(command) {
  if (command.t === 'start') start(command.key, command.spec);
  else if (command.t === 'forget') forget(command.runId);
  else {
    const attempt = attempts.get(command.key);
    if (attempt === null) cancelled.add(command.key);
    attempt?.cancel();
  }
}
function exitWhenDone() {
  if (!isDraining || attempts.size > 0) return;
  pipes.close();
  if (filesOfRun.size === 0) rmSync(records.path, { force: true });
  engine.end(() => process.exit(0));
  if (!isEngineListening) process.exit(0);
}
/** Signals meant for the engine or its terminal do not end the witness: the end of stdin does. */
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => void 0);
process.on('uncaughtException', (error) => {
  records
    .append({
      t: 'x',
      message: String(error.stack),
    })
    .finally(() => process.exit(70));
});
process.stdin.on(
  'data',
  createFrameReader((line) => obey(JSON.parse(line))),
);
process.stdin.on('error', () => void 0);
process.stdin.on('close', () => {
  if (isDraining) return;
  isDraining = true;
  records
    .append({ t: 'd' })
    .catch(() => void 0)
    .finally(exitWhenDone);
});
tell({ t: 'ready' });
