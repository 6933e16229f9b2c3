import { join } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import type { ToolChange, ToolChangeDetail } from '../../../../shared/model/tool.ts';
import type { PinPort, ToolDefinitions } from '../../registry-port.ts';
import { compareDefinitions, compareOperations } from './compare-definitions.ts';
import { type Pin, readPins, writePins } from './stored-pins.ts';

const FILE = 'tool-pins.json';

/**
 * What tools were accepted to say about themselves (SPEC §5.3) and what else they said since then, in `<stateDir>/tool-pins.json`
 * (0600). Reading touches nothing but this file; the first write makes it. A file that cannot be read accepts nothing by itself: every
 * tool asks anew.
 */
export class PinStore {
  readonly #file: string;
  readonly #now: () => number;
  readonly #pins: Map<string, Pin>;
  readonly #hasLost: boolean;
  /** What was seen last where it differs from the pin: kept, for whoever looks next starts no tool to find out. */
  readonly #waiting: Map<string, ToolDefinitions>;
  #writing: Promise<void> = Promise.resolve();

  constructor(stateDir: string, now: () => number) {
    this.#file = join(stateDir, FILE);
    this.#now = now;
    const { pins, waiting, hasLost } = readPins(this.#file);
    this.#pins = new Map(pins);
    this.#hasLost = hasLost;
    this.#waiting = new Map([...waiting].filter(([key, one]) => this.#compare(key, one) !== null));
  }

  get(key: string): Pin | null {
    return this.#pins.get(key) ?? null;
  }

  /** The pin of one implementation. */
  portOf(key: string): PinPort {
    return {
      accepted: () => this.get(key),
      lastSeen: () => this.waitingOf(key) ?? this.get(key),
      check: (current) => {
        const change = this.observe(key, current);
        if (change !== null) throw toolChanged(key, change);
        // A failed write is no reason to refuse the call: the pin holds in this process, and `saved` says so.
        if (this.get(key) === null) void this.accept(key, current).catch(() => undefined);
      },
    };
  }

  /** Whether something was seen last that nobody has accepted. */
  isChanged(key: string): boolean {
    return this.#waiting.has(key);
  }

  /** What was accepted and what waits for a person's word; null = nothing waits. */
  changeOf(key: string): ToolChangeDetail | null {
    const current = this.#waiting.get(key);
    const change = current === undefined ? null : this.#compare(key, current);
    if (current === undefined || change === null) return null;
    return { ...change, operations: compareOperations(change, this.get(key), current) };
  }

  /** The definitions that wait for a person's word: what they would accept; null = none do. */
  waitingOf(key: string): ToolDefinitions | null {
    return this.#waiting.get(key) ?? null;
  }

  /** Holds the definitions against those that were accepted, and remembers the difference; null = none, or nothing was accepted yet. */
  observe(key: string, current: ToolDefinitions): ToolChange | null {
    const change = this.#compare(key, current);
    const wanted = change === null ? undefined : current;
    this.#noteLeftOut(key, current);
    if (this.#waiting.get(key)?.hash === wanted?.hash) return change;
    if (wanted === undefined) this.#waiting.delete(key);
    else this.#waiting.set(key, wanted);
    // What cannot be kept still holds in this process, and is seen again by the next that uses the tool.
    void this.#save().catch(() => undefined);
    return change;
  }

  /** Accepts the definitions. Rejects with `file.*` when that cannot be kept. */
  accept(key: string, { operations, hash, leftOut }: ToolDefinitions): Promise<void> {
    this.#pins.set(key, { operations, hash, at: this.#now(), ...(leftOut === undefined ? {} : { leftOut }) });
    this.#waiting.delete(key);
    return this.#save();
  }

  /** What cannot be used is no part of what was accepted: it is kept as it was told last. */
  #noteLeftOut(key: string, { hash, leftOut }: ToolDefinitions): void {
    const pin = this.get(key);
    if (pin?.hash !== hash || JSON.stringify(pin.leftOut) === JSON.stringify(leftOut)) return;
    const { leftOut: _, ...accepted } = pin;
    this.#pins.set(key, leftOut === undefined ? accepted : { ...accepted, leftOut });
    void this.#save().catch(() => undefined);
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

  /** Resolves when everything that was accepted and seen is on disk. Rejects with `file.*`. */
  saved(): Promise<void> {
    return this.#writing;
  }

  /** null = as accepted, or the first that is seen. */
  #compare(key: string, current: ToolDefinitions): ToolChange | null {
    const accepted = this.get(key);
    return accepted === null && !this.#hasLost ? null : compareDefinitions(accepted, current);
  }

  #save(): Promise<void> {
    const write = (): Promise<void> =>
      writePins(this.#file, { pins: this.#pins, waiting: this.#waiting, hasLost: this.#hasLost });
    this.#writing = this.#writing.catch(() => undefined).then(write);
    return this.#writing;
  }
}

const NO_CHANGE = { added: [], removed: [], changed: [] } as const;

/** `tool.changed`, with the change as its details (SPEC §5.3). */
function toolChanged(key: string, change: ToolChange): AppError {
  const [tool = key] = key.split('/');
  return new AppError('tool.changed', `The tool '${tool}' describes itself differently from what was accepted.`, {
    hint: `Look at it with 'aiworkflow tools show ${tool}', then accept it with 'aiworkflow tools show ${tool} --refresh --accept ${change.currentHash}'.`,
    details: { tool, ...change },
  });
}
