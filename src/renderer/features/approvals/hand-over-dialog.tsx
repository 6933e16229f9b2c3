import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Field, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import { showToast } from '../../ui/toasts.tsx';

interface HandOverDialogProps {
  readonly detail: ApprovalDetail;
  readonly onClose: () => void;
  readonly onHandedOver: () => void;
}

/** To whom, and a word with it. Nothing is decided by it. */
export function HandOverDialog({ detail, onClose, onHandedOver }: HandOverDialogProps) {
  const { t } = useTranslation('approvals');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const { id: request, hash, delegates } = detail;
  const [to, setTo] = useState(delegates.length === 1 ? (delegates[0] ?? '') : '');
  const [comment, setComment] = useState('');
  const send = async (): Promise<void> => {
    const isDone = await attempt(() => call('approvals.delegate', { id: request, hash, to, comment: comment.trim() }));
    if (!isDone) return;
    showToast(t('handOver.done', { name: to }));
    onClose();
    onHandedOver();
  };
  return (
    <FormDialog
      width="28rem"
      title={t('handOver.title')}
      description={t('handOver.text')}
      act={t('handOver.act')}
      needs="approvals.delegate"
      isBusy={isBusy}
      refusal={to === '' ? t('handOver.needsName') : null}
      error={error}
      onClose={onClose}
      onSend={() => void send()}
    >
      <Field id={`${id}-to`} label={t('handOver.to')} help={t('handOver.toHelp')}>
        <SearchSelect
          id={`${id}-to`}
          label={t('handOver.to')}
          value={to}
          choices={delegates.map((name) => ({ value: name, label: name }))}
          placeholder={t('handOver.choose')}
          search={t('handOver.search')}
          none={t('handOver.none')}
          onChange={setTo}
        />
      </Field>
      <Field id={`${id}-comment`} label={t('decide.comment')}>
        <TextArea
          id={`${id}-comment`}
          rows={2}
          maxLength={4000}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
