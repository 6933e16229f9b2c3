import { Wallet } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunSummary } from '../../../shared/model/run.ts';
import { budgetQuestions } from '../../client/budget-questions.ts';
import { RaiseDialog } from '../../client/raise-dialog.tsx';
import { actOnRun } from '../../client/run-actions.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatExact, formatMoment, formatMoney } from '../../ui/format.ts';
import { Note } from '../../ui/notes.tsx';

/** A budget has paused the run: what it asks, and the three answers. */
export function BudgetPanel({ run }: { readonly run: RunSummary }) {
  const isParked = run.status === 'paused' && run.error?.code === 'cost.paused';
  return isParked ? <Question runId={run.runId} /> : null;
}

function Question({ runId }: Pick<RunSummary, 'runId'>) {
  const { t } = useTranslation('costs');
  const questions = useQuery(budgetQuestions).value ?? [];
  useEffect(() => budgetQuestions.open(null), []);
  const [isRaising, setIsRaising] = useState(false);
  const question = questions.find((one) => one.runId === runId);
  if (question === undefined) return null;
  const { limit, asked, goesOnAt } = question;
  return (
    <div className="mx-6 my-2 flex-none">
      <Note tone="waiting" icon={Wallet}>
        <div className="row">
          <span className="grow">
            {t(asked === null ? 'raise.askUnpriced' : 'raise.ask', {
              ...{ name: limit.name, spent: formatMoney(limit.spent), max: formatMoney(limit.max_cost) },
              asked: formatMoney(asked ?? '0'),
            })}
            {goesOnAt === null ? null : (
              <>
                {' '}
                <span title={formatExact(goesOnAt)}>
                  {t('raise.goesOn', { time: formatMoment(goesOnAt, Date.now()) })}
                </span>
              </>
            )}
          </span>
          <Button needs="runs.cancel" onClick={() => void actOnRun('cancel', runId)}>
            {t('raise.stop')}
          </Button>
          <Button needs="costs.raise" onClick={() => setIsRaising(true)}>
            {t('raise.open')}
          </Button>
        </div>
      </Note>
      {isRaising ? <RaiseDialog question={question} onClose={() => setIsRaising(false)} /> : null}
    </div>
  );
}
