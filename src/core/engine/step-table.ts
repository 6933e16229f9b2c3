import { NumberRows } from './number-rows.ts';
import type { AttemptRecord, StepRecord, StepSpending } from './run-state.ts';
import { SettledOutputs } from './settled-outputs.ts';
import { liesIn, pathOfTurn, type Turn, turnAt } from './turn-path.ts';

/** What the steps of one name in the turns of a loop have in common, once they have simply completed. */
interface SettledShape extends Pick<StepRecord, 'kind' | 'index' | 'name' | 'effect' | 'calls' | 'variable'> {
  readonly agent: AttemptRecord['agent'];
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
  endedBy: 0,
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
  undo: null,
  undone: null,
  spending: null,
});

/** The steps of one name in the turns of a loop that have simply completed: of each a row of numbers. */
interface SettledSteps {
  /** What they have in common: one, but where turns differ in what they called. */
  readonly shapes: SettledShape[];
  readonly rows: NumberRows;
  /** By number, of those of which there is more to say. */
  readonly more: Map<number, More>;
}

type More = Pick<StepRecord, 'metadata' | 'spending' | 'warnings'>;

/** What a row says, in this order. */
const [ENDED_BY, ORDER, STARTED_AT, NOW, COMPLETED_AT, START_POSITION, END_POSITION, SHAPE] = [0, 1, 2, 3, 4, 5, 6, 7];
const ROW = 8;

/** Where a row stands. */
interface SettledPlace {
  readonly path: string;
  readonly frame: string;
  readonly number: number;
  readonly steps: SettledSteps;
}

/** So many of the newest are looked at for one that is the same. */
const SHAPES_LOOKED_AT = 8;

type EndedAttempt = AttemptRecord & { readonly completedAt: number; readonly endPosition: number };

/** The one attempt of a step of which nothing is to be said but that it completed; null = there is more. */
function onlyAttemptOf(record: StepRecord): EndedAttempt | null {
  const [attempt] = record.attempts;
  if (attempt === undefined || record.attempts.length > 1 || record.attempt !== 1 || record.status !== 'completed')
    return null;
  const { startedAt, completedAt, endPosition } = attempt;
  const isWhole = [startedAt, completedAt, endPosition, record.now].every(Number.isSafeInteger);
  if (!isWhole || record.endedBy === 0 || startedAt !== record.startedAt || completedAt !== record.completedAt)
    return null;
  if (attempt.attempt !== 1 || attempt.role !== 'main' || attempt.status !== 'completed' || attempt.error !== null)
    return null;
  const rest = [record.block, record.waitpoint, record.revision, record.endedWithoutAttempt, record.error];
  const isPlain = [...rest, record.undo, record.undone, record.retryAt, record.skipReason].every((one) => one === null);
  const isFirst = record.failures === 0 && record.renewal === 'none' && !record.fallbackUsed && !record.fallbackPending;
  return isPlain && isFirst ? (attempt as EndedAttempt) : null;
}

/**
 * The steps of a run by path, in the order in which they were looked at first. Of a loop's turn that is through what simply completed is
 * kept as a row of numbers, and its output is in the journal. Whoever reads a record gets it whole; only one that was asked for by `open`
 * or `openIn` can be changed.
 */
export class StepTable {
  readonly #outputs: SettledOutputs;
  #whole = new Map<string, StepRecord>();
  /** One was put away and is whole again: it stands behind those that came after it. */
  #isMixed = false;
  /** By turn, while it is not through. */
  readonly #inside = new Map<string, StepRecord[]>();
  /** By loop, and what stands behind the turn in the path. */
  readonly #settled = new Map<string, Map<string, SettledSteps>>();
  #size = 0;

  constructor(outputs = new SettledOutputs()) {
    this.#outputs = outputs;
  }

  get size(): number {
    return this.#size;
  }

  /** To be read alone: one that is settled does not take what is written to it. */
  get(path: string): Readonly<StepRecord> | undefined {
    const record = this.#whole.get(path);
    if (record !== undefined) return record;
    const place = this.#find(path);
    return place && this.#read(place);
  }

