import { Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showError, showToast } from '../../ui/toasts.tsx';
import { whichOf } from './workers-store.ts';

const MOST_SLOTS = 1_000;

/** Somebody who takes the messages of a queue: this app, or a project on another computer by one command. */
export function StartWorkerDialog({ queue, onClose }: { readonly queue: QueueView; readonly onClose: () => void }) {
  const { t } = useTranslation('workers');
  const id = useId();
  const { isBusy, error, attempt } = useTried();
  const [text, setText] = useState(String(queue.worker?.concurrency ?? 1));
  const slots = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  const isGood = slots >= 1 && slots <= MOST_SLOTS;
  const refusal = isGood ? null : t('start.bad', { most: MOST_SLOTS });
  const start = async (): Promise<void> => {
    const isDone = await attempt(async () => {
      await call('queue.serve', { ...whichOf(queue), concurrency: slots });
      showToast(t('start.done', { count: slots, name: queue.name }));
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={t('start.title', { name: queue.name })}
      act={t('start.act')}
      needs="queue.serve"
      isBusy={isBusy}
      refusal={refusal}
      error={error}
      onClose={onClose}
      onSend={() => void start()}
    >
      <TextField
        id={id}
        label={t('start.slots')}
        help={t('start.slotsHelp')}
        error={refusal}
        inputMode="numeric"
        value={text}
        onText={setText}
      />
      <Elsewhere queue={queue} />
    </FormDialog>
  );
}

/** The command for another computer, where the queue can be reached from there. */
function Elsewhere({ queue: { type, name, place } }: { readonly queue: QueueView }) {
  const { t } = useTranslation('workers');
  const command = `aiworkflow queue worker --type redis --redis-url ${place ?? ''} --queue ${name} --concurrency 2`;
  const copy = (): Promise<void> =>
    navigator.clipboard.writeText(command).then(() => void showToast(t('start.copied')), showError);
  return (
    <section className="start-elsewhere">
      <h3>{t('start.elsewhere')}</h3>
      {type === 'redis' ? (
        <>
          <p className="sm muted">{t('start.command')}</p>
          <div className="row">
            <code className="grow">{command}</code>
            <Button variant="ghost" icon={Copy} label={t('start.copy')} onClick={() => void copy()} />
          </div>
        </>
      ) : (
        <p className="sm muted">{t(type === 'rabbitmq' ? 'start.rabbit' : 'start.local')}</p>
      )}
    </section>
  );
}
