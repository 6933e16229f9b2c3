import type { Logger } from 'pino';
import { logFiles, RotatingFile } from './rotating-file.ts';
import { scrub } from './scrub.ts';

/** How much a line matters; `logging.level` (SPEC §14) says from which on lines are kept. */
export type AppLogLevel = 'debug' | 'info' | 'warning' | 'error';

/** Who writes: which host, which version, for which user. */
export interface AppLogPlace {
  readonly userDataDir: string;
  readonly door: string;
  readonly version: string;
}

type Details = Readonly<Record<string, unknown>>;

interface Line {
  readonly level: AppLogLevel;
  readonly message: string;
  readonly details: Details;
}

const METHODS = { debug: 'debug', info: 'info', warning: 'warn', error: 'error' } as const;
/** What waits while nobody has said where the log is, or the library behind it is loaded. */
const MOST_WAITING = 200;
/** A process has few projects open at a time; one that was left has nothing more to say. */
const MOST_REDACTORS = 4;

/**
 * The log of the app in this process: what hosts and the control center have to say about themselves, for whoever looks for the cause of a
 * problem. One JSON value a line, rotating, for this user alone, without secrets. The library behind it is loaded with the first line.
 */
export class AppLog {
  #place: AppLogPlace | null = null;
  #logger: Logger | null = null;
  #loading: Promise<void> | null = null;
  #level: AppLogLevel = 'info';
  #waiting: Line[] = [];
  #redactors: readonly ((text: string) => string)[] = [];

  /** From now on lines are written there; those that wait too. A second place is ignored: a process has one log. */
  open(place: AppLogPlace): void {
    this.#place ??= place;
    if (this.#waiting.length > 0) this.#load();
  }

  /** The file that lines are written to; null = none yet. */
  get file(): string | null {
    return this.#place === null ? null : (logFiles(this.#place.userDataDir)[0] ?? null);
  }

  set level(level: AppLogLevel) {
    this.#level = level;
    if (this.#logger !== null) this.#logger.level = METHODS[level];
  }

  /** Takes secrets out of whatever is written from now on, with those who did so last. */
  redactWith(redact: (text: string) => string): void {
    this.#redactors = [...this.#redactors.slice(1 - MOST_REDACTORS), redact];
  }

  info(message: string, details: Details = {}): void {
    this.#write('info', message, details);
  }

  warning(message: string, details: Details = {}): void {
    this.#write('warning', message, details);
  }

  /** What nobody expected, with its stack. */
  error(message: string, thrown: unknown, details: Details = {}): void {
    const said = thrown instanceof Error ? { error: thrown.message, stack: thrown.stack } : { error: String(thrown) };
    this.#write('error', message, { ...details, ...said });
  }

  /** Resolves when all that was said is in the file. */
  async flush(): Promise<void> {
    await this.#loading;
  }

  #write(level: AppLogLevel, message: string, details: Details): void {
    const line = { level, message, details };
    if (this.#logger !== null) this.#put(this.#logger, line);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(line);
    if (this.#place !== null) this.#load();
  }

  #load(): void {
    this.#loading ??= this.#begin().catch(() => {
      // Without its library there is no log; nothing else is worse for it.
      this.#waiting = [];
    });
  }

  async #begin(): Promise<void> {
    const { pino } = await import('pino');
    const { userDataDir, door, version } = this.#place as AppLogPlace;
    const file = new RotatingFile(userDataDir);
    this.#logger = pino(
      {
        level: METHODS[this.#level],
        base: { pid: process.pid, door, version },
        timestamp: pino.stdTimeFunctions.isoTime,
        messageKey: 'message',
        formatters: { level: (label) => ({ level: label === 'warn' ? 'warning' : label }) },
      },
      { write: (text) => file.append(text) },
    );
    for (const line of this.#waiting) this.#put(this.#logger, line);
    this.#waiting = [];
  }

  #put(logger: Logger, { level, message, details }: Line): void {
    logger[METHODS[level]](this.#clean(details), this.#clean(message) as string);
  }

  #clean(value: unknown): unknown {
    if (typeof value === 'string') return this.#redactors.reduce((text, redact) => redact(text), scrub(value));
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item) => this.#clean(item));
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.#clean(field)]));
  }
}

/** The one of this process. */
export const appLog = new AppLog();
