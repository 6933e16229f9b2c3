import { mkdirSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { AdoptedProcesses } from './adopted-processes.ts';
import { ChildAttempt, failedEnd } from './child-attempt.ts';
import { createPipePool } from './child-pipes.ts';
import { createFrameReader, type HelperCommand, type HelperMessage, type StoredEnd } from './helper-protocol.ts';
import type { ProcessSpec } from './process-runner.ts';
import { currentIdentity } from './process-table.ts';
import { RecordFile } from './record-file.ts';

/*
 * Entry of the helper process (DESIGN §3): `process-helper <helpers folder> <id> [kept]`. Invariants:
 * 1. A child is started only after its start mark is durable.
 * 2. The engine is told an end only after the end record is durable (or cannot be written at all).
 * 3. After the end of stdin no start is accepted; running children end within their timeouts, then the helper exits.
 */
const [helpersDir = '', id = '', kept] = process.argv.slice(2);
const adopted = kept === 'kept' ? new AdoptedProcesses(process.ppid) : null;
const outDir = join(helpersDir, 'out');
mkdirSync(outDir, { recursive: true, mode: 0o700 });
const records = new RecordFile(join(helpersDir, `${id}.jsonl`), { t: 'h', ...currentIdentity() });
const pipes = createPipePool(join(helpersDir, `${id}.pipes`));
/** null = accepted, its start mark is still being written. */
const attempts = new Map<string, ChildAttempt | null>();
const cancelled = new Set<string>();
const filesOfRun = new Map<string, string[]>();
let isDraining = false;

const engine = new Socket({ fd: 3, readable: false, writable: true });
let isEngineListening = true;
engine.on('error', () => undefined);
engine.on('close', () => {
  isEngineListening = false;
  setPaused(false);
});
engine.on('drain', () => setPaused(false));

function setPaused(isPaused: boolean): void {
  for (const attempt of attempts.values()) attempt?.setPaused(isPaused);
}

function tell(message: HelperMessage): void {
  if (isEngineListening && !engine.write(`${JSON.stringify(message)}\n`)) setPaused(true);
}

async function start(key: string, position: number, spec: ProcessSpec): Promise<void> {
  attempts.set(key, null);
  const { runId, path, attempt, timeoutMs } = spec;
  noteFiles(runId, []);
  let end: StoredEnd | null;
  try {
    await records.append({ t: 's', key, run: runId, path, attempt, timeoutMs, position });
    end = cancelled.has(key) ? { ...failedEnd('', ''), reason: 'cancelled' } : await runChild(key, spec);
  } catch (error) {
    end = failedEnd((error as NodeJS.ErrnoException).code ?? 'UNKNOWN', 'The start could not be recorded.');
  }
  if (end !== null) await keepEnd(runId, key, end);
  attempts.delete(key);
  cancelled.delete(key);
  if (end !== null) tell({ t: 'end', key, end });
  exitWhenDone();
}

/** Without a durable end record the attempt would be in doubt after a crash; a living engine still takes the result. */
async function keepEnd(runId: string, key: string, end: StoredEnd): Promise<void> {
  noteFiles(
    runId,
    [end.stdout, end.stderr].flatMap((text) => ('file' in text ? [text.file] : [])),
  );
  await records.append({ t: 'e', key, end }).catch(() => undefined);
}

/** null = the child began and its end could not be kept; the engine has been told. */
async function runChild(key: string, spec: ProcessSpec): Promise<StoredEnd | null> {
  let hasSpawned = false;
  const attempt = new ChildAttempt(spec, {
    key,
    outDir,
    pipes,
    adopted,
    onSpawned: (pid) => {
      hasSpawned = true;
      tell({ t: 'spawned', key, pid });
    },
    onLines: (stream, lines) => tell({ t: 'lines', key, stream, lines }),
    onOpen: (stream, text) => tell({ t: 'open', key, stream, text }),
  });
  attempts.set(key, attempt);
  try {
    return await attempt.run();
  } catch (error) {
    if (!hasSpawned) return failedEnd((error as NodeJS.ErrnoException).code ?? 'UNKNOWN', String(error));
    tell({ t: 'lost', key, message: String(error) });
    return null;
  }
}

function noteFiles(runId: string, files: readonly string[]): void {
  const known = filesOfRun.get(runId);
  if (known === undefined) filesOfRun.set(runId, [...files]);
  else known.push(...files);
}

function forget(runId: string): void {
  for (const file of filesOfRun.get(runId) ?? []) rmSync(join(outDir, file), { force: true });
  if (!filesOfRun.delete(runId)) return;
  try {
    records.forget(runId);
  } catch {
    // A full disk: the lines stay, which costs room and is no reason to let go of what runs.
  }
}

function obey(command: HelperCommand): void {
  if (command.t === 'start') void start(command.key, command.position, command.spec);
  else if (command.t === 'forget') forget(command.runId);
  else {
    const attempt = attempts.get(command.key);
    if (attempt === null) cancelled.add(command.key);
    attempt?.cancel();
  }
}

function exitWhenDone(): void {
  if (!isDraining || attempts.size > 0) return;
  pipes.close();
  if (filesOfRun.size === 0) rmSync(records.path, { force: true });
  engine.end(() => process.exit(0));
  if (!isEngineListening) process.exit(0);
}

/** Signals meant for the engine or its terminal do not end the witness: the end of stdin does. */
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('uncaughtException', (error) => {
  void records.append({ t: 'x', message: String(error.stack) }).finally(() => process.exit(70));
});
process.stdin.on(
  'data',
  createFrameReader((line) => obey(JSON.parse(line) as HelperCommand)),
);
process.stdin.on('error', () => undefined);
process.stdin.on('close', () => {
  if (isDraining) return;
  isDraining = true;
  records
    .append({ t: 'd' })
    .catch(() => undefined)
    .finally(exitWhenDone);
});
tell({ t: 'ready' });
