import type { Json } from '../../shared/json.ts';
import type { AttemptRecord, StepRecord } from './run-state.ts';

/** What the steps of one name in the turns of a loop have in common, once they have simply completed. */
interface SettledShape extends Pick<StepRecord, 'kind' | 'index' | 'name' | 'effect' | 'calls' | 'variable'> {
  readonly agent: AttemptRecord['agent'];
  /** The path behind that of its frame. */
  readonly tail: string;
}

const NONE: readonly never[] = [];

/** A step that was just looked at for the first time. */
export const newStepRecord = (
  place: Pick<StepRecord, 'path' | 'frame' | 'order' | 'kind' | 'index' | 'name' | 'isCall'>,
): StepRecord => ({
  path: place.path,
  frame: place.frame,
  order: place.order,
  kind: place.kind,
  index: place.index,
  name: place.name,
  block: null,
  waitpoint: null,
  revision: null,
  isCall: place.isCall,
  effect: 'pure',
  calls: null,
  variable: null,
  status: 'pending',
  attempt: 0,
  failures: 0,
  attempts: NONE,
  endedWithoutAttempt: null,
  now: null,
  output: null,
  error: null,
  retryAt: null,
  renewal: 'none',
  fallbackUsed: false,
  fallbackPending: false,
  skipReason: null,
  warnings: NONE,
  startedAt: null,
  completedAt: null,
  metadata: null,
  spending: null,
});

/**
 * A step in a turn that is through, in a fifth of what its record takes: it completed at its first attempt and nothing else is to be said
 * of it. Instants are kept as distances, which are small numbers.
 */
class SettledStep {
  readonly shape: SettledShape;
  readonly output: Json;
  readonly order: number;
  readonly startedAfter: number;
  readonly nowAfter: number;
  readonly tookMs: number;
  readonly startPosition: number;
  readonly positions: number;

  constructor(shape: SettledShape, { output, order, now }: StepRecord, attempt: EndedAttempt, since: number) {
    const { startedAt, completedAt, startPosition, endPosition } = attempt;
    this.shape = shape;
    this.output = output;
    this.order = order;
    this.startedAfter = startedAt - since;
    this.nowAfter = (now ?? startedAt) - startedAt;
    this.tookMs = completedAt - startedAt;
    this.startPosition = startPosition;
    this.positions = endPosition - startPosition;
  }

  toRecord(path: string, since: number): StepRecord {
    const { tail, agent, ...shared } = this.shape;
    const startedAt = since + this.startedAfter;
    const completedAt = startedAt + this.tookMs;
    const { startPosition, positions, order, output } = this;
    const frame = path.slice(0, -tail.length);
    const record = newStepRecord({ ...shared, path, frame, order, isCall: false });
    const { effect, calls, variable } = shared;
    Object.assign(record, { effect, calls, variable, output, startedAt, completedAt, status: 'completed', attempt: 1 });
    record.now = startedAt + this.nowAfter;
    const endPosition = startPosition + positions;
    const ended = { startedAt, startPosition, completedAt, endPosition };
    record.attempts = [{ attempt: 1, role: 'main', ...ended, status: 'completed', error: null, agent }];
    return record;
  }
}

/** Whether a step lies in the turn of a loop. */
export const liesIn = (place: string, turn: string): boolean => place.startsWith(`${turn}.`);

type EndedAttempt = AttemptRecord & { readonly completedAt: number; readonly endPosition: number };

/** The one attempt of a step of which nothing is to be said but that it completed; null = there is more. */
function onlyAttemptOf(record: StepRecord): EndedAttempt | null {
  const [attempt] = record.attempts;
  if (attempt === undefined || record.attempts.length > 1 || record.attempt !== 1 || record.status !== 'completed')
    return null;
  const { startedAt, completedAt, endPosition } = attempt;
  const isWhole = [startedAt, completedAt, endPosition, record.now].every(Number.isSafeInteger);
  if (!isWhole || startedAt !== record.startedAt || completedAt !== record.completedAt) return null;
  if (attempt.attempt !== 1 || attempt.role !== 'main' || attempt.status !== 'completed' || attempt.error !== null)
    return null;
  const rest = [record.block, record.waitpoint, record.revision, record.endedWithoutAttempt, record.error];
  const more = [record.retryAt, record.skipReason, record.metadata, record.spending];
  const isPlain = [...rest, ...more].every((one) => one === null) && record.warnings.length === 0;
  const isFirst = record.failures === 0 && record.renewal === 'none' && !record.fallbackUsed && !record.fallbackPending;
  return isPlain && isFirst ? (attempt as EndedAttempt) : null;
}

