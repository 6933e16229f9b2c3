import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Retention } from '../../../shared/model/storage.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Field, TextInput } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { storageNow } from './storage-store.ts';

const MAX_DAYS = 36_500;
const FIELDS = [
  { what: 'runs', label: 'stayRuns', least: 0 },
  { what: 'deliveries', label: 'stayDeliveries', least: 1 },
  { what: 'queue', label: 'stayQueue', least: 1 },
  { what: 'audit', label: 'stayAudit', least: 1 },
] as const;

interface RetentionDialogProps {
  readonly retention: Retention;
  readonly onClose: () => void;
}

/** Writes how long runs, deliveries and the audit stay. */
export function RetentionDialog({ retention, onClose }: RetentionDialogProps) {
  const { t } = useTranslation('storage');
  const { isBusy, error, attempt } = useTried();
  const [written, setWritten] = useState<Readonly<Record<keyof Retention, string>>>({
    runs: String(retention.runs),
    deliveries: String(retention.deliveries),
    queue: String(retention.queue),
    audit: String(retention.audit),
  });
  const isGood = (text: string, least: number): boolean =>
    /^\d{1,5}$/.test(text.trim()) && Number(text) >= least && Number(text) <= MAX_DAYS;
  const bad = FIELDS.find(({ what, least }) => !isGood(written[what], least));
  const save = async (): Promise<void> => {
    const { runs, deliveries, queue, audit } = written;
    const days = {
      ...{ runs: Number(runs), deliveries: Number(deliveries) },
      ...{ queue: Number(queue), audit: Number(audit) },
    };
    const isDone = await attempt(() => call('storage.setRetention', days));
    await storageNow.refresh();
    if (!isDone) return;
    showToast(t('keep.done'));
    onClose();
  };
  return (
    <FormDialog
      title={t('keep.title')}
      description={t('keep.text')}
      width="28rem"
      act={t('keep.act')}
      needs="storage.setRetention"
      isBusy={isBusy}
      refusal={bad === undefined ? null : t('keep.bad', { least: bad.least })}
      error={error}
      onClose={onClose}
      onSend={() => void save()}
    >
      {FIELDS.map(({ what, label, least }) => {
        const isFine = isGood(written[what], least);
        return (
          <Field key={what} id={`keep-${what}`} label={t(label)} error={isFine ? null : t('keep.bad', { least })}>
            <TextInput
              id={`keep-${what}`}
              inputMode="numeric"
              maxLength={5}
              value={written[what]}
              isBad={!isFine}
              {...(isFine ? {} : { 'aria-describedby': `keep-${what}-help` })}
              after={<span className="muted sm">{t('daysWord')}</span>}
              onChange={(event) => setWritten({ ...written, [what]: event.target.value })}
            />
          </Field>
        );
      })}
    </FormDialog>
  );
}
