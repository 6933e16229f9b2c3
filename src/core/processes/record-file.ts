import {
  closeSync,
  constants,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RecordLine } from './helper-protocol.ts';

/** Above this many forgotten bytes a record file is rewritten without them at once, else after this pause. */
const COMPACT_BYTES = 1024 * 1024;
const COMPACT_MS = 1_000;

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A helper's own append-only record file. Whoever waits at the same time shares one fdatasync. */
export class RecordFile {
  readonly path: string;
  #fd: number;
  #waiting: Waiting[] = [];
  #isFlushing = false;
  #forgotten = new Set<string>();
  #bytesSinceCompaction = 0;
  #sizeBytes = 0;
  #compacting: NodeJS.Timeout | null = null;
  /** After a failed sync nobody knows what is on the disk: nothing is promised any more. */
  #syncError: unknown = null;

  /** Creates the file (0600) with its first line, durable together with its folder entry. */
  constructor(path: string, header: RecordLine) {
    this.path = path;
    this.#fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL, 0o600);
    this.#sizeBytes = writeSync(this.#fd, toLine(header));
    fsyncSync(this.#fd);
    syncFolder(dirname(path));
  }

  /** Resolves when the line is on the disk. */
  append(line: RecordLine): Promise<void> {
    return new Promise((resolve, reject) => {
      if (line.t === 's') this.#forgotten.delete(line.run);
      this.#waiting.push({ text: toLine(line), resolve, reject });
      if (this.#isFlushing) return;
      this.#isFlushing = true;
      queueMicrotask(() => this.#flush());
    });
  }

  /**
   * Notes that a run's lines are of no use any more, and drops them from the file soon: what children printed may be confidential and
   * must not lie about longer than it is needed.
   */
  forget(run: string): void {
    this.#write(Buffer.from(toLine({ t: 'f', run })));
    this.#forgotten.add(run);
    if (this.#bytesSinceCompaction > COMPACT_BYTES && !this.#isFlushing) this.#compact();
    else this.#compactSoon();
  }

  close(): void {
    if (this.#compacting !== null) clearTimeout(this.#compacting);
    closeSync(this.#fd);
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const settle = (error: unknown, isSync = false): void => {
      if (error && isSync) this.#syncError = error;
      for (const one of batch) error ? one.reject(error) : one.resolve();
      if (this.#waiting.length > 0) this.#flush();
      else this.#isFlushing = false;
    };
    try {
      if (this.#syncError !== null) throw this.#syncError;
      this.#write(Buffer.from(batch.map((one) => one.text).join('')));
      fdatasync(this.#fd, (error) => settle(error, true));
    } catch (error) {
      queueMicrotask(() => settle(error));
    }
  }

  #compactSoon(): void {
    this.#compacting ??= setTimeout(() => {
      this.#compacting = null;
      if (this.#isFlushing) this.#compactSoon();
      else if (this.#forgotten.size > 0) this.#tryToCompact();
    }, COMPACT_MS).unref();
  }

  #tryToCompact(): void {
    try {
      this.#compact();
    } catch {
      // A full disk: the old file stays whole, and the next run that is forgotten tries again.
      rmSync(`${this.path}.new`, { force: true });
    }
  }

  /** All or nothing: a line that a full disk cut is taken away again. */
  #write(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      ftruncateSync(this.#fd, this.#sizeBytes);
      throw error;
    }
    this.#sizeBytes += bytes.length;
    this.#bytesSinceCompaction += bytes.length;
  }

  /** Old or new file, never something between: written beside, synced, renamed. */
  #compact(): void {
    const runOfKey = new Map<string, string>();
    const kept = readFileSync(this.path, 'utf8')
      .split('\n')
      .filter((text) => {
        if (text === '') return false;
        const line = JSON.parse(text) as RecordLine;
        if (line.t === 's') runOfKey.set(line.key, line.run);
        const run = line.t === 'f' || line.t === 's' ? line.run : line.t === 'e' ? runOfKey.get(line.key) : undefined;
        return run === undefined || !this.#forgotten.has(run);
      });
    const beside = `${this.path}.new`;
    const fd = openSync(beside, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_TRUNC, 0o600);
    const bytes = Buffer.from(`${kept.join('\n')}\n`);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      fsyncSync(fd);
      renameSync(beside, this.path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    syncFolder(dirname(this.path));
    closeSync(this.#fd);
    this.#fd = fd;
    this.#sizeBytes = bytes.length;
    this.#forgotten.clear();
    this.#bytesSinceCompaction = 0;
  }
}

function toLine(line: RecordLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** Makes a new entry of a folder durable; a no-op where folders cannot be opened. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
