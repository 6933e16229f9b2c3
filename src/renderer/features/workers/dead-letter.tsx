import { RotateCcw, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { QueueView } from '../../../shared/contract/index.ts';
import { diffLines } from '../../../shared/diff-lines.ts';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { runLink } from '../../ui/links.ts';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { useReason } from './dead-reason.ts';
import { payloadText, readPayload } from './payload-text.ts';
import { whichOf } from './workers-store.ts';

interface DeadLetterProps {
  readonly queue: QueueView;
  readonly letter: ShownMessage;
}

/** One dead letter: why it is dead, its inputs to be mended, and the way back into the queue. */
export function DeadLetter({ queue, letter }: DeadLetterProps) {
  const { t } = useTranslation('workers');
  const id = useId();
  const came = payloadText(letter.payload);
  const [text, setText] = useState(came);
  const [isBusy, setIsBusy] = useState(false);
  const payload = readPayload(text);
  const changed = diffLines(came.split('\n'), text.split('\n')).filter(({ sign }) => sign !== ' ');
  const reason = useReason(letter);
  const which = { ...whichOf(queue), id: letter.id };
  const once = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    await act(work);
    setIsBusy(false);
  };
  const requeue = (): Promise<void> =>
    once(async () => {
      const { warnings } = await call('queue.requeue', { ...which, ...(payload === null ? {} : { payload }) });
      showToast([t('done.requeued'), ...warnings].join(' '));
    });
  const drop = (): Promise<void> =>
    once(async () => {
      await call('queue.drop', which);
      showToast(t('done.dropped'));
    });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll dead-letter" tabIndex={0} aria-label={t('pane')}>
        <Note tone="failed">
          <span className="strong">
            <Said text={reason} />
          </span>
        </Note>
        <Facts letter={letter} />
        <Field
          id={id}
          label={t('inputs')}
          note={
            changed.length === 0
              ? undefined
              : t('changed', { count: changed.filter(({ sign }) => sign === '+').length })
          }
          help={t('inputsHelp')}
          error={payload === null ? t('notJson') : null}
        >
          <TextArea
            id={id}
            className="mono"
            rows={Math.min(14, text.split('\n').length + 1)}
            value={text}
            isBad={payload === null}
            aria-describedby={`${id}-help`}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        {changed.length === 0 ? null : (
          <div>
            <ul className="changed mono sm" aria-label={t('changes')}>
              {changed.map(({ sign, text: line }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
                <li key={at} className={sign === '+' ? 'add' : 'del'}>
                  {sign} {line}
                </li>
              ))}
            </ul>
            <Button variant="ghost" onClick={() => setText(came)}>
              {t('asItCame')}
            </Button>
          </div>
        )}
      </section>
      <footer className="dead-acts">
        <Button variant="danger" icon={Trash2} needs="queue.drop" onClick={() => void drop()}>
          {t('drop')}
        </Button>
        <span className="grow" />
        <Button
          variant="primary"
          icon={RotateCcw}
          needs="queue.requeue"
          reason={payload === null ? t('notJson') : null}
          onClick={() => void requeue()}
        >
          {t('requeue')}
        </Button>
      </footer>
    </>
  );
}

function Facts({ letter }: { readonly letter: ShownMessage }) {
  const { t } = useTranslation('workers');
  const { id, priority, actor, queue, versionHash, runId } = letter;
  return (
    <dl className="kv sm">
      <dt>{t('fact.message')}</dt>
      <dd>
        <span className="mono">{id.slice(0, 8)}</span>{' '}
        <span className="muted">{t('fact.from', { priority: t(`priority.${priority}`), by: actor.id })}</span>
      </dd>
      <dt>{t('fact.queue')}</dt>
      <dd>{queue}</dd>
      <dt>{t('fact.version')}</dt>
      <dd className={versionHash === null ? 'muted' : 'mono'}>{versionHash?.slice(0, 8) ?? t('anyVersion')}</dd>
      {runId === null ? null : (
        <>
          <dt>{t('fact.run')}</dt>
          <dd>
            <Link to={runLink(runId)}>{t('fact.open')}</Link>
          </dd>
        </>
      )}
    </dl>
  );
}
