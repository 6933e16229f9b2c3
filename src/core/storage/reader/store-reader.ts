import { Worker } from 'node:worker_threads';
import { AppError, type ErrorRecord } from '../../../shared/errors.ts';
import type { ReaderPlaces, ReaderQuestions } from './reader-questions.ts';

/** What the thread is asked. */
export interface ReaderQuestion {
  readonly id: number;
  readonly name: keyof ReaderQuestions;
  readonly input: unknown;
}

/** What it answers; `bug` = an error that nobody expected, with its stack. */
export type ReaderAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorRecord }
  | { readonly id: number; readonly ok: false; readonly bug: string };

type InputOf<K extends keyof ReaderQuestions> = Parameters<ReaderQuestions[K]> extends [infer I] ? I : undefined;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const closed = (): AppError => new AppError('engine.stopped', 'The project was closed meanwhile.');

/**
 * Reads that take long (sums over all calls, the search over all runs, SQLite's checks), through a second, read-only connection in a
 * thread of its own: the engine goes on meanwhile. The thread begins with the first question and ends with the store. It sees what was
 * committed before it was asked, and writes nothing.
 */
export class StoreReader {
  readonly #places: ReaderPlaces;
  readonly #pending = new Map<number, Pending>();
  #thread: Worker | null = null;
  #nextId = 1;
  #closing: Promise<void> | null = null;

  constructor(places: ReaderPlaces) {
    this.#places = places;
  }

  /** The answer to a question. Errors: those of the question, in the product's words; `engine.stopped` when the store was closed. */
  ask<K extends keyof ReaderQuestions>(name: K, input: InputOf<K>): Promise<Awaited<ReturnType<ReaderQuestions[K]>>> {
    if (this.#closing !== null) return Promise.reject(closed());
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#open().postMessage({ id, name, input } satisfies ReaderQuestion);
    return answer as Promise<Awaited<ReturnType<ReaderQuestions[K]>>>;
  }

  /** Ends the thread; questions that wait hear `engine.stopped`. A check that is under way ends first. */
  close(): Promise<void> {
    this.#closing ??= this.#end(closed());
    return this.#closing;
  }

  #open(): Worker {
    if (this.#thread !== null) return this.#thread;
    const thread = new Worker(entry(), { workerData: this.#places, execArgv: [] });
    thread.on('message', (answer: ReaderAnswer) => this.#hear(answer));
    // The next question begins another one.
    thread.on('error', (error) => void this.#end(error));
    this.#thread = thread;
    return thread;
  }

  #hear(answer: ReaderAnswer): void {
    const pending = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if (answer.ok) pending?.resolve(answer.value);
    else if ('error' in answer) pending?.reject(AppError.fromRecord(answer.error));
    else pending?.reject(new Error(`The reader of the store: ${answer.bug}`));
  }

  async #end(why: unknown): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    for (const { reject } of this.#pending.values()) reject(why);
    this.#pending.clear();
    await thread?.terminate();
  }
}

/** Beside this file, where it runs from source and where it was built to. */
function entry(): URL {
  return new URL(`./reader-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
