import { AppError } from '../../shared/errors.ts';
import type { ChildAsked, ChildEnded } from '../../shared/model/events.ts';
import type { Actor } from '../../shared/model/run.ts';
import { planOfChild } from './plan-watch.ts';
import type { EngineHost } from './ports.ts';
import { isEnded, type RunState } from './run-state.ts';
import type { StartRequest } from './start-request.ts';
import { workOf } from './worked-time.ts';

/** What the runs of `workflow` steps need of the engine. */
export interface SubRunPorts {
  readonly host: Pick<EngineHost, 'prepareChild'>;
  readonly findByStartKey: (startKey: string) => string | null;
  readonly stateOf: (runId: string) => RunState;
  readonly start: (request: StartRequest) => Promise<unknown>;
  readonly resume: (runId: string, actor: Actor) => Promise<void>;
  readonly cancel: (runId: string, actor: Actor) => Promise<unknown>;
  readonly pause: (runId: string, actor: Actor) => Promise<unknown>;
  /** Whether nobody goes on with a run that would go on by itself, and nothing is under way for it. */
  readonly isLeft: (state: RunState) => boolean;
  /** Writes the end of a child into its parent and wakes it. */
  readonly tell: (parentRunId: string, path: string, ended: ChildEnded) => Promise<void>;
  readonly isClosing: () => boolean;
  readonly onBug: (error: unknown) => void;
}

/** A run that a step waits for. */
export interface AwaitedRun {
  /** Null = it was not started yet. */
  readonly run: RunState | null;
  /** It is being started, gone on with or called off at this moment. */
  readonly isTended: boolean;
}

/**
 * The runs that `workflow` steps wait for (SPEC §1.4). A child hangs on its start key, `step:{run}:{path}`: whoever looks after it, as
 * often as it is done and after whatever crash, finds the one run or starts it. Invariants: (1) a step has one child; (2) its end is told
 * to the parent by an event of the parent, once; (3) a parent that is called off ends after its children.
 */
