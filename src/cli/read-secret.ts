import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** A secret from the terminal, not shown while it is typed; from elsewhere the first line of stdin. */
export async function readSecret(prompt: string): Promise<string> {
  const isTyped = process.stdin.isTTY === true;
  if (isTyped) process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTyped });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    if (isTyped) process.stderr.write('\n');
  }
}
