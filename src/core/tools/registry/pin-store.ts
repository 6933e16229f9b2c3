import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { ToolChange, ToolOperationInfo } from '../../../shared/model/tool.ts';
import { errnoOf, writeFileAtomic } from '../../files/index.ts';
import { definitionsHash } from '../definitions-hash.ts';
import type { PinPort, ToolDefinitions } from '../registry-tool.ts';

const FILE = 'tool-pins.json';
const VERSION = 1;

/** Definitions that were accepted, and when (UTC ms). */
export interface Pin extends ToolDefinitions {
  readonly at: number;
}

/**
 * What tools were accepted to say about themselves (SPEC §5.3), in `<stateDir>/tool-pins.json` (0600). Reading touches nothing but
 * this file; the first write makes it. A file that cannot be read accepts nothing by itself: every tool asks anew.
 */
export class PinStore {
  readonly #file: string;
  readonly #now: () => number;
  readonly #pins: Map<string, Pin>;
  /** Pins were lost: what has none is not new but forgotten, and needs a word. */
  readonly #hasLost: boolean;
  /** What was seen last where it differs from the pin. */
  readonly #changes = new Map<string, { readonly change: ToolChange; readonly current: ToolDefinitions }>();
  #writing: Promise<void> = Promise.resolve();

  constructor(stateDir: string, now: () => number) {
    this.#file = join(stateDir, FILE);
    this.#now = now;
    const { pins, hasLost } = readPins(this.#file);
    this.#pins = pins;
    this.#hasLost = hasLost;
  }

  get(key: string): Pin | null {
    return this.#pins.get(key) ?? null;
  }

  /** The pin of one implementation. */
  portOf(key: string): PinPort {
    return {
      accepted: () => this.get(key),
      check: (current) => {
        const change = this.observe(key, current);
        if (change !== null) throw toolChanged(key, change);
        // A failed write is no reason to refuse the call: the pin holds in this process, and `saved` says so.
        if (this.get(key) === null) void this.accept(key, current).catch(() => undefined);
      },
    };
  }

  /** What was seen last and nobody has accepted; null = nothing. */
  changeOf(key: string): ToolChange | null {
    return this.#changes.get(key)?.change ?? null;
  }

  /** The definitions that wait for a person's word: what they would accept; null = none do. */
  waitingOf(key: string): ToolDefinitions | null {
    return this.#changes.get(key)?.current ?? null;
  }

  /** Holds the definitions against those that were accepted, and remembers the difference; null = none, or nothing was accepted yet. */
  observe(key: string, current: ToolDefinitions): ToolChange | null {
    const accepted = this.get(key);
    const change =
      accepted === null
        ? this.#hasLost
          ? compare([], '', current)
          : null
        : accepted.hash === current.hash
          ? null
          : compare(accepted.operations, accepted.hash, current);
    if (change === null) this.#changes.delete(key);
    else this.#changes.set(key, { change, current });
    return change;
  }

  /** Accepts the definitions. Rejects with `file.*` when that cannot be kept. */
  accept(key: string, { operations, hash }: ToolDefinitions): Promise<void> {
    this.#pins.set(key, { operations, hash, at: this.#now() });
    this.#changes.delete(key);
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  /**
   * A person looks at the definitions: the first are accepted, others only with their word, the hash that they saw. `tool.changed` when
   * the word is for other definitions; `file.*`.
   */
  async review(key: string, current: ToolDefinitions, word: string | undefined): Promise<void> {
    const change = this.observe(key, current);
    const acceptedHash = this.get(key)?.hash ?? '';
    if (word !== undefined && word !== current.hash)
      throw toolChanged(key, change ?? { ...NO_CHANGE, acceptedHash, currentHash: current.hash });
    if (acceptedHash !== current.hash && (change === null || word !== undefined)) await this.accept(key, current);
  }

  /** Resolves when everything that was accepted is on disk. Rejects with `file.*`. */
  saved(): Promise<void> {
    return this.#writing;
  }

  #write(): Promise<void> {
    const stored: StoredPins = { version: VERSION, hasLost: this.#hasLost, pins: Object.fromEntries(this.#pins) };
    return writeFileAtomic(this.#file, `${JSON.stringify(stored, null, 2)}\n`, 0o600);
  }
}

const NO_CHANGE = { added: [], removed: [], changed: [] } as const;

/** `tool.changed`, with the change as its details (SPEC §5.3). */
function toolChanged(key: string, change: ToolChange): AppError {
  const [tool = key] = key.split('/');
  return new AppError('tool.changed', `The tool '${tool}' describes itself differently from what was accepted.`, {
    hint: `Look at it with 'aiworkflow tools show ${tool} --refresh', then accept it with --accept ${change.currentHash}.`,
    details: { tool, ...change },
  });
}

function compare(before: readonly ToolOperationInfo[], acceptedHash: string, current: ToolDefinitions): ToolChange {
  const one = (operation: ToolOperationInfo): [string, string] => [operation.name, definitionsHash([operation])];
  const old = new Map(before.map(one));
  const now = new Map(current.operations.map(one));
  return {
    acceptedHash,
    currentHash: current.hash,
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now].filter(([name, hash]) => old.has(name) && old.get(name) !== hash).map(([name]) => name),
  };
}

interface StoredPins {
  readonly version: number;
  readonly hasLost: boolean;
  readonly pins: Readonly<Record<string, Pin>>;
}

function readPins(file: string): { readonly pins: Map<string, Pin>; readonly hasLost: boolean } {
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<StoredPins>;
    const pins = stored.version === VERSION ? Object.entries(stored.pins ?? { none: null }) : [];
    // The hash is what people agreed to: operations that do not belong to it were put there by somebody else.
    const whole = pins.filter((entry): entry is [string, Pin] => isPin(entry[1]));
    const hasLost = stored.version !== VERSION || stored.hasLost === true || whole.length < pins.length;
    return { pins: new Map(whole), hasLost };
  } catch (error) {
    return { pins: new Map(), hasLost: errnoOf(error) !== 'ENOENT' };
  }
}

function isPin(pin: Pin | null): boolean {
  if (!Array.isArray(pin?.operations) || typeof pin.at !== 'number') return false;
  return definitionsHash(pin.operations) === pin.hash;
}
