import { CassetteTape, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { RunView } from '../../../../shared/contract/index.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import { useTried } from '../../../client/use-tried.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { runLink } from '../../../ui/links.ts';
import { ErrorNote } from '../../../ui/notes.tsx';
import { Repeats } from '../../../ui/repeats.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { Select } from '../../../ui/select.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { showToast } from '../../../ui/toasts.tsx';

type Which = 'then' | 'today';
/** The choice of no step: a path is never this. */
const NO_STEP = '.';

interface RecordingDialogProps {
  readonly view: RunView;
  readonly onClose: () => void;
}

/** Replays the run from what it was answered, or from a step on for real; says before what then has its effects again. */
export function RecordingDialog({ view, onClose }: RecordingDialogProps) {
  const { t } = useTranslation('tests');
  const navigate = useNavigate();
  const { runId } = view.run;
  const [which, setWhich] = useState<Which>('today');
  const [from, setFrom] = useState(NO_STEP);
  const { isBusy, error, attempt } = useTried();
  const wanted = (version: Which, step: string) => ({
    ...{ recording: { runId }, latest: version === 'today' },
    ...(step === NO_STEP ? {} : { from: step }),
  });
  const { data: plan, refresh } = useOwnQuery(
    {
      ask: (key: string) => {
        const [version, step = NO_STEP] = key.split('\n');
        return call('cassettes.planFork', wanted(version as Which, step));
      },
    },
    `${which}\n${from}`,
  );
  const isFork = from !== NO_STEP;
  const start = (): Promise<boolean> =>
    attempt(async () => {
      const started = await call('cassettes.replay', wanted(which, from));
      onClose();
      showToast(t('replay.done'));
      await navigate(runLink(started.runId));
    });
  const steps = plan.value?.steps ?? [];
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="34rem"
      title={t('replay.title')}
      description={t('replay.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('everywhere:cancel')}</Button>
          <Button
            variant="primary"
            needs="cassettes.replay"
            icon={isFork ? Play : CassetteTape}
            reason={isBusy || plan.value === null ? t('replay.looking') : null}
            onClick={() => void start()}
          >
            {t(isFork ? 'replay.fork' : 'replay.act')}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      <div className="grid gap-3">
        <Field id="recording-version" label={t('replay.version')}>
          <Segmented
            label={t('replay.version')}
            value={which}
            choices={[
              { value: 'today', label: t('replay.today') },
              { value: 'then', label: t('replay.pinned') },
            ]}
            onChoose={setWhich}
          />
        </Field>
        <Field id="recording-from" label={t('replay.from')} help={t('replay.fromHelp')}>
          <Select
            id="recording-from"
            value={from}
            choices={[
              { value: NO_STEP, label: t('replay.all') },
              ...steps.map((path) => ({ value: path, label: path })),
            ]}
            onChange={setFrom}
            describedBy="recording-from-help"
          />
        </Field>
      </div>
      {plan.status === 'error' ? <ErrorNote error={plan.error} onRetry={refresh} className="mt-3" /> : null}
      {plan.value === null && plan.status !== 'error' ? <SkeletonRows rows={2} /> : null}
      {isFork && plan.value !== null ? <Repeats steps={plan.value.repeats} /> : null}
    </Dialog>
  );
}
