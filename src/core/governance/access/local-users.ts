import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errnoOf, toFileError, writeFileAtomic } from '../../files/index.ts';

const fileSchema = z.object({ users: z.record(z.string(), z.string()) });

/**
 * Which user of a project the user of the operating system is. The file lies outside the project: a folder that somebody shares must not
 * say who is its admin here (DESIGN decision 2).
 */
export class LocalUsers {
  readonly #file: string;
  #users: ReadonlyMap<string, string>;
  #isNew: boolean;

  private constructor(file: string, users: ReadonlyMap<string, string> | null) {
    this.#file = file;
    this.#users = users ?? new Map();
    this.#isNew = users === null;
  }

  /** A damaged file names nobody. Errors: `file.io` when it is there and cannot be read. */
  static async open(file: string): Promise<LocalUsers> {
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return '';
      throw toFileError(thrown, file);
    });
    return new LocalUsers(file, parse(text));
  }

  /** True until somebody of this machine has been made a user of this project. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** The id of the user, or null for a name that never acted here. */
  find(osName: string): string | null {
    return this.#users.get(osName) ?? null;
  }

  /** Durable when it resolves. Errors: `file.io`, `file.disk_full`. */
  async add(osName: string, userId: string): Promise<void> {
    const next = new Map(this.#users).set(osName, userId);
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    } catch (thrown) {
      throw toFileError(thrown, this.#file);
    }
    await writeFileAtomic(this.#file, `${JSON.stringify({ users: Object.fromEntries(next) }, null, 2)}\n`, 0o600);
    this.#users = next;
    this.#isNew = false;
  }
}

function parse(text: string): ReadonlyMap<string, string> | null {
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).users));
  } catch {
    return null;
  }
}
