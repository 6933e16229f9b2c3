import type { KnownFile } from './watch-cursor.ts';
import type { GoneQuestion } from './watch-state.ts';
import { lookAt } from './watched-file.ts';

/** A file that is no longer there. */
export interface GoneFile {
  readonly known: KnownFile;
  /** The system told of this very file; false = it was only missed when its folder was read. */
  readonly isTold: boolean;
  /** It went while the watch was off and is not to be told of. */
  readonly isSilent: boolean;
}

/** A person's answer: the files are gone for good, or they will be back and stay known. */
export type GoneAnswer = 'gone' | 'keep';

const LEAST_TO_ASK = 5;
const LOOKS_AT_ONCE = 64;
const MOST_EXAMPLES = 10;

/** Files that are missing, until it is decided together what that means. */
export class GoneFiles {
  readonly #gone = new Map<string, GoneFile>();
  /** A person said that they will be back. */
  readonly #kept = new Set<string>();

  get size(): number {
    return this.#gone.size;
  }

  add(files: readonly GoneFile[]): void {
    for (const file of files) if (!this.#kept.has(file.known.path)) this.#gone.set(file.known.path, file);
  }

  /** There is something at the path, or it is explained where it went. */
  drop(path: string): void {
    this.#gone.delete(path);
    this.#kept.delete(path);
  }

  /** Whether it is known of the path that it is missing. */
  has(path: string): boolean {
    return this.#gone.has(path) || this.#kept.has(path);
  }

  known(): readonly KnownFile[] {
    return [...this.#gone.values()].map(({ known }) => known);
  }

  /** All of them, which are decided with that. */
  takeAll(): readonly GoneFile[] {
    const files = [...this.#gone.values()];
    this.#gone.clear();
    return files;
  }

  /** Takes a person's answer; gives those that are gone for good. */
  answer(answer: GoneAnswer): readonly GoneFile[] {
    const files = this.takeAll();
    if (answer === 'gone') return files;
    for (const { known } of files) this.#kept.add(known.path);
    return [];
  }

  /**
   * The question, if so many are gone at once that a person is asked (SPEC §7.2): more than half of what is known, and five or more. Files
   * of which the system told one by one, in a watch that does not tell of deletions, are an inbox being emptied: nobody is asked.
   */
  question(knownCount: number, tellsDeleted: boolean): GoneQuestion | null {
    const gone = this.#gone.size;
    if (gone < LEAST_TO_ASK || gone * 2 <= knownCount) return null;
    if (!tellsDeleted && [...this.#gone.values()].every(({ isTold }) => isTold)) return null;
    return { gone, known: knownCount, examples: [...this.#gone.keys()].sort().slice(0, MOST_EXAMPLES) };
  }

  /** Looks whether some came back, and gives those. */
  async findBack(root: string): Promise<readonly string[]> {
    const paths = [...this.#gone.keys()];
    const back: string[] = [];
    for (let at = 0; at < paths.length; at += LOOKS_AT_ONCE) {
      const slice = paths.slice(at, at + LOOKS_AT_ONCE);
      const sights = await Promise.all(slice.map((path) => lookAt(root, path)));
      back.push(...slice.filter((_, index) => sights[index] !== 'absent'));
    }
    for (const path of back) this.#gone.delete(path);
    return back;
  }
}
