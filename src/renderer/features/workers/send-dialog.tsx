import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import { QUEUE_PRIORITIES, type QueuePriority } from '../../../shared/model/queue.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { useWorkflowChoices } from '../../client/use-workflow-choices.ts';
import { Field, TextArea } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { readPayload } from './payload-text.ts';
import { whichOf } from './workers-store.ts';

/** A workflow with its inputs, put into a queue. */
export function SendDialog({ queue, onClose }: { readonly queue: QueueView; readonly onClose: () => void }) {
  const { t } = useTranslation('workers');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [workflow, setWorkflow] = useState('');
  const [priority, setPriority] = useState<QueuePriority>('normal');
  const [text, setText] = useState('{}');
  const choices = useWorkflowChoices(null);
  const payload = readPayload(text);
  const send = async (): Promise<void> => {
    if (workflow === '' || payload === null) return;
    const isDone = await attempt(async () => {
      const { warnings } = await call('queue.publish', { ...whichOf(queue), workflow, payload, priority });
      showToast([t('done.sent', { queue: queue.name }), ...warnings].join(' '));
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={t('sendTitle')}
      description={t('sendText')}
      act={t('sendAct')}
      needs="queue.publish"
      isBusy={isBusy}
      refusal={workflow === '' ? t('noWorkflow') : payload === null ? t('notJson') : null}
      error={error}
      onClose={onClose}
      onSend={() => void send()}
    >
      <Field id={`${id}-workflow`} label={t('workflow')}>
        <Select
          id={`${id}-workflow`}
          value={workflow}
          placeholder={t('noWorkflow')}
          choices={choices}
          onChange={setWorkflow}
        />
      </Field>
      <Field id={`${id}-priority`} label={t('priorityLabel')}>
        <Select
          id={`${id}-priority`}
          value={priority}
          choices={QUEUE_PRIORITIES.map((value) => ({ value, label: t(`priorityName.${value}`) }))}
          onChange={(next) => setPriority(QUEUE_PRIORITIES.find((one) => one === next) ?? 'normal')}
        />
      </Field>
      <Field
        id={`${id}-inputs`}
        label={t('payload')}
        help={t('payloadHelp')}
        error={payload === null ? t('notJson') : null}
      >
        <TextArea
          id={`${id}-inputs`}
          className="mono"
          rows={6}
          value={text}
          isBad={payload === null}
          aria-describedby={`${id}-inputs-help`}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
