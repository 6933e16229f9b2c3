import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { TriggerDetail } from '../../../../shared/contract/index.ts';
import { act } from '../../../client/act.ts';
import { call } from '../../../client/bridge.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { showToast } from '../../../ui/toasts.tsx';

/** Takes a schedule out of `schedules.yaml`, after asking. */
export function RemoveSchedule({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('schedule');
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const { id, workflowName, source } = trigger;
  const remove = async (): Promise<void> => {
    setIsAsking(false);
    const isDone = await act(async () => {
      await call('schedules.remove', { id });
      return true;
    });
    if (isDone === undefined) return;
    showToast(t('remove.done', { name: workflowName }));
    await navigate('/triggers');
  };
  return (
    <>
      <Button variant="danger" needs="schedules.remove" icon={Trash2} onClick={() => setIsAsking(true)}>
        {t('remove.act')}
      </Button>
      <Dialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('remove.title', { name: workflowName })}
        description={t('remove.text', { id, file: source })}
        footer={
          <>
            <Button onClick={() => setIsAsking(false)}>{t('remove.keep')}</Button>
            <Button variant="danger-solid" needs="schedules.remove" icon={Trash2} onClick={() => void remove()}>
              {t('remove.act')}
            </Button>
          </>
        }
      />
    </>
  );
}
