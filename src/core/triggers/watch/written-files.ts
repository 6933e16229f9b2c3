import type { ChainLink } from '../../../shared/model/run.ts';

/** Who wrote a file: a run, with all that led to it and the run itself at the end. */
export interface FileWriter {
  readonly runId: string;
  readonly workflowId: string;
  readonly chain: readonly ChainLink[];
}

/** Finds the run that wrote a content to a path; null = nobody that is known. */
export type FindWriter = (path: string, hash: string) => FileWriter | null;

interface Written {
  readonly runId: string;
  readonly hash: string;
}

const MOST_KEPT = 20_000;

/**
 * Which files the runs of this process have written, by real absolute path, and with what content: a person who changes such a file
 * afterwards is not taken for the run. The newest 20,000 are kept.
 */
export class WrittenFiles {
  readonly #files = new Map<string, Written>();

  /** Called before the file is in its place, so that no watch can be faster. `hash` = SHA-256 of the content, hex. */
  note(path: string, written: Written): void {
    this.#files.delete(path);
    this.#files.set(path, written);
    if (this.#files.size <= MOST_KEPT) return;
    for (const oldest of this.#files.keys()) {
      this.#files.delete(oldest);
      return;
    }
  }

  /** The run that wrote exactly this there; null = none that is known. */
  find(path: string, hash: string): string | null {
    const written = this.#files.get(path);
    return written !== undefined && written.hash === hash ? written.runId : null;
  }
}
