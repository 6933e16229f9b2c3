import { useTranslation } from 'react-i18next';
import type { CleanupPlan, StorageReport } from '../../../shared/model/storage.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { showToast } from '../../ui/toasts.tsx';

interface CleanupDialogProps {
  readonly plan: CleanupPlan;
  readonly report: StorageReport;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Removes what the preview names. The first one says what happens by itself from then on, and is agreed to here. */
export function CleanupDialog({ plan, report, onClose, onDone }: CleanupDialogProps) {
  const { t } = useTranslation('storage');
  const { isBusy, error, attempt } = useTried();
  const { runs, deliveries, auditEvents, days } = plan;
  const remove = async (): Promise<void> => {
    const isDone = await attempt(async () => {
      const done = await call('storage.cleanup', { days, agrees: true });
      const words = { runs: formatCount(done.runs), size: formatBytes(done.bytes) };
      showToast(t(done.isCompacted ? 'removed' : 'removedLater', words));
    });
    onDone();
    if (isDone) onClose();
  };
  const title =
    runs > 0
      ? t('ask.title', { count: runs })
      : deliveries > 0
        ? t('ask.titleDeliveries', { count: deliveries })
        : t('ask.titleAudit', { count: auditEvents });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="28rem"
      title={title}
      description={t('ask.text', { size: formatBytes(plan.bytes) })}
      footer={
        <>
          <Button onClick={onClose}>{t('ask.keep')}</Button>
          <Button
            variant="danger-solid"
            needs="storage.cleanup"
            reason={isBusy ? t('everywhere:busy') : null}
            onClick={() => void remove()}
          >
            {t('ask.act')}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      {report.isAgreed || days > report.retention.runs ? null : (
        <p>{t('ask.first', { count: report.retention.runs })}</p>
      )}
    </Dialog>
  );
}
