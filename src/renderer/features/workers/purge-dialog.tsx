import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { formatCount } from '../../ui/format.ts';
import { showToast } from '../../ui/toasts.tsx';
import { whichOf } from './workers-store.ts';

/** Removes what waits, after saying how much that is. */
export function PurgeDialog({ queue, onClose }: { readonly queue: QueueView; readonly onClose: () => void }) {
  const { t } = useTranslation('workers');
  const { isBusy, error, attempt } = useTried();
  const [all, setAll] = useState(false);
  const { name, counts } = queue;
  const purge = async (): Promise<void> => {
    const isDone = await attempt(async () => {
      const { removed } = await call('queue.purge', { ...whichOf(queue), all });
      showToast(t('done.purged', { count: removed }));
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={t('purgeTitle', { name })}
      description={t('purgeText', { count: counts.pending })}
      act={t('purgeAct')}
      needs="queue.purge"
      isDanger
      isBusy={isBusy}
      refusal={null}
      error={error}
      onClose={onClose}
      onSend={() => void purge()}
    >
      <Checkbox isChecked={all} onChange={setAll}>
        {t('purgeAll', { value: formatCount(counts.completed + counts.deadLetter) })}
      </Checkbox>
    </FormDialog>
  );
}
