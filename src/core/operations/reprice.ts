import { setImmediate as nextTurn } from 'node:timers/promises';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/json.ts';
import type { RepricePlan } from '../../shared/model/cost.ts';
import type { Actor } from '../../shared/model/run.ts';
import { sha256Hex } from '../crypto/index.ts';
import type { ComputedCall, CostFilter } from '../storage/index.ts';
import type { ProjectSession } from './project-session.ts';

type Filter = Pick<CostFilter, 'since' | 'until' | 'model'>;
type Session = Pick<ProjectSession, 'store' | 'prices'>;

/** A call that costs something else than what is booked. */
interface Change {
  readonly call: ComputedCall;
  readonly cost: string | null;
}

/** Calls that are looked at before others have their turn: a million of them must not hold up the engine. */
const SLICE = 2_000;

/** What the price files as they are now change of calls that are booked (SPEC §11). */
export async function planReprice(session: Session, filter: Filter): Promise<RepricePlan> {
  return planOf(await changesOf(session, filter));
}

/** Books them anew: calls of runs that are there as events of their run, so that its cost follows; of others the record alone. */
export async function reprice(
  session: Session & Pick<ProjectSession, 'engine'>,
  { hash, ...filter }: Filter & { readonly hash: string },
  actor: Actor,
): Promise<RepricePlan> {
  const { store, engine } = session;
  const changes = await changesOf(session, filter);
  const plan = planOf(changes);
  if (plan.hash !== hash)
    throw new AppError('cost.question_changed', 'Other calls would cost something else than what was shown.', {
      hint: 'Look at it as it is now, then decide.',
    });
  const byRun = Map.groupBy(changes, ({ call }) => (call.hasRun ? call.runId : null));
  for (const [runId, own] of byRun) {
    if (runId === null)
      for (const { call, cost } of own) store.costs.reprice(call.position, cost === null ? null : toE10(cost));
    else
      await engine.reprice(
        runId,
        own.map(({ call, cost }) => ({ path: call.path, call: call.position, was: call.cost, cost })),
        actor,
      );
  }
  return plan;
}

async function changesOf({ store, prices }: Session, filter: Filter): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for (let behind = 0; ; ) {
    const calls = store.costs.computed(filter, behind, SLICE);
    for (const call of calls) {
      const { agent, model, usage, at } = call;
      const { cost } = prices.price({ agent, model, usage, at, reportedCost: null });
      if (cost !== call.cost) changes.push({ call, cost });
    }
    const last = calls.at(-1);
    if (last === undefined || calls.length < SLICE) return changes;
    behind = last.position;
    await nextTurn();
  }
}

function planOf(changes: readonly Change[]): RepricePlan {
  const before = sum(changes.map(({ call }) => call.cost));
  const after = sum(changes.map(({ cost }) => cost));
  const byModel = [...Map.groupBy(changes, ({ call }) => call.model ?? 'unknown')].map(([name, own]) => ({
    name,
    calls: own.length,
    differenceE10: sum(own.map(({ cost }) => cost)) - sum(own.map(({ call }) => call.cost)),
  }));
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  return {
    calls: changes.length,
    runs: new Set(changes.map(({ call }) => call.runId)).size,
    before: fromE10(before),
    after: fromE10(after),
    difference: fromE10(after - before),
    newly_priced: changes.filter(({ call }) => call.cost === null).length,
    newly_unpriced: changes.filter(({ cost }) => cost === null).length,
    by_model: byModel
      .toSorted((one, other) => (size(one.differenceE10) > size(other.differenceE10) ? -1 : 1))
      .map(({ differenceE10, ...one }) => ({ ...one, difference: fromE10(differenceE10) })),
    hash: sha256Hex(canonicalJson(changes.map(({ call, cost }) => [call.position, call.cost, cost]))),
  };
}

const sum = (costs: readonly (string | null)[]): bigint =>
  costs.reduce((total, cost) => total + BigInt(toE10(cost ?? '0')), 0n);
