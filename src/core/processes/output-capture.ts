import { closeSync, constants, fdatasync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { decodeCutText, EndKept, LiveLines, wholeLength } from '../streams/index.ts';
import type { StoredText } from './helper-protocol.ts';

/** Up to here a stream stands in the record itself; above, in a file. */
export const INLINE_BYTES = 32 * 1024;

interface CaptureOptions {
  readonly file: string;
  readonly limitBytes: number;
  /**
   * What happens above the limit. `stop`: nothing more is taken, and the stream is told of it once. `keep_ends`: the first fifth and the
   * last four fifths of the limit are kept, with a notice between them (SPEC §5.2).
   */
  readonly above: { readonly kind: 'stop'; readonly onOverflow: () => void } | { readonly kind: 'keep_ends' };
  readonly onLines: (lines: string[]) => void;
  /** The line that goes on reads so now. */
  readonly onOpen: (text: string) => void;
}

export interface OutputCapture {
  push(chunk: Buffer): void;
  isCut(): boolean;
  /** Flushes the last line and makes what was written durable. */
  finish(): Promise<StoredText>;
}

/** Keeps one stream of a child, at most `limitBytes`: in memory while small, else in a file. Its lines go on as they come. */
export function createOutputCapture({ file, limitBytes, above, onLines, onOpen }: CaptureOptions): OutputCapture {
  const lines = new LiveLines({ onLines, onOpen, setTimer });
  const store = createByteStore(file);
  if (above.kind === 'keep_ends') return keepingEnds(limitBytes, store, lines);
  let isCut = false;
  return {
    isCut: () => isCut,
    push: (chunk) => {
      if (isCut) return;
      const room = limitBytes - store.sizeBytes();
      const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
      store.add(kept);
      lines.push(kept);
      if (chunk.length <= room) return;
      isCut = true;
      above.onOverflow();
    },
    finish: async () => {
      lines.end();
      return await store.finish(isCut);
    },
  };
}

function setTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

function keepingEnds(limitBytes: number, store: ByteStore, lines: LiveLines): OutputCapture {
  const headBytes = Math.floor(limitBytes / 5);
  const end = new EndKept(limitBytes - headBytes);
  let hasHead = false;
  /** What of a chunk still belongs to the head, which ends with a line where the chunk has one: what follows the notice begins one. */
  const headOf = (chunk: Buffer): Buffer => {
    const room = headBytes - store.sizeBytes();
    if (hasHead || chunk.length <= room) return chunk.subarray(0, hasHead ? 0 : chunk.length);
    hasHead = true;
    const first = chunk.subarray(0, room);
    const newline = first.lastIndexOf(0x0a);
    return first.subarray(0, newline === -1 ? wholeLength(first) : newline + 1);
  };
  return {
    isCut: () => end.droppedBytes > 0,
    push: (chunk) => {
      const head = headOf(chunk);
      if (head.length > 0) store.add(head);
      if (head.length < chunk.length) end.push(chunk.subarray(head.length));
      lines.push(chunk);
    },
    finish: async () => {
      lines.end();
      const tail = end.bytes();
      if (end.droppedBytes === 0) store.add(tail);
      else {
        const start = tail.indexOf(0x0a) + 1;
        const notice = `\n[${end.droppedBytes + start} bytes are left out here]\n`;
        store.add(Buffer.concat([Buffer.from(notice), tail.subarray(start)]));
      }
      return await store.finish(false);
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
