import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';

const PERL = ['/usr/bin/perl', '/bin/perl', '/usr/local/bin/perl'];
/** SO_PEERCRED by architecture: perl's own module of such numbers takes three times as long to load as all the rest. SOL_SOCKET is 1 on all of them. */
const PEERCRED: Readonly<Record<string, number>> = {
  x64: 17,
  ia32: 17,
  arm: 17,
  arm64: 17,
  riscv64: 17,
  loong64: 17,
  s390x: 17,
  ppc64: 21,
};
/** Asks of the socket that it gets as its descriptor 3: the process that connected, as the kernel noted it then. */
const SCRIPT = `open my $peer, '+<&=', 3 or exit 1; my $said = getsockopt $peer, 1, shift or exit 1; print +(unpack 'iii', $said)[0]`;

/** The process at the other end of a local socket. */
export type Peer =
  | { readonly kind: 'process'; readonly pid: number }
  /** The system tells, and it could not be asked: nobody may pass for somebody by that. */
  | { readonly kind: 'unknown' }
  /** The system does not tell: it is not Linux, has no perl, or is a machine of a rare kind. */
  | { readonly kind: 'untold' };

/**
 * Who connected, by the kernel's word, also when that process has gone meanwhile. Call it while the socket is open; later it may close. Node
 * cannot ask for it, and a native addon is not worth one call.
 */
export function readPeer(socket: Socket): Promise<Peer> {
  const option = process.platform === 'linux' ? PEERCRED[process.arch] : undefined;
  const perl = PERL.find(existsSync);
  if (option === undefined || perl === undefined) return Promise.resolve({ kind: 'untold' });
  // Not among Node's types: the descriptor of a stream that is connected.
  const fd = (socket as { readonly _handle?: { readonly fd?: number } })._handle?.fd ?? -1;
  if (fd < 0) return Promise.resolve({ kind: 'unknown' });
  return new Promise((resolve) => {
    let text = '';
    const end = (): void => {
      const pid = Number(text);
      resolve(Number.isInteger(pid) && pid > 0 ? { kind: 'process', pid } : { kind: 'unknown' });
    };
    try {
      const child = spawn(perl, ['-e', SCRIPT, String(option)], { env: {}, stdio: ['ignore', 'pipe', 'ignore', fd] });
      child.stdout?.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      child.once('error', end);
      child.once('close', end);
    } catch {
      end();
    }
  });
}
