import type { InputOf } from '../../shared/contract/index.ts';
import { fromE10, roundDecimal, toE10 } from '../../shared/decimal.ts';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/json.ts';
import type { Identity } from '../../shared/model/access.ts';
import type { BudgetQuestion, CostLimitStatus } from '../../shared/model/cost-limit.ts';
import type { Actor } from '../../shared/model/run.ts';
import { sha256Hex } from '../crypto/index.ts';
import { requireApprover } from './approval-deciders.ts';
import { limitStatus } from './limit-forecasts.ts';
import { callOf, type Parked, parkedRuns } from './parked-runs.ts';
import type { ProjectSession } from './project-session.ts';

type Session = Pick<ProjectSession, 'store' | 'budget'>;

/** What parked runs ask (SPEC §11). */
export function budgetQuestions(session: Session): readonly BudgetQuestion[] {
  const parked = parkedRuns(session);
  const runsOf = Map.groupBy(parked, ({ limit }) => limit.name);
  return parked.map((one) => questionOf(session, one, (runsOf.get(one.limit.name)?.length ?? 1) - 1));
}

function questionOf({ budget }: Session, { run, limit, asked }: Parked, others: number): BudgetQuestion {
  const { runId, workflowId, workflowName, actor, currentStep, startedAt, createdAt } = run;
  return {
    ...{ runId, workflowId, workflowName, actor, stepName: currentStep, startedAt: startedAt ?? createdAt },
    limit: budget.statusOf(limit),
    asked: asked === '0' ? null : asked,
    needs: budget.missing(limit, callOf(run), asked),
    goesOnAt: budget.roomAt(limit, callOf(run), asked),
    others,
    hash: sha256Hex(canonicalJson({ run: runId, error: run.error?.message ?? '', limit: { ...limit } })),
  };
}

/** Answers a question with more room; gives the limit as it is then. Errors: those of `costs.raise`. */
export async function raiseLimit(
  session: ProjectSession,
  { runId, limit: shown, hash, by, once }: InputOf<'costs.raise'>,
  { actor, permissions }: { readonly actor: Actor; readonly permissions: Identity['permissions'] },
): Promise<CostLimitStatus> {
  const { store, budget } = session;
  const parked = parkedRuns(session).find(({ run }) => run.runId === runId);
  const question = budgetQuestions(session).find((one) => one.runId === runId);
  if (parked === undefined || question === undefined)
    throw new AppError('cost.not_asked', `The run ${runId} waits for no limit of spending.`, {
      hint: "'aiworkflow costs questions' lists the runs that do.",
    });
  if (question.hash !== hash || question.limit.name !== shown)
    throw new AppError(
      'cost.question_changed',
      `The limit '${parked.limit.name}' or what the run asks for is another now.`,
      {
        hint: 'Look at it as it is now, then decide.',
      },
    );
  requireAmount(by, question.needs);
  const { limit, run } = parked;
  if (once) {
    if (!permissions.has('config:manage'))
      requireApprover(
        session.access,
        { approvers: [], requester: run.actor, allowsSelf: session.config.governance.allowSelfApproval },
        actor.id,
      );
    budget.allow(limit, callOf(run), by);
    await session.engine.resume(runId, actor);
  } else {
    refuseWritten(store, limit.name);
    store.limits.save({ ...limit, max_cost: fromE10(BigInt(toE10(limit.max_cost)) + BigInt(toE10(by))) });
    await session.engine.resume(runId, actor);
    session.limitsChanged(limit.name);
  }
  const now = store.limits.list().find(({ name }) => name === limit.name) ?? limit;
  return limitStatus(session, now);
}

/** `cost.limit_written` for a limit that stands in the settings: what the app stored would not hold. */
export function refuseWritten({ limits }: Session['store'], name: string): void {
  if (!limits.isWritten(name)) return;
  throw new AppError('cost.limit_written', `The limit '${name}' stands in aiworkflow.yaml and is changed there.`, {
    hint: "Change it under 'costs.limits', then open the project again. A run that waits can be given more once.",
    details: { limit: name },
  });
}

function requireAmount(by: string, needs: string): void {
  const wrong = (message: string, hint: string): AppError =>
    new AppError('contract.invalid_input', message, {
      hint,
      details: { problems: [{ name: 'by', message: `${message} ${hint}` }] },
    });
  const amount = roundDecimal(by);
  if (amount === null || amount === '0' || !/^\d+(\.\d{1,10})?$/.test(by))
    throw wrong(`'${by}' is no amount above 0.`, 'Write USD such as 5 or 0.50.');
  if (toE10(amount) < toE10(needs))
    throw wrong(`$${amount} are too little for the call.`, `It needs $${needs} more at least.`);
}
