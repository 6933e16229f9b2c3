import { readFileSync } from 'node:fs';
import { appLog } from '../core/app-log/index.ts';
import { writeFileAtomic } from '../core/files/index.ts';
import type { Json } from '../shared/json.ts';

/** What is being written. */
const writes = new Set<Promise<unknown>>();

/** The app ends only when this is done, see {@link allKept}. */
export function keepBeforeEnd(write: Promise<unknown>): void {
  writes.add(write);
  const forget = (): boolean => writes.delete(write);
  write.then(forget, forget);
}

/** Resolves when all that was kept so far is on the disk: what is changed in the last moment of the app must not be lost with it. */
export async function allKept(): Promise<void> {
  await Promise.allSettled(writes);
}

/** A small file of this user and this computer. */
export interface KeptJson<T> {
  read(): T;
  /** The last of several in a row is what stands there in the end. Failures stand in the log of the app: nothing of it is needed to go on. */
  write(value: T): void;
}

/** Keeps a value in a file as JSON. `parse` makes something of whatever stands there; null = nothing that could be read. */
export function keepJson<T>(path: string, parse: (stored: Json) => T): KeptJson<T> {
  let writing: Promise<void> = Promise.resolve();
  return {
    read: () => parse(readJson(path)),
    write: (value) => {
      const text = `${JSON.stringify(value, null, 2)}\n`;
      writing = writing
        .then(() => writeFileAtomic(path, text, 0o600))
        .catch((error: unknown) => appLog.error('a file of the app could not be written', error));
      keepBeforeEnd(writing);
    },
  };
}

function readJson(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch {
    return null;
  }
}