  /** To be changed. */
  open(path: string): StepRecord | undefined {
    const known = this.#whole.get(path);
    if (known !== undefined) return known;
    const place = this.#find(path);
    if (place === undefined) return undefined;
    const record = toRecord(place);
    record.output = this.#outputs.get(record.endedBy);
    place.steps.rows.delete(place.number);
    place.steps.more.delete(place.number);
    this.#whole.set(path, record);
    this.#isMixed = true;
    return record;
  }

  /** Those that stand in a frame, to be changed; calls of agents are not among them. */
  openIn(frame: string): readonly StepRecord[] {
    for (const tail of this.#tailsOf(turnAt(frame))) this.open(`${frame}${tail}`);
    return [...this.notPutAway()].filter((record) => record.frame === frame && !record.isCall);
  }

  /** Those that stand in one of these frames, in the same order; calls of agents are not among them. */
  *standingIn(frames: ReadonlySet<string>): Generator<Readonly<StepRecord>> {
    const found: (StepRecord | SettledPlace)[] = [];
    for (const record of this.notPutAway()) if (frames.has(record.frame) && !record.isCall) found.push(record);
    for (const frame of frames)
      for (const tail of this.#tailsOf(turnAt(frame))) {
        const place = this.#find(`${frame}${tail}`);
        if (place !== undefined) found.push(place);
      }
    for (const one of inOrder(found)) yield isPutAway(one) ? this.#read(one) : one;
  }

  add(record: StepRecord): void {
    this.#whole.set(record.path, record);
    this.#size += 1;
    if (record.isCall || !record.frame.includes('[')) return;
    const inside = this.#inside.get(record.frame);
    if (inside === undefined) this.#inside.set(record.frame, [record]);
    else inside.push(record);
  }

  /** A frame is through: of what has simply completed in the turn of a loop as little is kept as says it. Gives what was put away. */
  endFrame(frame: string): readonly StepRecord[] {
    const turn = turnAt(frame);
    const inside = this.#inside.get(frame);
    this.#inside.delete(frame);
    const gone: StepRecord[] = [];
    if (turn === null || inside === undefined) return gone;
    for (const record of inside) {
      const attempt = onlyAttemptOf(record);
      if (attempt === null || !liesIn(record.path, frame)) continue;
      const steps = this.#stepsOf(turn.block, record.path.slice(frame.length));
      const { endedBy, order, now, metadata, spending, warnings } = record;
      const { startedAt, completedAt, startPosition, endPosition } = attempt;
      const shape = shapeIn(steps.shapes, record, attempt);
      const times = [startedAt, now ?? startedAt, completedAt, startPosition, endPosition];
      steps.rows.set(turn.number, [endedBy, order, ...times, shape]);
      if (metadata !== null || spending !== null || warnings.length > 0)
        steps.more.set(turn.number, { metadata, spending, warnings });
      this.#outputs.put(endedBy, record.output);
      this.#whole.delete(record.path);
      gone.push(record);
    }
    return gone;
  }

  /** Those of which there is more to say than that they completed, in the same order. */
  notPutAway(): Iterable<StepRecord> {
    if (this.#isMixed) {
      this.#whole = new Map([...this.#whole].sort(([, one], [, other]) => one.order - other.order));
      this.#isMixed = false;
    }
    return this.#whole.values();
  }

  *values(): Generator<Readonly<StepRecord>> {
    const found = [...this.notPutAway(), ...this.#placesOf(({ rows }) => rows.places())];
    for (const one of inOrder(found)) yield isPutAway(one) ? this.#read(one) : one;
  }

  /** Those that have called models, in the same order. */
  spenders(): readonly { readonly path: string; readonly spending: StepSpending }[] {
    const found = [...this.notPutAway(), ...this.#placesOf(({ more }) => more.keys())];
    return inOrder(found).flatMap((one) => {
      const spending = isPutAway(one) ? one.steps.more.get(one.number)?.spending : one.spending;
      return spending == null ? [] : { path: one.path, spending };
    });
  }

  *[Symbol.iterator](): Generator<readonly [path: string, record: Readonly<StepRecord>]> {
    for (const record of this.values()) yield [record.path, record];
  }

  #tailsOf(turn: Turn | null): Iterable<string> {
    return (turn === null ? undefined : this.#settled.get(turn.block)?.keys()) ?? [];
  }

  *#placesOf(numbersOf: (steps: SettledSteps) => Iterable<number>): Generator<SettledPlace> {
    for (const [block, inside] of this.#settled)
      for (const [tail, steps] of inside)
        for (const number of numbersOf(steps)) {
          const frame = pathOfTurn({ block, number });
          yield { path: `${frame}${tail}`, frame, number, steps };
        }
  }

  #find(path: string): SettledPlace | undefined {
    const end = path.lastIndexOf('.');
    const frame = path.slice(0, Math.max(end, 0));
    const turn = turnAt(frame);
    const steps = turn === null ? undefined : this.#settled.get(turn.block)?.get(path.slice(end));
    return turn === null || !steps?.rows.has(turn.number) ? undefined : { path, frame, number: turn.number, steps };
  }

  #read(place: SettledPlace): Readonly<StepRecord> {
    const record = toRecord(place);
    for (const attempt of record.attempts) Object.freeze(attempt);
    const { endedBy } = record;
    Object.defineProperty(record, 'output', { get: () => this.#outputs.get(endedBy), enumerable: true });
    return Object.freeze(record);
  }

  #stepsOf(block: string, tail: string): SettledSteps {
    const inside = this.#settled.get(block) ?? new Map<string, SettledSteps>();
    const steps = inside.get(tail) ?? { shapes: [], rows: new NumberRows(ROW), more: new Map() };
    this.#settled.set(block, inside.set(tail, steps));
    return steps;
  }
}

const isPutAway = (one: StepRecord | SettledPlace): one is SettledPlace => 'steps' in one;

const orderOf = (one: StepRecord | SettledPlace): number =>
  isPutAway(one) ? one.steps.rows.value(one.number, ORDER) : one.order;

const inOrder = (found: (StepRecord | SettledPlace)[]): readonly (StepRecord | SettledPlace)[] =>
  found.sort((one, other) => orderOf(one) - orderOf(other));

/** All of it but its output. */
function toRecord({ path, frame, number, steps: { rows, shapes, more } }: SettledPlace): StepRecord {
  const of = (column: number): number => rows.value(number, column);
  const shape = shapes[of(SHAPE)] as SettledShape;
  const { agent, effect, calls, variable } = shape;
  const [order, startedAt, completedAt, endedBy] = [of(ORDER), of(STARTED_AT), of(COMPLETED_AT), of(ENDED_BY)];
  const record = newStepRecord({ ...shape, path, frame, order, isCall: false });
  const times = { startedAt, completedAt, now: of(NOW), endedBy };
  Object.assign(record, { effect, calls, variable, ...times, status: 'completed', attempt: 1, ...more.get(number) });
  const ended = { startedAt, startPosition: of(START_POSITION), completedAt, endPosition: of(END_POSITION) };
  record.attempts = [{ attempt: 1, role: 'main', ...ended, status: 'completed', error: null, agent }];
  return record;
}

/** The number of the shape that says of a step what its row does not. */
function shapeIn(shapes: SettledShape[], record: StepRecord, { agent }: AttemptRecord): number {
  const { kind, index, name, effect, calls, variable } = record;
  for (let at = shapes.length - 1; at >= Math.max(0, shapes.length - SHAPES_LOOKED_AT); at -= 1) {
    const known = shapes[at];
    const isSame =
      known?.name === name &&
      known.kind === kind &&
      known.index === index &&
      known.effect === effect &&
      known.calls === calls &&
      known.variable === variable &&
      known.agent === agent;
    if (isSame) return at;
  }
  return shapes.push({ kind, index, name, effect, calls, variable, agent }) - 1;
}
