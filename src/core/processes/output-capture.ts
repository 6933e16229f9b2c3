import { closeSync, constants, fdatasync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { createLineSplitter, decodeCutText } from '../streams/index.ts';
import type { StoredText } from './helper-protocol.ts';

/** Up to here a stream stands in the record itself; above, in a file. */
export const INLINE_BYTES = 32 * 1024;

interface CaptureOptions {
  readonly file: string;
  readonly limitBytes: number;
  readonly onLines: (lines: string[]) => void;
  /** Called once, when the first byte above the limit arrives. */
  readonly onOverflow: () => void;
}

export interface OutputCapture {
  push(chunk: Buffer): void;
  isCut(): boolean;
  /** Flushes the last line and makes what was written durable. */
  finish(): Promise<StoredText>;
}

/** Keeps one stream of a child, at most `limitBytes`: in memory while small, else in a file. */
export function createOutputCapture(options: CaptureOptions): OutputCapture {
  const lines = createLineSplitter();
  const store = createByteStore(options.file);
  let isCut = false;

  const emit = (done: string[]): void => {
    if (done.length > 0) options.onLines(done);
  };
  return {
    isCut: () => isCut,
    push: (chunk) => {
      if (isCut) return;
      const room = options.limitBytes - store.sizeBytes();
      const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
      store.add(kept);
      emit(lines.push(kept));
      if (chunk.length <= room) return;
      isCut = true;
      options.onOverflow();
    },
    finish: async () => {
      emit(lines.end());
      return await store.finish(isCut);
    },
  };
}

/** Text of a stream; when it was cut, a character that the cut broke is dropped. */
export function decodeOutput(bytes: Buffer, isCut: boolean): string {
  return isCut ? decodeCutText(bytes) : bytes.toString('utf8');
}

interface ByteStore {
  sizeBytes(): number;
  add(chunk: Buffer): void;
  finish(isCut: boolean): Promise<StoredText>;
}

/** Bytes in memory, moved to a file (0600) once they are many; back in memory when the disk refuses. */
function createByteStore(file: string): ByteStore {
  let chunks: Buffer[] = [];
  let total = 0;
  let fd: number | null = null;
  let written = 0;
  let hasDisk = true;

  const spill = (): void => {
    try {
      fd ??= openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
      for (let chunk = chunks[0]; chunk !== undefined; chunk = chunks[0]) {
        for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
        written += chunk.length;
        chunks.shift();
      }
    } catch {
      hasDisk = false;
      if (fd === null) return;
      chunks.unshift(readFileSync(file).subarray(0, written));
      closeSync(fd);
      fd = null;
      unlinkSync(file);
    }
  };
  return {
    sizeBytes: () => total,
    add: (chunk) => {
      chunks.push(chunk);
      total += chunk.length;
      if (hasDisk && total > INLINE_BYTES) spill();
    },
    finish: async (isCut) => {
      if (fd === null) {
        const text = decodeOutput(Buffer.concat(chunks), isCut);
        chunks = [];
        return { text };
      }
      try {
        await promisify(fdatasync)(fd);
        return { file: basename(file), cut: isCut };
      } catch {
        return { text: decodeOutput(readFileSync(file), isCut) };
      } finally {
        closeSync(fd);
      }
    },
  };
}