export class SubRuns {
  readonly #ports: SubRunPorts;
  /** Parents and paths that are looked after at this moment. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(ports: SubRunPorts) {
    this.#ports = ports;
  }

  /** Starts the child of a waiting step, goes on with one that stands, or tells its end. */
  tend(parent: RunState, path: string): void {
    if (!this.#busy.has(keyOf(parent, path))) this.#inTurn(parent, path, (asked) => this.#tend(parent, path, asked));
  }

  /** The same for every step of a run that nobody drives. */
  tendAll(parent: RunState): void {
    for (const { path, status } of parent.steps.notPutAway()) if (status === 'waiting') this.tend(parent, path);
  }

  /** The runs that the steps of a run wait for. */
  childrenOf(parent: RunState): readonly AwaitedRun[] {
    return [...parent.steps.notPutAway()].flatMap(({ path, status, waitpoint }) => {
      const asked = status === 'waiting' && waitpoint?.resolved === null ? waitpoint.child : null;
      if (asked === null) return [];
      const known = this.#ports.findByStartKey(asked.startKey);
      return [
        { run: known === null ? null : this.#ports.stateOf(known), isTended: this.#busy.has(keyOf(parent, path)) },
      ];
    });
  }

  get isIdle(): boolean {
    return this.#busy.size === 0;
  }

  /** Resolves when no child is looked after at this moment. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.#busy.values());
  }

  /** Calls the child off; its end is told when it has come. */
  cancel(parent: RunState, path: string, actor: Actor): void {
    this.#inTurn(parent, path, (asked) => this.#cancel(parent, path, asked, actor));
  }

  /** A run pauses: so do those that it waits for. One that has ended meanwhile, or stands already, is as it should be. */
  pause(parent: RunState, actor: Actor): void {
    for (const { run } of this.childrenOf(parent))
      if (run !== null) this.#ports.pause(run.runId, actor).catch((error) => this.#unlessMoved(error));
  }

  /** A run has ended: its parent hears of it. */
  ended(child: RunState): void {
    const { parentRunId, parentPath } = child.created;
    if (parentRunId === null || parentPath === undefined) return;
    this.#ports.tell(parentRunId, parentPath, endOf(child)).catch((error) => this.#onError(error));
  }

  /** One thing after the other for each child: a start that is under way is not overtaken by its cancel. */
  #inTurn(parent: RunState, path: string, work: (asked: ChildAsked) => Promise<void>): void {
    const asked = parent.steps.get(path)?.waitpoint?.child;
    if (asked === undefined || asked === null) return;
    const key = keyOf(parent, path);
    const done = (this.#busy.get(key) ?? Promise.resolve())
      .then(() => work(asked))
      .catch((error) => this.#onError(error))
      .finally(() => {
        if (this.#busy.get(key) === done) this.#busy.delete(key);
      });
    this.#busy.set(key, done);
  }

  async #tend(parent: RunState, path: string, asked: ChildAsked): Promise<void> {
    const { findByStartKey, stateOf, resume, tell, isLeft } = this.#ports;
    const known = findByStartKey(asked.startKey);
    if (known === null) return this.#start(parent, path, asked);
    const child = stateOf(known);
    // One that failed goes on when its parent is resumed: what it completed is not done again.
    const goesOn =
      child.status === 'paused' ||
      isLeft(child) ||
      ((child.status === 'failed' || child.status === 'cancelled') && isNewAttempt(parent, path, child));
    if (goesOn) return resume(known, actorOf(parent)).catch((error) => this.#unlessMoved(error));
    if (isEnded(child.status)) await tell(parent.runId, path, endOf(child));
  }

  async #start(parent: RunState, path: string, asked: ChildAsked): Promise<void> {
    const { host, start, tell } = this.#ports;
    try {
      const prepared = await host.prepareChild(asked, parent);
      await start({
        ...prepared,
        runId: asked.runId,
        startKey: asked.startKey,
        originRunId: asked.originRunId,
        trigger: parent.created.trigger,
        actor: actorOf(parent),
        parent: { runId: parent.runId, path },
        pins: parent.created.pins ?? [],
        ...planOfChild(parent.created.plan, path),
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'engine.stopped') throw error;
      const { runId } = asked;
      await tell(parent.runId, path, {
        runId,
        status: 'failed',
        outcome: 'failed',
        outputs: {},
        error: error.toRecord(),
      });
    }
  }

  async #cancel(parent: RunState, path: string, asked: ChildAsked, actor: Actor): Promise<void> {
    const { findByStartKey, stateOf, cancel, tell } = this.#ports;
    const known = findByStartKey(asked.startKey);
    const child = known === null ? null : stateOf(known);
    if (child !== null && !isEnded(child.status)) await cancel(child.runId, actor);
    else await tell(parent.runId, path, child === null ? neverBegan(asked) : endOf(child));
  }

  /** A run that moved meanwhile is as it should be. */
  #unlessMoved(error: unknown): void {
    if (!(error instanceof AppError && error.code === 'run.illegal_state')) this.#onError(error);
  }

  #onError(error: unknown): void {
    // The next engine looks after it.
    if (error instanceof AppError && (error.code === 'engine.stopped' || this.#ports.isClosing())) return;
    this.#ports.onBug(error);
  }
}

const keyOf = (parent: RunState, path: string): string => `${parent.runId}:${path}`;

/** The child ended before this attempt of the step began: it goes on for it. */
const isNewAttempt = (parent: RunState, path: string, child: RunState): boolean =>
  (parent.steps.get(path)?.waitpoint?.openedAt ?? 0) >= (child.completedAt ?? Number.POSITIVE_INFINITY);

const endOf = (child: RunState): ChildEnded => ({
  runId: child.runId,
  status: child.status === 'completed' ? 'completed' : child.status === 'cancelled' ? 'cancelled' : 'failed',
  outcome: child.outcome,
  outputs: child.outputs,
  error: child.error,
  ...workOf(child),
});

const neverBegan = ({ runId }: ChildAsked): ChildEnded => ({
  runId,
  status: 'cancelled',
  outcome: 'failed',
  outputs: {},
  error: null,
});

/** A child acts with the authority of whoever started its parent. */
const actorOf = ({ actor }: RunState): Actor =>
  actor.startsWith('system:')
    ? { kind: 'system', id: actor.slice('system:'.length), door: 'engine' }
    : { kind: 'user', id: actor, door: 'engine' };
