import { AppError } from '../../../shared/errors.ts';
import type { RawHeaders } from './raw-headers.ts';

/** A delivery that goes out to a listener. */
export interface TestDelivery {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: RawHeaders;
  readonly body: Uint8Array;
}

const TIMEOUT_MS = 10_000;
const MOST_REPLY_BYTES = 64 * 1024;

/** Sends a delivery as a sender would and gives the answer, whatever it is. Errors: `trigger.unreachable` when nobody answers within 10 s. */
export async function sendTest(delivery: TestDelivery): Promise<{ readonly status: number; readonly body: string }> {
  // Only here: to import it takes 50 ms, because a module of it asks for all that it has, and that reads a whole HTTP client.
  const { request } = await import('node:http');
  const { host, port, path, method, body } = delivery;
  const headers = ['Host', `${host}:${port}`, 'Content-Length', String(body.length), ...delivery.headers.flat()];
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(unreachable(delivery, cause));
    const sent = request(
      { host, port, path, method, headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
      (response) => {
        const pieces: Buffer[] = [];
        let size = 0;
        response.on('data', (piece: Buffer) => {
          size += piece.length;
          if (size <= MOST_REPLY_BYTES) pieces.push(piece);
        });
        response.on('error', fail);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString('utf8') }),
        );
      },
    );
    sent.on('error', fail);
    sent.end(body);
  });
}

const unreachable = ({ host, port }: TestDelivery, cause: unknown): AppError =>
  new AppError('trigger.unreachable', `Nobody answers at ${host}:${port}.`, {
    cause,
    hint: "Start listening with 'aiworkflow webhook start', or open the app.",
    details: { host, port },
  });