/**
 * The steps of a run by path, in the order in which they were looked at first. Of a loop's turn that is through what simply completed is
 * kept in few bytes. Whoever reads a record gets it whole; only one that was asked for by `open` or `openIn` can be changed.
 */
export class StepTable {
  readonly #steps = new Map<string, StepRecord | SettledStep>();
  /** By turn, while it is not through. */
  readonly #inside = new Map<string, StepRecord[]>();
  /** By index: steps of the same place in the workflow, whatever their turn. */
  readonly #shapes = new Map<number, SettledShape>();
  /** What instants are counted from. */
  #since: number | null = null;

  get size(): number {
    return this.#steps.size;
  }

  /** To be read alone: one that is settled does not take what is written to it. */
  get(path: string): Readonly<StepRecord> | undefined {
    const step = this.#steps.get(path);
    return step instanceof SettledStep ? this.#read(path, step) : step;
  }

  /** To be changed. */
  open(path: string): StepRecord | undefined {
    const step = this.#steps.get(path);
    if (!(step instanceof SettledStep)) return step;
    const record = step.toRecord(path, this.#since ?? 0);
    this.#steps.set(path, record);
    return record;
  }

  /** Those that stand in a frame, to be changed; calls of agents are not among them. */
  openIn(frame: string): readonly StepRecord[] {
    const found: StepRecord[] = [];
    for (const [path, step] of this.#steps) {
      const isInside =
        step instanceof SettledStep
          ? path.length === frame.length + step.shape.tail.length && liesIn(path, frame)
          : step.frame === frame && !step.isCall;
      const record = isInside ? this.open(path) : undefined;
      if (record !== undefined) found.push(record);
    }
    return found;
  }

  add(record: StepRecord): void {
    this.#steps.set(record.path, record);
    if (record.isCall || !record.frame.includes('[')) return;
    const inside = this.#inside.get(record.frame);
    if (inside === undefined) this.#inside.set(record.frame, [record]);
    else inside.push(record);
  }

  /** A frame is through: of what has simply completed in the turn of a loop as little is kept as says it. */
  endFrame(frame: string): void {
    for (const record of this.#inside.get(frame) ?? []) {
      const attempt = onlyAttemptOf(record);
      if (attempt === null || !liesIn(record.path, frame)) continue;
      this.#since ??= attempt.startedAt;
      const shape = this.#shapeOf(record, attempt);
      this.#steps.set(record.path, new SettledStep(shape, record, attempt, this.#since));
    }
    this.#inside.delete(frame);
  }

  /** Those of which there is more to say than that they completed, in the same order. */
  *notPutAway(): Generator<StepRecord> {
    for (const step of this.#steps.values()) if (!(step instanceof SettledStep)) yield step;
  }

  *values(): Generator<Readonly<StepRecord>> {
    for (const [, record] of this) yield record;
  }

  *[Symbol.iterator](): Generator<readonly [path: string, record: Readonly<StepRecord>]> {
    for (const [path, step] of this.#steps) yield [path, step instanceof SettledStep ? this.#read(path, step) : step];
  }

  #read(path: string, step: SettledStep): Readonly<StepRecord> {
    const record = step.toRecord(path, this.#since ?? 0);
    for (const attempt of record.attempts) Object.freeze(attempt);
    return Object.freeze(record);
  }

  #shapeOf(record: StepRecord, { agent }: AttemptRecord): SettledShape {
    const { kind, index, name, effect, calls, variable, path, frame } = record;
    const known = this.#shapes.get(index);
    const isSame =
      known?.name === name &&
      known.kind === kind &&
      known.effect === effect &&
      known.calls === calls &&
      known.variable === variable &&
      known.agent === agent &&
      path.length === frame.length + known.tail.length &&
      path.endsWith(known.tail);
    if (isSame) return known;
    const shape = { kind, index, name, effect, calls, variable, agent, tail: path.slice(frame.length) };
    this.#shapes.set(index, shape);
    return shape;
  }
}
