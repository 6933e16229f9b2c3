import type { Socket } from 'node:net';
import { AppError } from '../../shared/errors.ts';
import { parseJson } from '../call-envelope.ts';

const NEWLINE = 0x0a;

export interface LineReader {
  /** Largest line that is still read; may be raised once the other side is known. */
  maxBytes: number;
  readonly onValue: (value: unknown) => void;
  /** Called once with `contract.too_large` or `contract.invalid_input`; nothing is read afterwards. */
  readonly onRefused: (error: AppError) => void;
}

/** Reads one JSON value a line from `socket`. A line is only held until its cap, never more. */
export function readJsonLines(socket: Socket, reader: LineReader): void {
  const parts: Buffer[] = [];
  let heldBytes = 0;
  let isOver = false;
  const refuse = (error: AppError): void => {
    isOver = true;
    parts.length = 0;
    reader.onRefused(error);
  };
  const hold = (part: Buffer): boolean => {
    heldBytes += part.length;
    parts.push(part);
    if (heldBytes <= reader.maxBytes) return true;
    refuse(new AppError('contract.too_large', `A line is larger than ${reader.maxBytes} bytes.`));
    return false;
  };
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0 && !isOver; end = rest.indexOf(NEWLINE)) {
      if (!hold(rest.subarray(0, end))) return;
      rest = rest.subarray(end + 1);
      const line = Buffer.concat(parts, heldBytes);
      parts.length = 0;
      heldBytes = 0;
      try {
        reader.onValue(parseJson(decode(line)));
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        refuse(thrown);
      }
    }
    if (!isOver && rest.length > 0) hold(rest);
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
