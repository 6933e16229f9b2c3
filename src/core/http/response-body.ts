import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import type { Deadline } from './deadline.ts';

/** The body of an answer as it comes from the connection. */
export interface RawBody {
  readonly stream: Readable;
  readonly onBroken: () => void;
  readonly host: string;
  /** `content-encoding`; null = as it is, or no body at all. */
  readonly encoding: string | null;
  /** `content-length`, if it was said. */
  readonly length: number | null;
  readonly maxBytes: number;
}

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Whether this kind of packing is undone while the body is read. */
export const isDecoded = (encoding: string | null): boolean => encoding !== null && DECODERS.has(encoding);

/** The pieces of a body, unpacked, up to `maxBytes`; ends the call's deadline. Errors as `HttpClient.request` says. */
export async function* readBody(body: RawBody, deadline: Deadline): AsyncGenerator<Uint8Array, void> {
  try {
    if (body.length !== null && body.length > body.maxBytes) throw tooLarge(body);
    let size = 0;
    for await (const piece of decoded(body)) {
      size += (piece as Uint8Array).length;
      if (size > body.maxBytes) throw tooLarge(body);
      yield piece as Uint8Array;
    }
  } catch (thrown) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    if (thrown instanceof AppError) throw thrown;
    body.onBroken();
    throw brokenOff(body, thrown);
  } finally {
    deadline.end();
    discard(body.stream);
  }
}

function decoded(body: RawBody): Readable {
  const decoder = DECODERS.get(body.encoding ?? '')?.();
  if (decoder === undefined) return body.stream;
  body.stream.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => discard(body.stream));
  return body.stream.pipe(decoder);
}

/** Lets an answer go unread: its connection is closed unless the answer is complete. */
export function discard(stream: Readable): void {
  if (stream.destroyed) return;
  stream.on('error', () => undefined);
  stream.destroy();
}

/** The whole body as text, in the character set that the content type names. */
export async function readText(pieces: AsyncIterable<Uint8Array>, contentType: string): Promise<string> {
  const decoder = decoderFor(/;\s*charset="?([^\s;"]+)/i.exec(contentType)?.[1] ?? 'utf-8');
  let text = '';
  for await (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return text + decoder.decode();
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    // A set that nobody knows: most such texts are UTF-8 all the same.
    return new TextDecoder();
  }
}

function tooLarge(body: RawBody): AppError {
  const limit = `${grouped(body.maxBytes)} bytes`;
  return new AppError('tool.output_too_large', `The answer of ${body.host} is larger than ${limit}.`, {
    hint: 'Ask for less at once, for example a page or a range.',
    details: { host: body.host, max_bytes: body.maxBytes },
  });
}

function brokenOff(body: RawBody, cause: unknown): AppError {
  return new AppError('tool.connection_lost', `The answer of ${body.host} broke off.`, {
    hint: 'Try again; if it stays so, look at the log of the service.',
    details: { host: body.host, phase: 'body' },
    cause,
  });
}
