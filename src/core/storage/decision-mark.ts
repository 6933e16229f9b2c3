import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { makePrivate } from './database.ts';

const NOBODY = Buffer.from('\n');

/**
 * Says in a file of its own which run the engine is deciding about at this moment, so that the next engine knows whom the death of
 * this one fell to (SPEC §3.8). No commit and no sync: what a process wrote outlives the process, and a lost power supply is no
 * run's fault.
 */
export class DecisionMark {
  readonly #file: string;
  readonly #leftFile: string;
  #descriptor: number | null;

  /** What an engine that died has left stays to be asked for until it is taken up, also over engines that recover nothing. */
  constructor(file: string) {
    this.#file = file;
    this.#leftFile = `${file}.left`;
    if (readMark(file) !== null) renameSync(file, this.#leftFile);
    makePrivate(file);
    this.#descriptor = openSync(file, 'r+');
  }

  /** The run that an engine was deciding about when it died; null = none. */
  get left(): string | null {
    return readMark(this.#leftFile);
  }

  /** What `left` says is written down elsewhere now. */
  takeUp(): void {
    rmSync(this.#leftFile, { force: true });
  }

  /** Does work that runs through without a pause and may be the engine's last. */
  during<T>(runId: string, work: () => T): T {
    this.#write(Buffer.from(`${runId}\n`));
    try {
      return work();
    } finally {
      this.#write(NOBODY);
    }
  }

  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
    rmSync(this.#file, { force: true });
  }

  #write(bytes: Buffer): void {
    if (this.#descriptor === null) return;
    try {
      writeSync(this.#descriptor, bytes, 0, bytes.length, 0);
    } catch {
      // A full or broken disk must not stop a run here: the next engine knows less, that is all.
    }
  }
}

function readMark(file: string): string | null {
  if (!existsSync(file)) return null;
  const name = readFileSync(file, 'utf8').split('\n', 1)[0] ?? '';
  return name === '' ? null : name;
}
