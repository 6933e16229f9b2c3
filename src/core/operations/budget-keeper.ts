import { fromE10, toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import type { CostLimit, CostLimitUse } from '../../shared/model/cost-limit.ts';
import { parseDuration } from '../../shared/parse-duration.ts';
import type { Allowance, LimitRepository, Reservation, UsedBy } from '../storage/index.ts';
import { findTimeZone, orAborted, periodOf } from '../time/index.ts';
import type { CallAhead, HeldCost, LostCall } from '../tool-port/index.ts';

/** A call that is about to be made, and where. */
export interface BudgetedCall extends CallAhead {
  readonly agent: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly path: string;
  readonly attempt: number;
}

/** A call that has ended, or is under way and has cost so much by now. */
export interface BookedCall extends Pick<BudgetedCall, 'agent' | 'model' | 'workflowId' | 'runId'> {
  /** USD as decimal text; null = unpriced. */
  readonly cost: string | null;
}

/** A limit has reached what it warns at, or is full. */
export interface CostAlert {
  readonly limit: CostLimit;
  readonly level: 'warning' | 'critical';
  /** USD as decimal text. */
  readonly spent: string;
  readonly text: string;
}

interface BudgetOptions {
  readonly limits: LimitRepository;
  /** What a call of so many tokens costs; null = nobody knows. */
  readonly price: (call: Pick<BudgetedCall, 'agent' | 'model' | 'inputTokens' | 'outputTokens'>) => string | null;
  /** UTC ms. */
  readonly now: () => number;
}

/** A limit that has no room. */
interface Tight {
  readonly limit: CostLimit;
  readonly error: AppError;
  /** Calls that are under way hold the room: it may come free. */
  readonly mayWait: boolean;
}

const NOTHING_HELD: HeldCost = { leftUsd: null, release: () => undefined };

/**
 * Holds spending within its limits (SPEC §11). Before a call what it may cost at most is held in the store, so that calls side by side
 * cannot spend the same room; when it has ended its record stands in the place of that. A call for which there is only no room as long as
 * others are under way waits for them. What an engine that died had held stays held until the next one books it.
 */
export class BudgetKeeper {
  readonly #options: BudgetOptions;
  /** What calls of this engine hold. */
  readonly #live = new Map<number, BudgetedCall>();
  #freed = Promise.withResolvers<void>();

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /**
   * Holds what a call may cost, and writes down that it is made: a call whose engine dies is booked at that. Rejects with `cost.blocked` or `cost.paused` where there is no room, and
   * with `run.cancelled` when its signal is given meanwhile.
   */
  async reserve(call: BudgetedCall, signal: AbortSignal): Promise<HeldCost> {
    for (;;) {
      const hard = this.#limitsOf(call).filter(
        ({ action_on_limit: action }) => action === 'block' || action === 'pause',
      );
      const price = this.#options.price(call);
      if (price === '0') return NOTHING_HELD;
      if (hard.length === 0) return this.#hold(call, hard, price);
      if (price === null && !call.takesBudget) this.#refuseUnpriced(call, hard);
      const asked = price === null ? 0n : BigInt(toE10(price));
      const tight = hard.map((limit) => this.#tightOf(limit, call, asked)).find((one) => one !== null) ?? null;
      if (tight === null) return this.#hold(call, hard, price);
      if (!tight.mayWait) throw tight.error;
      await orAborted(this.#freed.promise, signal);
    }
  }

  /**
   * Calls of an attempt that were under way when its engine died, at what they were estimated: whoever books them takes them away. Of an
   * attempt that called nothing there are none.
   */
  lostCalls(place: Pick<BudgetedCall, 'runId' | 'path' | 'attempt'>, mayHaveCalled: boolean): readonly LostCall[] {
    const { limits } = this.#options;
    if (!mayHaveCalled) limits.releaseAll(place);
    return limits
      .reserved(place)
      .map(({ estimateE10, ...call }) => ({ ...call, cost: estimateE10 === null ? null : fromE10(estimateE10) }));
  }

  /** What is to be said of the limits that this call fills: each once a level and period. `cost` is not booked yet. */
  alerts(call: BookedCall): readonly CostAlert[] {
    const cost = call.cost === null ? 0n : BigInt(toE10(call.cost));
    return this.#limitsOf(call).flatMap((limit) => {
      const spent = this.#options.limits.used(this.#usedBy(limit, call)).booked + cost;
      const percent = percentOf(spent, limit);
      const level = percent >= 100 ? 'critical' : percent >= (limit.alert_threshold ?? 100) ? 'warning' : null;
      if (level === null || !this.#options.limits.noteAlert(limit.name, level, this.#periodKey(limit, call))) return [];
      const text = `Cost limit '${limit.name}' at ${percent.toFixed(1)}%: ${dollars(spent)} / ${dollars(toE10(limit.max_cost))}`;
      return [{ limit, level, spent: fromE10(spent), text }];
    });
  }

  /** All limits and how full they are. */
  status(): readonly CostLimitUse[] {
    return this.#options.limits.list().map((limit) => this.statusOf(limit));
  }

  statusOf(limit: CostLimit): CostLimitUse {
    const { limits } = this.#options;
    const { since, resetsAt } = this.#window(limit);
    const isEachRun = limit.scope === 'run' && limit.scope_id === null;
    const used = isEachRun
      ? { booked: limits.dearestRun(since ?? 0), reserved: 0n }
      : limits.used(this.#usedBy(limit, { agent: '', model: null, workflowId: '', runId: limit.scope_id ?? '' }));
    return {
      ...limit,
      is_written: limits.isWritten(limit.name),
      spent: fromE10(used.booked),
      reserved: fromE10(used.reserved),
      percent: Math.round(percentOf(used.booked + used.reserved, limit) * 10) / 10,
      resets_at: resetsAt === null ? null : new Date(resetsAt).toISOString(),
    };
  }

  /**
   * The least by which a limit has to be raised so that a call of a run goes through that may cost so much; 0 = there is room for it. Of a
   * call of which nobody knows the price, so that there is any room.
   */
  missing(limit: CostLimit, call: BookedCallLike, asked: string): string {
    const wanted = BigInt(toE10(asked));
    const missing = (wanted === 0n ? 1n : wanted) - this.#roomOf(limit, call);
    return fromE10(missing > 0n ? missing : 0n);
  }

  /**
   * From when on there is room for a call without anybody's word, as far as nothing more is spent until then (UTC ms): now, with the period
   * that comes, or as soon as enough has slid out of the window. Null = only a raise makes room.
   */
  roomAt(limit: CostLimit, call: BookedCallLike, asked: string): number | null {
    const missing = this.missing(limit, call, asked);
    const now = this.#options.now();
    if (missing === '0') return now;
    const { since, resetsAt } = this.#window(limit);
    if (since === undefined || toE10(asked) > toE10(limit.max_cost)) return null;
    if (resetsAt !== null) return resetsAt;
    const { limits } = this.#options;
    return (limits.spentAt(this.#usedBy(limit, call), BigInt(toE10(missing))) ?? now) + (now - since) + 1;
  }

  /** Gives the run of a call, with the runs above and below it, more than a limit says until that begins anew; USD as decimal text. */
  allow(limit: CostLimit, call: BookedCallLike, extra: string): void {
    this.#options.limits.allow(this.#allowanceOf(limit, call), toE10(extra));
    this.look();
  }

  /** A limit was changed: calls that wait look again. */
  look(): void {
    this.#freed.resolve();
    this.#freed = Promise.withResolvers();
  }

  #hold(call: BudgetedCall, hard: readonly CostLimit[], price: string | null): HeldCost {
    const { limits, now } = this.#options;
    const [tightest = null] = hard
      .map((limit) => ({ limit, room: this.#roomOf(limit, call) }))
      .toSorted((one, other) => (one.room < other.room ? -1 : 1));
    const room = tightest?.room ?? null;
    const { workflowId, runId, path, attempt, agent, model, inputTokens, outputTokens } = call;
    const estimateE10 = price === null ? null : toE10(price);
    const reservation: Reservation = {
      ...{ at: now(), workflowId, runId, path, attempt, agent, model, inputTokens, outputTokens, estimateE10 },
      // Who makes many calls by himself holds all that is left: it is his budget.
      costE10: call.isManyCalls && room !== null ? Number(room) : (estimateE10 ?? 0),
    };
    const id = limits.reserve(reservation);
    this.#live.set(id, call);
    return {
      leftUsd: room === null ? null : fromE10(room),
      release: () => {
        this.#live.delete(id);
        limits.release(id);
        this.look();
      },
      ...(tightest === null ? {} : { whenSpent: () => this.#spentError(tightest.limit, call) }),
    };
  }

  #roomOf(limit: CostLimit, call: BookedCallLike): bigint {
    const { booked, reserved } = this.#options.limits.used(this.#usedBy(limit, call));
    return this.#maxOf(limit, call) - booked - reserved;
  }

  /** What the limit says, and what its run alone was given beyond it. */
  #maxOf(limit: CostLimit, call: BookedCallLike): bigint {
    return BigInt(toE10(limit.max_cost)) + BigInt(this.#options.limits.allowed(this.#allowanceOf(limit, call)));
  }

  #allowanceOf(limit: CostLimit, call: BookedCallLike): Allowance {
    return { limit: limit.name, root: this.#options.limits.rootOf(call.runId), period: this.#periodKey(limit, call) };
  }

  #tightOf(limit: CostLimit, call: BudgetedCall, asked: bigint): Tight | null {
    const { booked, reserved } = this.#options.limits.used(this.#usedBy(limit, call));
    const max = this.#maxOf(limit, call);
    const others = [...this.#live.values()].some((one) => this.#counts(limit, one, call));
    const isFree = call.isManyCalls ? booked + reserved < max && !others : booked + reserved + asked <= max;
    if (isFree) return null;
    const mayWait = others && (call.isManyCalls ? booked < max : booked + asked <= max);
    // Who makes many calls by himself asks for any room at all.
    const wanted = call.isManyCalls ? 0n : asked;
    return { limit, mayWait, error: this.#fullError(limit, { spent: booked + reserved, asked: wanted, call }) };
  }

  /** Whether what another call holds counts for the limit of this one. */
  #counts(limit: CostLimit, other: BudgetedCall, call: BudgetedCall): boolean {
    if (!isScopeOf(limit, other)) return false;
    const { limits } = this.#options;
    return limit.scope !== 'run' || limits.rootOf(other.runId) === limits.rootOf(call.runId);
  }

  /** Who had all that was left has spent it. */
  #spentError(limit: CostLimit, call: BudgetedCall): AppError {
    const { booked, reserved } = this.#options.limits.used(this.#usedBy(limit, call));
    return this.#fullError(limit, { spent: booked + reserved, asked: 0n, call });
  }

  #fullError(
    limit: CostLimit,
    { spent, asked, call }: { readonly spent: bigint; readonly asked: bigint; readonly call: BudgetedCall },
  ): AppError {
    const isPause = limit.action_on_limit === 'pause';
    const wanted = asked === 0n ? '' : `, and the call may cost ${dollars(asked)}`;
    const text = `The cost limit '${limit.name}' has no room for this call: ${dollars(spent)} of ${dollars(toE10(limit.max_cost))} are spent or held${wanted}.`;
    const raise = raiseText(limit, call.runId, this.#options.limits.isWritten(limit.name));
    return new AppError(isPause ? 'cost.paused' : 'cost.blocked', text, {
      hint: isPause ? `${raise}. Then the run goes on by itself.` : `${raise}. Then retry the step.`,
      details: { limit: limit.name, agent: call.agent, model: call.model, asked: fromE10(asked) },
    });
  }

  #refuseUnpriced(call: BudgetedCall, hard: readonly CostLimit[]): void {
    const limit = hard.find((one) => !one.allow_unpriced);
    if (limit === undefined) return;
    const model = call.model ?? `the model of ${call.agent}`;
    throw new AppError(
      'cost.blocked',
      `No price is known for ${model}, so the cost limit '${limit.name}' could not hold: nothing was asked.`,
      {
        hint: 'Add its price to .aiworkflow/prices.yaml, or let the limit allow calls without a price.',
        details: { limit: limit.name, agent: call.agent, model: call.model },
      },
    );
  }

  #limitsOf(call: BookedCallLike): readonly CostLimit[] {
    const all = this.#options.limits.list();
    return all.filter((limit) => isScopeOf(limit, call) && this.#isOfRun(limit, call));
  }

  #isOfRun({ scope, scope_id }: CostLimit, { runId }: BookedCallLike): boolean {
    return scope !== 'run' || scope_id === null || this.#options.limits.rootOf(runId) === scope_id;
  }

  #usedBy(limit: CostLimit, call: BookedCallLike): UsedBy {
    const { since } = this.#window(limit);
    const { scope, scope_id } = limit;
    return {
      since,
      ...(scope === 'workflow' && scope_id !== null ? { workflow: scope_id } : {}),
      ...(scope === 'agent' && scope_id !== null ? { agent: scope_id } : {}),
      ...(scope === 'model' && scope_id !== null ? { model: scope_id } : {}),
      ...(scope === 'run' ? { runTree: this.#options.limits.rootOf(call.runId) } : {}),
    };
  }

  #window({ period, timezone }: CostLimit): { readonly since: number | undefined; readonly resetsAt: number | null } {
    const now = this.#options.now();
    if (period === null) return { since: undefined, resetsAt: null };
    if (period === 'day' || period === 'week' || period === 'month') {
      const zone = findTimeZone(timezone) ?? findTimeZone('UTC');
      if (zone === null) throw new Error('the system knows no time zone');
      const { startsAt, endsAt } = periodOf(zone, period, now);
      return { since: startsAt, resetsAt: endsAt };
    }
    return { since: now - (parseDuration(period).ms ?? 0), resetsAt: null };
  }

  #periodKey(limit: CostLimit, call: BookedCallLike): string {
    const { since, resetsAt } = this.#window(limit);
    const run = limit.scope === 'run' ? this.#options.limits.rootOf(call.runId) : '';
    if (since === undefined) return run;
    const length = this.#options.now() - since;
    // A window that slides has periods of its length all the same: a warning for each.
    return `${run} ${resetsAt === null ? Math.floor(this.#options.now() / Math.max(1, length)) : since}`;
  }
}

type BookedCallLike = Pick<BudgetedCall, 'agent' | 'model' | 'workflowId' | 'runId'>;

function isScopeOf({ scope, scope_id }: CostLimit, call: BookedCallLike): boolean {
  switch (scope) {
    case 'workflow':
      return call.workflowId === scope_id;
    case 'agent':
      return call.agent === scope_id;
    case 'model':
      return call.model === scope_id;
    default:
      return true;
  }
}

const percentOf = (spent: bigint, { max_cost }: CostLimit): number => (Number(spent) / toE10(max_cost)) * 100;

/** `$0.0250`. */
const dollars = (e10: bigint | number): string => `$${(Number(e10) / 1e10).toFixed(4)}`;

/** How a limit that has no room is raised; one that stands in the settings is changed there. */
function raiseText({ name, action_on_limit }: CostLimit, runId: string, isWritten: boolean): string {
  const inFile = "under 'costs.limits' in aiworkflow.yaml";
  if (action_on_limit !== 'pause')
    return `Raise it${isWritten ? ` ${inFile}` : `: aiworkflow costs limits edit '${name}' --max AMOUNT`}`;
  const forGood = isWritten ? `${inFile} for good` : 'without --once for good';
  return `Raise it: aiworkflow costs raise ${runId} --by AMOUNT --once, or ${forGood}`;
}
