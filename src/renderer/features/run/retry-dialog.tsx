import { CopyPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { Repeats } from '../../ui/repeats.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { showReplay } from './run-store.ts';

interface RetryDialogProps {
  readonly view: RunView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRetry: (from: string) => void;
}

/** Which step to begin again with, the failed one unless told; says before anything begins which effects come again. */
export function RetryDialog(props: RetryDialogProps) {
  return props.isOpen ? <OpenRetryDialog {...props} /> : null;
}

function OpenRetryDialog({ view, onClose, onRetry }: RetryDialogProps) {
  const { t } = useTranslation('run');
  const { runId } = view.run;
  const [chosen, setChosen] = useState('');
  const { data: plan, refresh } = useOwnQuery(
    { ask: (from: string) => call('runs.planRetry', { runId, ...(from === '' ? {} : { from }) }) },
    chosen,
  );
  const from = chosen === '' ? (plan.value?.from ?? '') : chosen;
  const at = view.plan.findIndex((step) => step.id === from);
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="30rem"
      title={t('retry.title')}
      description={t('retry.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('retry.keep')}</Button>
          <Button
            variant="primary"
            needs="runs.retry"
            reason={plan.value === null ? t('retry.looking') : null}
            onClick={() => {
              onClose();
              onRetry(from);
            }}
          >
            {t('retry.act')}
          </Button>
        </>
      }
    >
      <Field
        id="retry-from"
        label={t('retry.from')}
        help={
          at < 0
            ? t('retry.inside')
            : t('retry.begun', { kept: t('retry.kept', { count: at }), count: view.plan.length - at })
        }
      >
        <Select
          id="retry-from"
          value={from}
          choices={choicesOf(view)}
          onChange={setChosen}
          describedBy="retry-from-help"
        />
      </Field>
      {plan.status === 'error' ? <ErrorNote error={plan.error} onRetry={refresh} className="mt-3" /> : null}
      {plan.value === null && plan.status !== 'error' ? <SkeletonRows rows={2} /> : null}
      {plan.value === null ? null : <Repeats steps={plan.value.repeats} />}
      <Button
        className="mt-3"
        variant="ghost"
        icon={CopyPlus}
        onClick={() => {
          onClose();
          showReplay(true);
        }}
      >
        {t('retry.otherInputs')}
      </Button>
    </Dialog>
  );
}

/** More of them nobody looks through. */
const MOST_INSIDE = 200;

/** Every top step, each followed by what was begun inside of it. */
function choicesOf({ plan, steps }: RunView): readonly { readonly value: string; readonly label: string }[] {
  let left = MOST_INSIDE;
  return plan.flatMap((step, index) => {
    const inside = steps
      .filter(({ path, attempts }) => attempts.length > 0 && path !== step.id && path.split(/[.[]/, 1)[0] === step.id)
      .filter(({ path }) => !/\.(?:call\[|!)/.test(path))
      .slice(0, left);
    left -= inside.length;
    return [
      { value: step.id, label: `${index + 1} ${step.name}` },
      ...inside.map(({ path, name }) => ({ value: path, label: `${index + 1} ${name}: ${path}` })),
    ];
  });
}
