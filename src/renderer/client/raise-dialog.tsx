import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetQuestion } from '../../shared/model/cost-limit.ts';
import { Field, TextInput } from '../ui/field.tsx';
import { fieldErrors } from '../ui/field-errors.ts';
import { FormDialog } from '../ui/form-dialog.tsx';
import { formatMoney } from '../ui/format.ts';
import { RadioChoices } from '../ui/radio-choices.tsx';
import { showToast } from '../ui/toasts.tsx';
import { call } from './bridge.ts';
import { useTried } from './use-tried.ts';

interface RaiseDialogProps {
  readonly question: BudgetQuestion;
  readonly onClose: () => void;
}

const WAYS = ['once', 'forGood'] as const;
type Way = (typeof WAYS)[number];

/** More room for a run that a budget has paused: for it alone, or for everybody. The answer is bound to what is shown here. */
export function RaiseDialog({ question, onClose }: RaiseDialogProps) {
  const { t } = useTranslation('costs');
  const id = useId();
  // What is shown stays while it is looked at: an answer to something else is refused.
  const [shown] = useState(question);
  const { isBusy, error, attempt } = useTried();
  const [by, setBy] = useState(() => suggested(question));
  const [way, setWay] = useState<Way>('once');
  const errors = fieldErrors(error, {});
  const { runId, hash, limit, asked, needs, others, workflowName } = shown;
  const raise = async (): Promise<void> => {
    const isDone = await attempt(() =>
      call('costs.raise', { runId, limit: limit.name, hash, by: by.trim(), once: way === 'once' }),
    );
    if (!isDone) return;
    showToast(t('raise.done', { workflow: workflowName }));
    onClose();
  };
  return (
    <FormDialog
      width="30rem"
      title={t('raise.title', { name: limit.name })}
      description={t(asked === null ? 'raise.textUnpriced' : 'raise.text', {
        ...{ workflow: workflowName, spent: formatMoney(limit.spent), max: formatMoney(limit.max_cost) },
        asked: formatMoney(asked ?? '0'),
      })}
      act={t('raise.act')}
      needs="costs.raise"
      isBusy={isBusy}
      refusal={by.trim() === '' ? t('budgets.needsMax') : null}
      error={errors.other}
      onClose={onClose}
      onSend={() => void raise()}
    >
      <Field
        id={`${id}-by`}
        label={t('raise.by')}
        help={needs === '0' ? t('raise.roomAgain') : t('raise.byHelp', { needs: formatMoney(needs) })}
        error={errors.at('by')}
      >
        <TextInput
          id={`${id}-by`}
          inputMode="decimal"
          before="$"
          value={by}
          maxLength={30}
          isBad={errors.at('by') !== null}
          aria-describedby={`${id}-by-help`}
          onChange={(event) => setBy(event.target.value)}
        />
      </Field>
      <RadioChoices
        label={t('raise.way')}
        value={way}
        choices={WAYS.map((value) => ({
          ...{ value, label: t(`raise.ways.${value}`) },
          help: value === 'forGood' && others > 0 ? t('raise.others', { count: others }) : t(`raise.wayHelp.${value}`),
        }))}
        onChoose={setWay}
      />
    </FormDialog>
  );
}

const CENTS = 100;

/** A tenth of the limit, or what the call needs where that is more; in whole cents. */
function suggested({ limit, needs }: BudgetQuestion): string {
  const least = Math.max(Number(needs), Number(limit.max_cost) / 10);
  return (Math.ceil(Math.round(least * CENTS * 1e6) / 1e6) / CENTS).toFixed(2);
}
