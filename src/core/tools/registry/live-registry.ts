import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { fileStamp } from '../file-stamp.ts';
import { createRateLimiter, type RateLimiter } from './calls/rate-limit.ts';
import { putToUse, type ToolInUse } from './calls/tool-in-use.ts';
import { type RegistryReading, readRegistry } from './file/read-registry.ts';
import type { RegistryEntry } from './file/registry-entry.ts';
import { openImplementation, type Slot, watchedFiles } from './implementations/open-implementation.ts';
import type { ToolParts } from './implementations/opened-implementation.ts';
import { readSettingsText, showProjectPath } from './implementations/path-rules.ts';
import { rankImplementations } from './implementations/rank-implementations.ts';

/** An entry with its implementations, those that the agent can use, the best first. */
export interface ListedTool {
  readonly entry: RegistryEntry;
  readonly slots: readonly Slot[];
}

interface Made {
  readonly inUse: ToolInUse;
  /** What it was made of: the entry as written, and its files as they were. */
  readonly stamp: string;
}

const NOTHING: RegistryReading = { entries: [], categories: {}, problems: [] };

/**
 * The registry as it lies on disk now, and the tools that were made of it. A tool whose entry and files stay the same stays the same
 * tool, so that its server lives on; what changed is made anew and the old one closed behind it.
 */
export class LiveRegistry {
  readonly #parts: ToolParts;
  readonly #typePriority: readonly string[];
  readonly #made = new Map<string, Made>();
  readonly #limiters = new Map<string, { readonly limit: string; readonly limiter: RateLimiter }>();
  /** Replaced, and still at work. */
  readonly #leaving = new Set<ToolInUse>();
  #reading: RegistryReading = NOTHING;
  #stamp: string | null = null;

  constructor(parts: ToolParts, typePriority: readonly string[]) {
    this.#parts = parts;
    this.#typePriority = typePriority;
  }

  /** False where the project has no registry. */
  get hasRegistry(): boolean {
    return this.#stamp !== null && this.#stamp !== '';
  }

  /** What is wrong with the registry file itself. */
  get problems(): readonly Diagnostic[] {
    return this.#reading.problems;
  }

  /** Reads what has changed on disk; true when something had. Cheap when nothing did: it looks at the files' dates. */
  freshen(): boolean {
    const stamp = fileStamp(this.#parts.registryFile);
    const isSame = stamp === this.#stamp;
    if (!isSame) {
      this.#stamp = stamp;
      this.#reading = stamp === '' ? NOTHING : this.#read();
    }
    return this.#dropStale() || !isSame;
  }

  /** All entries in file order. */
  list(agent?: string): readonly ListedTool[] {
    return this.#reading.entries.map((entry) => this.#toListedTool(entry, agent));
  }

  find(name: string): ListedTool | null {
    const entry = this.#reading.entries.find((one) => one.name === name);
    return entry === undefined ? null : this.#toListedTool(entry);
  }

  /** The tool of an implementation, made when it is asked for the first time. */
  toolOf(slot: Slot): ToolInUse {
    const made = this.#made.get(slot.pinKey);
    if (made !== undefined) return made.inUse;
    const stamp = this.#slotStamp(slot);
    const tokenEnv = slot.entry.authentication?.tokenEnv ?? null;
    const login = (): string => (tokenEnv === null ? '' : (this.#parts.hostEnv[tokenEnv] ?? ''));
    const fingerprint = (): string =>
      createHash('sha256')
        .update(JSON.stringify([stamp, login()]))
        .digest('hex');
    const { requireUse } = this.#parts;
    const guards = { limiter: this.#limiterOf(slot.entry), requireUse };
    const inUse = putToUse(openImplementation(slot, this.#parts), guards, fingerprint);
    this.#made.set(slot.pinKey, { inUse, stamp });
    return inUse;
  }

  /** Closes all tools at once, whatever they are doing. */
  async close(): Promise<void> {
    const all = [...[...this.#made.values()].map((made) => made.inUse), ...this.#leaving];
    this.#made.clear();
    await Promise.all(all.map(({ tool }) => tool.close()));
  }

  #read(): RegistryReading {
    const { projectPath, registryFile } = this.#parts;
    const file = showProjectPath(projectPath, registryFile);
    try {
      return readRegistry(file, readSettingsText(registryFile));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { ...NOTHING, problems: [{ severity: 'error', code: error.code, message: error.message, file }] };
    }
  }

  #toListedTool(entry: RegistryEntry, agent?: string): ListedTool {
    const counts = new Map<string, number>();
    const slots = entry.implementations.map((implementation) => {
      const count = (counts.get(implementation.type) ?? 0) + 1;
      counts.set(implementation.type, count);
      const suffix = count === 1 ? '' : `#${count}`;
      return { entry, implementation, pinKey: `${entry.name}/${implementation.type}${suffix}` };
    });
    const ranked = rankImplementations(
      slots.map((slot) => ({ ...slot.implementation, slot })),
      this.#typePriority,
      agent,
    );
    return { entry, slots: ranked.map(({ slot }) => slot) };
  }

  #dropStale(): boolean {
    const slots = new Map(this.list().flatMap((one) => one.slots.map((slot) => [slot.pinKey, slot] as const)));
    const stale = [...this.#made].filter(([key, { stamp }]) => {
      const slot = slots.get(key);
      return slot === undefined || this.#slotStamp(slot) !== stamp;
    });
    for (const [key] of stale) this.#drop(key);
    return stale.length > 0;
  }

  #drop(key: string): void {
    const inUse = this.#made.get(key)?.inUse;
    if (inUse === undefined) return;
    this.#made.delete(key);
    this.#leaving.add(inUse);
    const left = (): boolean => this.#leaving.delete(inUse);
    // A tool that cannot be closed in an orderly way is nobody's business any more.
    inUse.retire().then(left, left);
  }

  #slotStamp(slot: Slot): string {
    const { place: _, ...entry } = slot.entry;
    const { place: __, ...implementation } = slot.implementation;
    const written = JSON.stringify([{ ...entry, implementations: implementation }]);
    return [written, ...watchedFiles(slot, this.#parts).map(fileStamp)].join('\n');
  }

  /** One bucket a tool, whatever it is made of and however often it is made anew. */
  #limiterOf({ name, rateLimit }: RegistryEntry): RateLimiter | null {
    if (rateLimit === null) return null;
    const limit = JSON.stringify(rateLimit);
    const known = this.#limiters.get(name);
    if (known?.limit === limit) return known.limiter;
    const limiter = createRateLimiter(name, rateLimit, this.#parts.ports);
    this.#limiters.set(name, { limit, limiter });
    return limiter;
  }
}
