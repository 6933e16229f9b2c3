import type { Socket } from 'node:net';
import { ByteLines } from '../../core/streams/index.ts';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { parseJson } from '../call-envelope.ts';

export interface LineReader {
  /** Largest line that is still read; may be raised once the other side is known. */
  maxBytes: number;
  readonly onValue: (value: unknown) => void;
  /** Called once with `contract.too_large` or `contract.invalid_input`; nothing is read afterwards. */
  readonly onRefused: (error: AppError) => void;
}

/** Reads one JSON value a line from `socket`. A line is only held until its cap, never more. */
export function readJsonLines(socket: Socket, reader: LineReader): void {
  let isOver = false;
  const refuse = (error: AppError): void => {
    isOver = true;
    reader.onRefused(error);
  };
  const lines = new ByteLines({
    limit: {
      // The cap may be raised after this line: it is asked for with every piece.
      get maxBytes() {
        return reader.maxBytes;
      },
      onPassed: () =>
        refuse(new AppError('contract.too_large', `A line is larger than ${grouped(reader.maxBytes)} bytes.`)),
    },
    onLine: (line) => {
      if (isOver) return;
      try {
        reader.onValue(parseJson(decode(line)));
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        refuse(thrown);
      }
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (!isOver) lines.push(chunk);
  });
}

function decode(line: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch (cause) {
    throw new AppError('contract.invalid_input', 'A line is not valid UTF-8.', { cause });
  }
}

/** Writes one value as a line; nothing when the other side has gone. */
export function writeJsonLine(socket: Socket, value: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
}
