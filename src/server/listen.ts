import type { FastifyInstance } from 'fastify';
import { AppError } from '../shared/errors.ts';

/** What cannot be when nobody may listen, and the setting that names another port; in the words of an error. */
export interface ListeningFor {
  readonly failure: string;
  readonly setting: string;
}

/**
 * Listens for HTTP requests; resolves with the port, which the system chose where 0 was asked for. A server that cannot listen is closed.
 * Rejects with `trigger.port_in_use`, `usage.invalid` for a port that needs more rights or an address that is not of this computer.
 */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  { failure, setting }: ListeningFor,
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw toListenError(cause, { failure, setting }, { host, port });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function toListenError(
  cause: unknown,
  { failure, setting }: ListeningFor,
  details: { readonly host: string; readonly port: number },
): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new AppError('trigger.port_in_use', `${failure}: port ${details.port} is already in use.`, {
      ...{ cause, details },
      hint: `End the program that uses it, or choose another port with '${setting}' in aiworkflow.yaml or '--port'.`,
    });
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError('usage.invalid', `${failure}: this user may not open port ${details.port}.`, {
      ...{ cause, details },
      hint: 'Choose a port above 1023.',
    });
  return new AppError('usage.invalid', `${failure} at '${details.host}': it is no address of this computer.`, {
    ...{ cause, details },
    hint: "Use '127.0.0.1' or an address of this computer.",
  });
}
