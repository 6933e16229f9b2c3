import type { Json } from '../../shared/json.ts';
import { NumberRows } from './number-rows.ts';
import type { FrameRecord, StepRecord } from './run-state.ts';
import type { SettledOutputs } from './settled-outputs.ts';
import { pathOfTurn, type Turn, turnAt } from './turn-path.ts';

/** What the turns of one loop have in common, and of each that ended well a few numbers. */
interface SettledTurns extends Pick<FrameRecord, 'block' | 'outer' | 'group' | 'isIsolated'> {
  /** The event that ended it, and when. */
  readonly rows: NumberRows;
  /** By number. */
  readonly itemKeys: (string | null)[];
  /** By name: the event whose output the variable holds. */
  readonly given: Map<string, NumberRows>;
  /** By number: variables that hold something else. */
  readonly others: Map<number, Map<string, Json>>;
}

/** A turn that is put away. */
interface SettledTurn extends Turn {
  readonly turns: SettledTurns;
  readonly endedBy: number;
}

const [ENDED_BY, ENDED_AT] = [0, 1];

/** A frame that was just opened. */
export const newFrame = (
  place: Pick<FrameRecord, 'path' | 'block' | 'outer' | 'group' | 'number' | 'itemKey' | 'isIsolated'>,
  variables: Map<string, Json> | null = null,
): FrameRecord => ({
  path: place.path,
  block: place.block,
  outer: place.outer,
  group: place.group,
  number: place.number,
  itemKey: place.itemKey,
  isIsolated: place.isIsolated,
  variables,
  status: 'open',
  failure: null,
  isHandled: false,
  output: null,
  endedAt: null,
});

/**
 * The frames of a run by path. Of the turns of a loop that ended well a row of numbers is kept: whoever asks for one gets a record made
 * anew that cannot be changed, and its output from the journal.
 */
export class FrameTable {
  readonly #outputs: SettledOutputs;
  readonly #frames = new Map<string, FrameRecord>();
  /** By loop. */
  readonly #settled = new Map<string, SettledTurns>();

  constructor(outputs: SettledOutputs) {
    this.#outputs = outputs;
  }

  get(path: string): FrameRecord | undefined {
    const frame = this.#frames.get(path);
    if (frame !== undefined) return frame;
    const found = this.#find(path);
    return found && settled(found, (seq) => this.#outputs.get(seq));
  }

  /** Those with these paths; what all of them gave is read at once. */
  all(paths: Iterable<string>): readonly (FrameRecord | undefined)[] {
    const places = Array.from(paths, (path) => this.#frames.get(path) ?? this.#find(path));
    const away = places.flatMap((one) => (isPutAway(one) ? one : []));
    const outputs = this.#outputs.all(away.flatMap((one) => [one.endedBy, ...givenIn(one).map(([, seq]) => seq)]));
    return places.map((one) => (isPutAway(one) ? settled(one, (seq) => outputs.get(seq) ?? null) : one));
  }

  add(frame: FrameRecord): void {
    this.#frames.set(frame.path, frame);
  }

  delete(path: string): void {
    this.#frames.delete(path);
    const found = this.#find(path);
    if (found !== undefined) forget(found);
  }

  /** A frame has ended by this event of the run; `steps` are those of it that are put away. */
  end(frame: FrameRecord, seq: number, steps: readonly StepRecord[]): void {
    const turn = turnAt(frame.path);
    const { status, failure, isHandled, number, block, endedAt, itemKey, output } = frame;
    const isPlain = status === 'completed' && failure === null && !isHandled && endedAt !== null;
    if (!isPlain || turn === null || turn.block !== block || turn.number !== number) return;
    const turns = this.#turnsOf(frame, turn.block);
    forget({ ...turn, turns });
    turns.rows.set(number, [seq, endedAt]);
    turns.itemKeys[number] = itemKey;
    for (const [name, value] of frame.variables ?? []) {
      const giver = steps.find(({ variable, output }) => variable === name && output === value);
      if (giver !== undefined) rowsOf(turns.given, name).set(number, [giver.endedBy]);
      else turns.others.set(number, (turns.others.get(number) ?? new Map<string, Json>()).set(name, value));
    }
    this.#outputs.put(seq, output);
    this.#frames.delete(frame.path);
  }

  *values(): Generator<FrameRecord> {
    for (const [, frame] of this) yield frame;
  }

  /** Those that are open or did not simply end well first. */
  *[Symbol.iterator](): Generator<readonly [path: string, frame: FrameRecord]> {
    yield* this.#frames;
    for (const [block, { rows }] of this.#settled)
      for (const number of rows.places()) {
        const path = pathOfTurn({ block, number });
        const frame = this.get(path);
        if (frame !== undefined) yield [path, frame];
      }
  }

  #find(path: string): SettledTurn | undefined {
    const turn = turnAt(path);
    const turns = turn === null ? undefined : this.#settled.get(turn.block);
    if (turn === null || !turns?.rows.has(turn.number)) return undefined;
    return { ...turn, turns, endedBy: turns.rows.value(turn.number, ENDED_BY) };
  }

  #turnsOf({ outer, group, isIsolated }: FrameRecord, block: string): SettledTurns {
    const known = this.#settled.get(block);
    if (known !== undefined) return known;
    const place = { block, outer, group, isIsolated };
    const turns = { ...place, rows: new NumberRows(2), itemKeys: [], given: new Map(), others: new Map() };
    this.#settled.set(block, turns);
    return turns;
  }
}

const isPutAway = (one: FrameRecord | SettledTurn | undefined): one is SettledTurn =>
  one !== undefined && 'turns' in one;

/** Variables of a turn that hold what one of its steps gave, with the event that gave it. */
const givenIn = ({ turns, number }: SettledTurn): readonly (readonly [name: string, seq: number])[] =>
  [...turns.given].flatMap(([name, rows]) => (rows.has(number) ? [[name, rows.value(number, 0)] as const] : []));

function rowsOf(given: Map<string, NumberRows>, name: string): NumberRows {
  const rows = given.get(name) ?? new NumberRows(1);
  given.set(name, rows);
  return rows;
}

function forget({ turns, number }: Pick<SettledTurn, 'turns' | 'number'>): void {
  turns.rows.delete(number);
  turns.others.delete(number);
  for (const rows of turns.given.values()) rows.delete(number);
}

/** Its record, made anew. `output`: what an event gave. */
function settled(one: SettledTurn, output: (seq: number) => Json): FrameRecord {
  const { turns, number, endedBy } = one;
  const { block, outer, group, isIsolated, rows, itemKeys, others } = turns;
  const place = { path: pathOfTurn(one), block, outer, group, number, itemKey: itemKeys[number] ?? null, isIsolated };
  const frame = newFrame(place);
  const given = givenIn(one);
  const known = others.get(number);
  const variables = (): Map<string, Json> =>
    new Map([...(known ?? []), ...given.map(([name, seq]) => [name, output(seq)] as const)]);
  Object.assign(frame, { status: 'completed', endedAt: rows.value(number, ENDED_AT) });
  Object.defineProperty(frame, 'output', { get: () => output(endedBy), enumerable: true });
  if (known !== undefined || given.length > 0)
    Object.defineProperty(frame, 'variables', { get: variables, enumerable: true });
  return Object.freeze(frame);
}
