import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WakeState } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';

/** What the timer of the system is now; it changes by this screen, or outside the app. */
export const useWake = () =>
  useOwnQuery<WakeState, string>({ ask: () => call('wake.show', {}), dueOn: () => null }, 'wake');

/** Shows all that is written before it is, and takes it away again. */
export function WakeControl({ wake, onChanged }: { readonly wake: WakeState; readonly onChanged: () => void }) {
  const { t } = useTranslation('settings');
  const [isAsking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    if ((await act(() => call('wake.remove', {}))) === undefined) return;
    showToast(t('wake.removed'));
    onChanged();
  };
  if (wake.problem !== null) return <span className="sm muted">{t(`wake.${wake.problem}`)}</span>;
  return (
    <>
      {wake.state === 'off' ? null : (
        <Button needs="wake.remove" onClick={() => void remove()}>
          {t('wake.remove')}
        </Button>
      )}
      {wake.state === 'on' ? (
        <span className="sm muted">
          {wake.lookedAt === null ? t('wake.notYet') : t('wake.looked')}{' '}
          {wake.lookedAt === null ? null : <TimeAgo at={wake.lookedAt} />}
        </span>
      ) : (
        <Button acts={false} onClick={() => setAsking(true)}>
          {t(wake.state === 'off' ? 'wake.show' : 'wake.showAgain')}
        </Button>
      )}
      {isAsking ? <WakeDialog wake={wake} onClose={() => setAsking(false)} onChanged={onChanged} /> : null}
    </>
  );
}

function WakeDialog({
  wake: { files, commands, hash },
  onClose,
  onChanged,
}: {
  readonly wake: WakeState;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation('settings');
  const { isBusy, error, attempt } = useTried();
  const install = async (): Promise<void> => {
    const isDone = await attempt(() => call('wake.install', { hash }));
    onChanged();
    if (!isDone) return;
    showToast(t('wake.installed'));
    onClose();
  };
  return (
    <FormDialog
      title={t('wake.title')}
      description={t('wake.asks')}
      width="46rem"
      act={t('wake.install')}
      needs="wake.install"
      isBusy={isBusy}
      refusal={null}
      error={error}
      onClose={onClose}
      onSend={() => void install()}
    >
      {files.map(({ path, text }) => (
        <WakeText key={path} title={path} text={text} />
      ))}
      <WakeText title={t('wake.commands')} text={commands.join('\n')} />
    </FormDialog>
  );
}

const WakeText = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <figure className="wake-text">
    <figcaption className="sm strong">{title}</figcaption>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
    <pre className="inset mono sm" tabIndex={0}>
      {text.trimEnd()}
    </pre>
  </figure>
);
