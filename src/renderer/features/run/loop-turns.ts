import { create } from 'zustand';
import type { LoopTurns, RunView, TurnView } from '../../../shared/contract/index.ts';
import { isFolded, type LoopState, type TurnState } from '../../../shared/model/run.ts';
import { call } from '../../client/bridge.ts';

/** So many turns are asked for at once. */
export const PAGE = 100;
/** While turns change they are asked for again at most this often. */
const AGAIN_MS = 300;

/** A loop with the filter that is on it: what a page is of. */
export const pagesKey = (loop: string, onlyFailed: boolean): string => `${onlyFailed ? 'failed' : 'all'} ${loop}`;

/** What is known of one loop's turns, by their place in the filtered order. */
export interface KnownTurns {
  readonly turns: ReadonlyMap<number, TurnState>;
  readonly total: number;
  readonly spread: LoopTurns['spread'];
}

interface Loaded {
  readonly runId: string | null;
  /** By `pagesKey`. */
  readonly pages: ReadonlyMap<string, KnownTurns>;
  /** What is inside of turns of folded loops, by the path of the turn. */
  readonly inside: ReadonlyMap<string, TurnView>;
}

const NOTHING: Loaded = { runId: null, pages: new Map(), inside: new Map() };

/** The turns of the shown run's loops that somebody has looked at. */
export const useLoopTurns = create<Loaded>()(() => NOTHING);

/** What the screen shows of loops now. */
export interface WantedTurns {
  /** Pages that are in view: `pagesKey` of the loop -> numbers of pages. */
  readonly pages: readonly { readonly loop: string; readonly onlyFailed: boolean; readonly page: number }[];
  /** Turns that are open, or hold the chosen step. */
  readonly inside: readonly string[];
}

/** The loop that a turn belongs to. */
export const loopOfTurn = (turn: string): string => turn.slice(0, turn.lastIndexOf('['));

/** The turns that a path lies in, the outermost first; the path of a turn lies in itself. */
export function turnsAround(path: string): readonly string[] {
  return [...path.matchAll(/\[\d+\]/g)]
    .map((match) => path.slice(0, match.index + match[0].length))
    .filter((turn) => !turn.slice(0, turn.lastIndexOf('[')).endsWith('.call'));
}

/** The view with what is known of the turns in folded loops laid into it. */
export function withTurns(view: RunView, { runId, inside }: Loaded): RunView {
  if (runId !== view.run.runId || inside.size === 0) return view;
  const turns = [...inside.values()];
  return {
    ...view,
    steps: [...view.steps, ...turns.flatMap(({ steps }) => steps)],
    loops: [...view.loops, ...turns.flatMap(({ loops }) => loops)],
  };
}

/**
 * Asks for what the screen shows of loops: at once for what is new, and again, not too often, while the counts of its loop change.
 * What is no longer shown is let go of.
 */
export class TurnLoader {
  readonly #runId: string;
  /** With which counts of its loop each thing was asked for. */
  readonly #asked = new Map<string, LoopState | null>();
  #wanted: WantedTurns = { pages: [], inside: [] };
  #loops: ReadonlyMap<string, LoopState> = new Map();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  constructor(runId: string) {
    this.#runId = runId;
    useLoopTurns.setState({ ...NOTHING, runId });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** `loops`: the counts of all loops that the view knows, those inside of turns too. */
  want(wanted: WantedTurns, loops: readonly LoopState[]): void {
    this.#wanted = wanted;
    this.#loops = new Map(loops.map((loop) => [loop.path, loop]));
    this.#letGo();
    for (const job of this.#jobs()) if (!this.#asked.has(job.key)) void this.#ask(job);
    this.#timer ??= this.#isStale() ? setTimeout(() => this.#askAgain(), AGAIN_MS) : null;
  }

  #askAgain(): void {
    this.#timer = null;
    for (const job of this.#jobs()) if (this.#asked.get(job.key) !== this.#outer(job.loop)) void this.#ask(job);
  }

  #isStale(): boolean {
    return this.#jobs().some((job) => this.#asked.has(job.key) && this.#asked.get(job.key) !== this.#outer(job.loop));
  }

  /** The counts that change with whatever happens in a loop: those of the outermost folded loop around it, or its own. */
  #outer(path: string): LoopState | null {
    const around = [...turnsAround(path).map(loopOfTurn), path];
    const loops = around.flatMap((one) => this.#loops.get(one) ?? []);
    return loops.find(isFolded) ?? loops.at(-1) ?? null;
  }

  #jobs(): readonly Job[] {
    const pages = this.#wanted.pages.map(({ loop, onlyFailed, page }) => ({
      key: `${pagesKey(loop, onlyFailed)} ${page}`,
      loop,
      run: () => this.#askPage(loop, onlyFailed, page),
    }));
    const inside = this.#wanted.inside.map((turn) => ({
      key: turn,
      loop: loopOfTurn(turn),
      run: () => this.#askTurn(turn),
    }));
    return [...pages, ...inside];
  }

  async #ask(job: Job): Promise<void> {
    this.#asked.set(job.key, this.#outer(job.loop));
    try {
      await job.run();
    } catch {
      // The run's own query says what is wrong; the rows stay empty, and are asked for again when something changes.
      this.#asked.set(job.key, null);
    }
  }

  async #askPage(loop: string, onlyFailed: boolean, page: number): Promise<void> {
    const only = onlyFailed ? ({ only: 'failed' } as const) : {};
    const answer = await call('runs.turns', {
      runId: this.#runId,
      path: loop,
      offset: page * PAGE,
      limit: PAGE,
      ...only,
    });
    if (this.#isClosed) return;
    useLoopTurns.setState(({ pages }) => {
      const key = pagesKey(loop, onlyFailed);
      const turns = new Map(pages.get(key)?.turns);
      for (const [at, turn] of answer.turns.entries()) turns.set(page * PAGE + at, turn);
      return { pages: new Map(pages).set(key, { turns, total: answer.total, spread: answer.spread }) };
    });
  }

  async #askTurn(turn: string): Promise<void> {
    const answer = await call('runs.turn', { runId: this.#runId, path: turn });
    if (this.#isClosed || !this.#wanted.inside.includes(turn)) return;
    useLoopTurns.setState(({ inside }) => ({ inside: new Map(inside).set(turn, answer) }));
  }

  /** What is inside of a turn that nobody looks at any more is asked for anew when somebody does. */
  #letGo(): void {
    const { inside } = useLoopTurns.getState();
    const kept = [...inside].filter(([turn]) => this.#wanted.inside.includes(turn));
    if (kept.length === inside.size) return;
    for (const turn of inside.keys()) if (!this.#wanted.inside.includes(turn)) this.#asked.delete(turn);
    useLoopTurns.setState({ inside: new Map(kept) });
  }
}

interface Job {
  readonly key: string;
  readonly loop: string;
  readonly run: () => Promise<void>;
}
