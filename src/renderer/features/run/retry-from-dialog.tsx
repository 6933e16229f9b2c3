import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

interface RetryFromDialogProps {
  readonly view: RunView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRetry: (from: string) => void;
}

/** Which step to begin again with; says how many steps that repeats. */
export function RetryFromDialog({ view, isOpen, onClose, onRetry }: RetryFromDialogProps) {
  const { t } = useTranslation('run');
  const failedId = view.plan.find((step) =>
    view.steps.some((state) => state.path === step.id && state.status === 'failed'),
  )?.id;
  const [chosen, setChosen] = useState<string | null>(null);
  const from = chosen ?? failedId ?? view.plan[0]?.id ?? '';
  const at = view.plan.findIndex((step) => step.id === from);
  const close = (): void => {
    setChosen(null);
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      width="28rem"
      title={t('retry.title')}
      description={t('retry.text')}
      footer={
        <>
          <Button onClick={close}>{t('retry.keep')}</Button>
          <Button
            variant="primary"
            onClick={() => {
              close();
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
        help={t('retry.help', { kept: Math.max(0, at), count: view.plan.length - Math.max(0, at) })}
      >
        <Select
          id="retry-from"
          value={from}
          choices={view.plan.map((step, index) => ({ value: step.id, label: `${index + 1} ${step.name}` }))}
          onChange={setChosen}
          describedBy="retry-from-help"
        />
      </Field>
    </Dialog>
  );
}
