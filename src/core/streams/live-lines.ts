import { createLineSplitter } from './log-lines.ts';

/** SPEC §5.2: a line that is not finished after this long is shown as it is. */
const UNFINISHED_MS = 1000;
/** A line that is written again and again is shown this often at most. */
const STATE_MS = 250;
/** Of one stream: as many lines are handed on as they come, and as many of those that follow are kept for its end. */
const HEAD_LINES = 900_000;
const TAIL_LINES = 100_000;
/** The same in characters: no line is short by law. */
const HEAD_CHARS = 128 * 1024 * 1024;
const TAIL_CHARS = 8 * 1024 * 1024;

export interface LiveLinesPorts {
  readonly onLines: (lines: string[]) => void;
  /** The line that goes on reads so now; the next finished line takes its place. */
  readonly onOpen: (text: string) => void;
  /** Starts a timer; gives the way to stop it. */
  readonly setTimer: (ms: number, callback: () => void) => () => void;
  readonly limits?: { readonly headLines: number; readonly tailLines: number };
}

/** One stream of a process as lines for people who watch: whole lines at once, what goes on as it stands, never without measure. */
export class LiveLines {
  readonly #ports: LiveLinesPorts;
  readonly #splitter = createLineSplitter();
  readonly #headLines: number;
  readonly #tailLines: number;
  #handedOn = 0;
  #handedOnChars = 0;
  #tail: string[] = [];
  #tailChars = 0;
  #leftOut = 0;
  /** What is shown of the line that goes on. */
  #shown: string | null = null;
  #stopTimer: (() => void) | null = null;

  constructor(ports: LiveLinesPorts) {
    this.#ports = ports;
    this.#headLines = ports.limits?.headLines ?? HEAD_LINES;
    this.#tailLines = ports.limits?.tailLines ?? TAIL_LINES;
  }

  push(chunk: Buffer): void {
    const lines = this.#splitter.push(chunk);
    if (lines.length > 0) this.#stopWatching();
    this.#take(lines);
    this.#watchOpen();
  }

  /** The stream has ended. Where lines were left out, a line says so, and the last ones follow. */
  end(): void {
    this.#take(this.#splitter.end());
    this.#stopWatching();
    if (this.#tail.length === 0) return;
    const gap = this.#leftOut === 0 ? [] : [`[${this.#leftOut} lines are left out here]`];
    this.#ports.onLines([...gap, ...this.#tail]);
    this.#tail = [];
  }

  #take(lines: string[]): void {
    if (lines.length === 0) return;
    const room = this.#handedOnChars > HEAD_CHARS ? 0 : this.#headLines - this.#handedOn;
    const live = lines.length <= room ? lines : lines.slice(0, room);
    if (live.length > 0) {
      this.#handedOn += live.length;
      for (const line of live) this.#handedOnChars += line.length;
      this.#shown = null;
      this.#ports.onLines(live);
    }
    for (const line of lines.slice(live.length)) this.#hold(line);
  }

  /** Beyond what is shown as it comes: the last lines are kept. */
  #hold(line: string): void {
    if (this.#tail.length === 0 && this.#leftOut === 0) {
      this.#handedOn = this.#headLines;
      this.#handedOnChars = HEAD_CHARS + 1;
      this.#ports.onOpen('[more lines follow than are shown live: the last of them come at the end]');
    }
    this.#tail.push(line);
    this.#tailChars += line.length;
    // Thinned out in large steps: taking one line from the front each time would cost the square of their number.
    if (this.#tail.length < 2 * this.#tailLines && this.#tailChars < 2 * TAIL_CHARS) return;
    let from = Math.max(0, this.#tail.length - this.#tailLines);
    let chars = 0;
    for (let at = this.#tail.length - 1; at >= from; at -= 1) {
      chars += this.#tail[at]?.length ?? 0;
      if (chars > TAIL_CHARS) from = at + 1;
    }
    this.#leftOut += from;
    this.#tail = this.#tail.slice(from);
    this.#tailChars = this.#tail.reduce((sum, one) => sum + one.length, 0);
  }

  #watchOpen(): void {
    const open = this.#handedOn >= this.#headLines ? null : this.#splitter.open();
    if (open === null) this.#stopWatching();
    else if (this.#stopTimer === null && open.text !== this.#shown) {
      const ms = open.hasStates || this.#shown !== null ? STATE_MS : UNFINISHED_MS;
      this.#stopTimer = this.#ports.setTimer(ms, () => this.#show());
    }
  }

  #stopWatching(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #show(): void {
    this.#stopTimer = null;
    const open = this.#splitter.open();
    if (open === null || open.text === this.#shown) return;
    this.#shown = open.text;
    this.#ports.onOpen(open.text);
  }
}
