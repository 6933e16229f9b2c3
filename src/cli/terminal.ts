import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types';

/** Where a command writes: results to `out`, progress and warnings to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** False once whoever reads the results has gone: a long listing may stop. */
  canWrite(): boolean;
  /** True where progress may redraw a line. */
  readonly isLive: boolean;
  readonly errWidth: number;
  /** Columns that a listing may have: no limit where nobody reads it on a terminal, for programs cut nothing away. */
  readonly outWidth: number;
  /** Resolves when all that was written has left the process. */
  flush(): Promise<void>;
}

/** The terminal of this process. A reader that goes away (`| head`) is no error. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let isGone = false;
  stdout.on('error', () => {
    isGone = true;
  });
  stderr.on('error', () => undefined);
  const drained = (stream: NodeJS.WriteStream): Promise<void> =>
    new Promise((resolve) => {
      if (stream.destroyed || stream.writableLength === 0) resolve();
      else stream.write('', () => resolve());
    });
  return {
    out: (text) => {
      if (!isGone) stdout.write(text);
    },
    err: (text) => void stderr.write(text),
    canWrite: () => !isGone,
    isLive: stderr.isTTY === true && process.env.TERM !== 'dumb',
    // A terminal that does not know its width says 0.
    errWidth: stderr.columns || 80,
    outWidth: stdout.isTTY === true ? stdout.columns || 80 : Number(process.env.COLUMNS) || Number.POSITIVE_INFINITY,
    flush: async () => {
      await Promise.all([drained(stdout), drained(stderr)]);
    },
  };
}

/** Colours for a stream: only on a terminal, never after `--no-color` or with `NO_COLOR` set. */
export function colorsFor(stream: { readonly isTTY?: boolean }, wanted: boolean): Colors {
  return picocolors.createColors(
    wanted && stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
  );
}
