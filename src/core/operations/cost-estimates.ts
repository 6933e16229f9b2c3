import type { ParsedInputOf } from '../../shared/contract/index.ts';
import { fromE10, toE10 } from '../../shared/decimal.ts';
import type { CostComparison, CostEstimate } from '../../shared/model/cost.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { type PriceTokens, pastRange, planRange } from '../costs/index.ts';
import type { RunShare } from '../storage/index.ts';
import { plannedCalls } from './planned-calls.ts';
import type { ProjectSession } from './project-session.ts';
import { readStart } from './start-run.ts';

/** Past runs that an estimate is made of, and fewer of which say too little. */
const MOST_RUNS = 50;
const LEAST_RUNS = 3;
/** Runs that agents are compared by. */
const COMPARED_RUNS = 1_000;

/** What a run of a workflow will cost: of its past where there is one, else of its steps as they are written (SPEC §11). */
export async function estimate(
  session: ProjectSession,
  { workflow: ref, model }: ParsedInputOf<'costs.estimate'>,
): Promise<CostEstimate> {
  return (await estimator(session, ref)).of(model ?? null);
}

/** The same with several models, and how agents have done. */
export async function compare(
  session: ProjectSession,
  { workflow: ref, models }: ParsedInputOf<'costs.compare'>,
): Promise<CostComparison> {
  const { workflowId, used, of } = await estimator(session, ref);
  const estimates = (models ?? used).map(of);
  return {
    workflow_id: workflowId,
    models: Object.fromEntries(estimates.map(({ model, typical }) => [model ?? '', typical])),
    estimates,
    agents: await session.store.reader.ask('agentRecords', { workflow: workflowId, max: COMPARED_RUNS }),
  };
}

interface Estimator {
  readonly workflowId: string;
  /** Models that its runs have used, or its steps name. */
  readonly used: readonly string[];
  /** With one model; null = those of the steps. */
  readonly of: (model: string | null) => CostEstimate;
}

const estimator = async (session: ProjectSession, ref: string): Promise<Estimator> =>
  estimatorOf(session, await readStart(session, ref));

/** What a run of a version will cost that was read already, with the models of its steps. */
export const estimateWorkflow = (session: ProjectSession, read: ReadWorkflow): CostEstimate =>
  estimatorOf(session, read).of(null);

type ReadWorkflow = Awaited<ReturnType<typeof readStart>>;

function estimatorOf(session: ProjectSession, { workflow, reading }: ReadWorkflow): Estimator {
  const { agents, prices, clock, store } = session;
  const price: PriceTokens = (call) => prices.price({ ...call, reportedCost: null, at: clock.now() }).cost;
  const byRun = Map.groupBy(store.history.shares(workflow.id, MOST_RUNS), ({ runId }) => runId);
  const writtenOf = (step: Step) => {
    const agent = step.agent ?? workflow.execution.agent ?? reading.config.agent ?? agents.primary;
    const model = step.model ?? workflow.execution.model ?? reading.config.model ?? null;
    return { agent, model: model ?? (agent === null ? null : agents.usualModel(agent)) };
  };
  const plan = plannedCalls(workflow, writtenOf);
  const of = (model: string | null): CostEstimate => {
    const unpriced = new Set<string>();
    const known: PriceTokens = (call) => {
      const cost = price(call);
      if (cost === null) unpriced.add(call.model ?? 'unknown');
      return cost;
    };
    const isPast = byRun.size >= LEAST_RUNS;
    const runs = [...byRun.values()];
    const calls = isPast
      ? runs.map((shares) => shares.reduce((sum, share) => sum + share.calls, 0))
      : [sumOf(plan.calls.map(({ low }) => low)), sumOf(plan.calls.map(({ high }) => high))];
    const range = isPast
      ? pastRange(runs.map((shares) => costOfRun(shares, model, known)))
      : planRange(
          plan.calls.map((call) => (model === null ? call : { ...call, ...servedBy(model, call) })),
          known,
        );
    return {
      ...range,
      ...{ workflow_id: workflow.id, model, is_open: !isPast && plan.isOpen },
      calls: { low: Math.min(...calls), high: Math.max(...calls) },
      ...{ based_on: isPast ? 'history' : 'plan', runs: isPast ? byRun.size : 0 },
      unpriced_models: [...unpriced].toSorted(),
    };
  };
  const shares = [...byRun.values()].flat();
  const used = [...new Set([...shares, ...plan.calls].flatMap(({ model }) => model ?? []))].toSorted();
  return { workflowId: workflow.id, used, of };
}

/** A model is asked about by its name alone, whoever would serve it: not at the price of the agent that did the step. */
const servedBy = (
  model: string,
  { agent }: { readonly agent: string; readonly model: string | null },
  same = false,
) => ({
  model,
  agent: same ? agent : '',
});

/** What the tokens of a past run cost; with its own models what an agent said it cost counts. */
function costOfRun(shares: readonly RunShare[], model: string | null, price: PriceTokens): string | null {
  let sum = 0;
  for (const share of shares) {
    const { agent, usage, reportedE10 } = share;
    if (model === null && reportedE10 !== null) {
      sum += reportedE10;
      continue;
    }
    const call = model === null ? { agent, model: share.model } : servedBy(model, share, share.model === model);
    const cost = price({ ...call, usage });
    if (cost === null) return null;
    sum += toE10(cost);
  }
  return fromE10(sum);
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
