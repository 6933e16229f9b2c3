import { AppError } from '../../../shared/errors.ts';
import type { RunEvent, StoredEvent } from '../../../shared/model/events.ts';
import type { LogLine } from '../../../shared/model/run.ts';
import type { Block } from './search-blocks.ts';
import { type SearchText, textsOfEvent } from './search-texts.ts';

/** A place of a run that can be found. */
export interface PlacedText extends SearchText {
  readonly line: number | null;
  readonly at: number;
}

/** Where runs are read from. */
interface RunTextSources {
  readonly readEvents: (runId: string, afterSeq: number, count: number) => readonly StoredEvent<RunEvent>[];
  readonly readLines: (runId: string, afterLine: number, count: number) => readonly LogLine[];
}

/** Reads what can be found in runs where it stands. Secrets are in it still: whoever shows or keeps it takes them out. */
export class RunTexts {
  readonly #sources: RunTextSources;

  constructor(sources: RunTextSources) {
    this.#sources = sources;
  }

  /** Everything in a stretch of a run, in the order in which it is stored. */
  inBlock(runId: string, { afterSeq, toSeq, afterLine, toLine }: Block): readonly PlacedText[] {
    const events = toSeq > afterSeq ? this.ofEvents(runId, afterSeq, toSeq - afterSeq) : [];
    const lines = toLine > afterLine ? this.ofLines(runId, afterLine, toLine - afterLine) : [];
    return [...events.flatMap(({ texts }) => texts), ...lines];
  }

  /** Texts of events, each with its number. */
  ofEvents(
    runId: string,
    afterSeq: number,
    count: number,
  ): readonly { readonly seq: number; readonly texts: readonly PlacedText[] }[] {
    return nothingWhereDamaged(() =>
      this.#sources.readEvents(runId, afterSeq, count).map(({ seq, at, event }) => ({
        seq,
        texts: textsOfEvent(event).map((one) => ({ ...one, line: null, at })),
      })),
    );
  }

  ofLines(runId: string, afterLine: number, count: number): readonly PlacedText[] {
    return nothingWhereDamaged(() => this.#sources.readLines(runId, afterLine, count).map(lineText));
  }
}

/** A line as it can be found. */
export const lineText = ({ line, at, path, text }: LogLine): PlacedText => ({ field: 'log', path, line, at, text });

/** Of events and lines that are damaged nothing is found: the page of the run and the doctor say so. */
export function nothingWhereDamaged<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && error.code === 'store.corrupt') return [];
    throw error;
  }
}
