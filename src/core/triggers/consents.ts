import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Consent } from '../../shared/model/trigger.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';

const pinSchema = z.object({
  from: z.string(),
  ref: z.string(),
  versionHash: z.string(),
  workflowPath: z.string(),
  workflowId: z.string(),
});
const armedSchema = z.object({
  contentHash: z.string(),
  versionLabel: z.string(),
  pins: z.array(pinSchema).optional(),
});
const consentSchema = armedSchema.extend({
  definitionHash: z.string(),
  before: armedSchema.optional(),
  by: z.string(),
  at: z.number(),
});
const fileSchema = z.object({ consents: z.record(z.string(), consentSchema) });

/**
 * Which triggers a person has armed, for which definition and version, and who answers for it. The file lies outside the project: a folder
 * that somebody shares must not carry its own arming (DESIGN decision 2). A damaged file arms nothing.
 */
export class Consents {
  readonly #file: string;
  #consents: ReadonlyMap<string, Consent>;
  /** One write after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: string, consents: ReadonlyMap<string, Consent>) {
    this.#file = file;
    this.#consents = consents;
  }

  /** Errors: `file.io` when the file is there and cannot be read. */
  static async open(file: string): Promise<Consents> {
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return '';
      throw toFileError(thrown, file);
    });
    return new Consents(file, parse(text));
  }

  find(key: string): Consent | null {
    return this.#consents.get(key) ?? null;
  }

  /** Whether a version is armed, or called by one that is: its copy must stay. */
  holds(contentHash: string): boolean {
    const isOf = (armed: Consent['before']): boolean =>
      armed?.contentHash === contentHash ||
      armed?.pins?.some(({ versionHash }) => versionHash === contentHash) === true;
    return [...this.#consents.values()].some((consent) => isOf(consent) || isOf(consent.before));
  }

  /** Durable when it resolves. Errors: `file.io`, `file.disk_full`; then nothing has changed. */
  give(key: string, consent: Consent): Promise<void> {
    return this.#write((consents) => consents.set(key, consent));
  }

  /** As `give`. */
  withdraw(key: string): Promise<void> {
    return this.#write((consents) => consents.delete(key));
  }

  #write(change: (consents: Map<string, Consent>) => unknown): Promise<void> {
    const written = this.#writing.then(async () => {
      const next = new Map(this.#consents);
      change(next);
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      const text = JSON.stringify({ consents: Object.fromEntries(next) }, null, 2);
      await writeFileAtomic(this.#file, `${text}\n`, 0o600);
      this.#consents = next;
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

function parse(text: string): ReadonlyMap<string, Consent> {
  try {
    return new Map(Object.entries(fileSchema.parse(JSON.parse(text)).consents) as [string, Consent][]);
  } catch {
    return new Map();
  }
}
