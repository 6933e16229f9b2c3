import { readFileSync } from 'node:fs';
import { errnoOf, writeFileAtomic } from '../../../files/index.ts';
import { definitionsHash } from '../../definitions-hash.ts';
import type { ToolDefinitions } from '../../registry-port.ts';

const VERSION = 1;

/** Definitions that were accepted, and when (UTC ms). */
export interface Pin extends ToolDefinitions {
  readonly at: number;
}

/** What `tool-pins.json` holds. */
export interface StoredPins {
  readonly pins: ReadonlyMap<string, Pin>;
  /** What was seen last and is not accepted. */
  readonly waiting: ReadonlyMap<string, ToolDefinitions>;
  /** Pins were lost: what has none is not new but forgotten, and needs a word. */
  readonly hasLost: boolean;
}

interface FileForm {
  readonly version: number;
  readonly hasLost: boolean;
  readonly pins: Readonly<Record<string, Pin>>;
  readonly waiting?: Readonly<Record<string, ToolDefinitions>>;
}

/** A file that cannot be read accepts nothing by itself; no file is no loss. */
export function readPins(file: string): StoredPins {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<FileForm>;
    const isOurs = stored.version === VERSION;
    const written = isOurs ? Object.entries(stored.pins ?? { none: null }) : [];
    const pins = written.filter(
      (entry): entry is [string, Pin] => isWhole(entry[1]) && typeof entry[1].at === 'number',
    );
    // Older files have none, and one that is lost is seen again at the next use.
    const waiting = isOurs ? Object.entries(stored.waiting ?? {}).filter(([, one]) => isWhole(one)) : [];
    return {
      pins: new Map(pins),
      waiting: new Map(waiting),
      hasLost: !isOurs || stored.hasLost === true || pins.length < written.length,
    };
  } catch (error) {
    return { pins: new Map(), waiting: new Map(), hasLost: errnoOf(error) !== 'ENOENT' };
  }
}

/** The file, 0600. Rejects with `file.*`. */
export function writePins(file: string, { pins, waiting, hasLost }: StoredPins): Promise<void> {
  const form: FileForm = {
    version: VERSION,
    hasLost,
    pins: Object.fromEntries(pins),
    waiting: Object.fromEntries(waiting),
  };
  return writeFileAtomic(file, `${JSON.stringify(form, null, 2)}\n`, 0o600);
}

/** The hash is what people agree to: operations that do not belong to it were put there by somebody else. */
function isWhole(one: ToolDefinitions | null): one is ToolDefinitions {
  const operations: readonly unknown[] | undefined = one?.operations;
  if (one === null || !Array.isArray(operations) || !operations.every(isNamed)) return false;
  return definitionsHash(one.operations) === one.hash;
}

const isNamed = (operation: unknown): boolean =>
  typeof operation === 'object' && operation !== null && 'name' in operation && typeof operation.name === 'string';
