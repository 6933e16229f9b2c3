import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PauseAsked } from '../../../shared/contract/index.ts';
import { nextMorning } from '../../../shared/next-morning.ts';
import { Button } from '../button.tsx';
import { Dialog } from '../dialog.tsx';
import { Field, TextInput } from '../field.tsx';
import { formatMoment } from '../format.ts';
import type { Needs } from '../rights.ts';
import { Select } from '../select.tsx';
import { useNow } from '../use-now.ts';

type End = 'hour' | 'morning' | 'person';
const HOUR_MS = 3_600_000;

/** When a pause of this kind ends that begins now, UTC ms; null = when a person ends it. */
const endOf = (end: End, now: number): number | null =>
  end === 'hour' ? now + HOUR_MS : end === 'morning' ? nextMorning(now) : null;

interface PauseDialogProps {
  readonly title: string;
  readonly text: string;
  /** The pause, at the app. */
  readonly needs: Needs;
  readonly onClose: () => void;
  readonly onPause: (asked: PauseAsked) => void;
}

/** Before a pause: what it does, how long it lasts, and why it is made. The reason stands beside everything that it leaves out. */
export function PauseDialog({ title, text, needs, onClose, onPause }: PauseDialogProps) {
  const { t } = useTranslation('triggers');
  const id = useId();
  const [reason, setReason] = useState('');
  const [end, setEnd] = useState<End>('person');
  const now = useNow(60_000);
  const labelOf = (one: End): string => {
    const until = endOf(one, now);
    return t(`pause:end.${one}`, { until: until === null ? '' : formatMoment(until, now) });
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t('pause:keepIt')}</Button>
      <Button variant="primary" needs={needs} type="submit" form={`${id}-form`}>
        {t('pause:act')}
      </Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={title} description={text} footer={footer}>
      <form
        id={`${id}-form`}
        onSubmit={(event) => {
          event.preventDefault();
          onPause({ reason: reason.trim(), until: endOf(end, Date.now()) });
          onClose();
        }}
      >
        <Field id={`${id}-end`} label={t('pause:ends')}>
          <Select
            id={`${id}-end`}
            value={end}
            choices={(['hour', 'morning', 'person'] as const).map((one) => ({ value: one, label: labelOf(one) }))}
            onChange={(next) => setEnd(next as End)}
          />
        </Field>
        <Field id={id} label={t('pause:reason')} note={t('pause:optional')} help={t('pause:reasonHelp')}>
          <TextInput
            id={id}
            value={reason}
            maxLength={1000}
            aria-describedby={`${id}-help`}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
