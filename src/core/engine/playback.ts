import { AppError, type ErrorRecord } from '../../shared/errors.ts';
import { canonicalJson, isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import type { Asked, RecordedAnswer, RecordedExchange, RunReplay } from '../../shared/model/cassette.ts';
import type { WaitpointOpened } from '../../shared/model/events.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import type { ToolResult } from '../tool-port/index.ts';
import { endsOf, PlaybackTurns } from './playback-turns.ts';
import type { EnginePorts } from './ports.ts';
import type { RunState, StepRecord } from './run-state.ts';

/** Said of every step whose end came from a recording. */
export const REPLAYED: JsonMap = { replayed: true };

/** What a run shows of itself to templates. */
export interface RecordedNames {
  readonly run: JsonMap;
  readonly trigger: JsonMap;
}

/** What is told to a person of a difference, at most; the rest is in the arguments of the step. */
const MOST_SHOWN_CHARS = 64 * 1024;

/**
 * Answers a run from a recording (SPEC §3.9): by the path of the step, how many of its attempts have ended, and what it asks. A
 * pure look-up: after a crash the same state gives the same answers.
 */
export class Playback {
  readonly names: RecordedNames;
  /** Nothing is done for real. */
  readonly isWhole: boolean;
  /** What is answered comes in the order in which it came. */
  readonly turns: PlaybackTurns;
  readonly #replay: RunReplay;
  readonly #steps: ReadonlyMap<string, { readonly now: number; readonly ms: number | null }>;
  readonly #exchanges: ReadonlyMap<string, readonly RecordedExchange[]>;
  /** Paths of steps that began before the first one that is done for real; null = all of them. */
  readonly #before: ReadonlySet<string> | null;
  readonly #clean: <T>(value: T) => T;

  /** `clean` takes secrets out as it was done for the recording. */
  constructor(replay: RunReplay, clean: <T>(value: T) => T) {
    const { tape, from } = replay;
    this.#replay = replay;
    this.#clean = clean;
    this.isWhole = from === null;
    this.names = this.#part(tape.start.names) as unknown as RecordedNames;
    this.#steps = new Map(tape.steps.map(({ path, now, ms }) => [path, { now, ms }]));
    const answered = tape.exchanges.filter(({ role }) => role !== 'call');
    this.#exchanges = Map.groupBy(answered, ({ path }) => path);
    const first = tape.steps.findIndex(({ path }) => path === from);
    this.#before = from === null ? null : new Set(tape.steps.slice(0, first).map(({ path }) => path));
    this.turns = new PlaybackTurns(answered.filter(({ path }) => this.covers(path)));
  }

  /** True until the first step that is done for real has begun: until then nobody waits for a clock. */
  rushes({ steps }: Pick<RunState, 'steps'>): boolean {
    const { from } = this.#replay;
    return from === null || steps.get(from) === undefined;
  }

  /** What the run says of itself where it ended because its time was up. */
  get lastWord(): string | null {
    return this.#replay.tape.expect.error;
  }

  /** Who took over from the agent whose attempt is about to end; null = nobody did. */
  tookOver(record: StepRecord): string | null {
    const answer = this.#find(record.path, record)?.answer;
    return answer?.status === 'failed' ? answer.to : null;
  }

  /** Whether the step is answered from the recording, or refused; else it is done for real. */
  covers(path: string): boolean {
    return this.#before === null || this.#before.has(undoneBy(path) ?? path);
  }

  /** The value of `now` that the step saw; undefined = it is not in the recording, or done for real. */
  nowOf(path: string, record: StepRecord | undefined): number | undefined {
    if (!this.covers(path)) return undefined;
    return this.#find(path, record)?.now ?? this.#steps.get(path)?.now;
  }

  /** How long the step took; undefined = nobody knows, or it is done for real. */
  msOf(path: string): number | null | undefined {
    return this.covers(path) ? this.#steps.get(path)?.ms : undefined;
  }

  /** What came of the call, once it is its turn. Errors: that which was recorded, `cassette.drift`; whatever comes after `signal`. */
  async answer(path: string, record: StepRecord | undefined, asked: Asked, signal: AbortSignal): Promise<ToolResult> {
    const exchange = this.#find(path, record);
    // Nothing was done, so there is nothing to undo.
    if (exchange === undefined && undoneBy(path) !== null) return { output: null, metadata: REPLAYED };
    if (exchange !== undefined) await this.turns.of({ path, nth: endsOf(record) }, signal);
    const drift = this.#driftOf(path, exchange, asked);
    if (drift !== null) throw drift;
    const { answer } = exchange as RecordedExchange;
    if (answer.status === 'failed') throw this.#error(answer);
    if (answer.status !== 'completed') throw this.#drift(path, 'unexpected', asked);
    const metadata = answer.metadata === null ? {} : this.#part(answer.metadata);
    return { output: this.#part(answer.output), metadata: { ...(isJsonMap(metadata) ? metadata : {}), ...REPLAYED } };
  }

  /** Why a step that is to rest asks something else than was recorded; null = it does not. */
  restDrift(record: StepRecord | undefined, kind: string, opened: WaitpointOpened): AppError | null {
    return this.#driftOf(opened.path, this.#find(opened.path, record), askedOfRest(kind, opened));
  }

  /** What a resting step came to; null = it is not answered, or its turn has not come (`turns` knows of it then). */
  restOf(record: StepRecord): PlayedRest | null {
    const { path } = record;
    const exchange = this.#find(path, record);
    if (exchange === undefined || !this.turns.isOf({ path, nth: endsOf(record) })) return null;
    const { answer, by = 'time', decided } = exchange;
    const came = { by, ...(decided === undefined ? {} : { status: decided }) };
    if (answer.status === 'called_off')
      return { ...came, end: { status: 'failed', error: this.#drift(path, 'unexpected') } };
    if (answer.status === 'reopened') return { ...came, end: answer };
    if (answer.status === 'failed') return { ...came, end: { status: 'failed', error: this.#error(answer) } };
    return { ...came, end: { status: 'completed', output: this.#part(answer.output) } };
  }

  #part(hash: string): Json {
    return this.#replay.tape.parts[hash] ?? null;
  }

  #error(answer: Extract<RecordedAnswer, { status: 'failed' }>): AppError {
    return AppError.fromRecord(this.#part(answer.error) as unknown as ErrorRecord);
  }

  #find(path: string, record: StepRecord | undefined): RecordedExchange | undefined {
    return this.#exchanges.get(path)?.[endsOf(record)];
  }

  #driftOf(path: string, exchange: RecordedExchange | undefined, asked: Asked): AppError | null {
    if (exchange === undefined) return this.#drift(path, 'unexpected', asked);
    const clean = this.#clean(asked);
    return canonicalJson(clean) === canonicalJson(this.#part(exchange.asked))
      ? null
      : this.#drift(path, 'changed', clean, exchange);
  }

  #drift(path: string, kind: 'changed' | 'unexpected', asked?: Asked, exchange?: RecordedExchange): AppError {
    const clean = asked === undefined ? undefined : this.#clean(asked);
    const isShown = clean !== undefined && canonicalJson(clean).length <= MOST_SHOWN_CHARS;
    const text =
      kind === 'changed' ? `'${path}' asks something else than was recorded.` : `'${path}' is not in the recording.`;
    return new AppError('cassette.drift', text, {
      hint: 'Look at the difference. If it is wanted, record a run of the workflow as it is now.',
      details: {
        ...{ path, kind, expected: exchange?.asked ?? null },
        ...(isShown ? { asked: clean as unknown as JsonMap } : {}),
      },
    });
  }
}

/** The instant so much later, UTC ms; whoever is answered from a recording need not wait for the answer. */
export const instantAfter = (
  path: string,
  ms: number,
  { playback, ports }: { readonly playback?: Playback; readonly ports: Pick<EnginePorts, 'now'> },
): number => Math.round(ports.now() + (playback?.covers(path) === true ? 0 : ms));

/** How a step that rested ended. */
export interface PlayedRest extends Pick<RecordedExchange, 'by'> {
  readonly by: NonNullable<RecordedExchange['by']>;
  readonly status?: NonNullable<RecordedExchange['decided']>;
  readonly end:
    | { readonly status: 'completed'; readonly output: Json }
    | { readonly status: 'failed'; readonly error: AppError }
    | Extract<RecordedAnswer, { status: 'reopened' }>;
}

/** What a step that rests asks: the words of the question, the run that it starts, or where it listens. */
export function askedOfRest(kind: string, { approval, child, awaits }: WaitpointOpened): Asked {
  const inputs: JsonMap =
    approval !== undefined
      ? {
          title: approval.title,
          description: approval.description,
          approvers: approval.approvers,
          min_approvals: approval.minApprovals,
        }
      : child !== undefined
        ? { workflow: child.workflowPath, inputs: child.inputs }
        : awaits === undefined
          ? {}
          : { event: awaits };
  return { action: kind, agent: null, inputs };
}
