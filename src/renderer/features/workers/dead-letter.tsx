import { RotateCcw, Trash2, Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import { type DiffLine, diffLines } from '../../../shared/diff-lines.ts';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { useReason } from './dead-reason.ts';
import { InputsVerdict } from './inputs-verdict.tsx';
import { MessageFacts } from './message-facts.tsx';
import { payloadText, readPayload } from './payload-text.ts';
import { whichOf } from './workers-store.ts';

interface DeadLetterProps {
  readonly queue: QueueView;
  readonly letter: ShownMessage;
}

/** One dead letter: why it is dead, its inputs to be mended, and the way back into the queue. */
export function DeadLetter({ queue, letter }: DeadLetterProps) {
  const { t } = useTranslation('workers');
  const came = payloadText(letter.payload);
  const [text, setText] = useState(came);
  const [isBusy, setIsBusy] = useState(false);
  const payload = readPayload(text);
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
          {letter.runId === null ? <p className="sm">{t('refused')}</p> : null}
        </Note>
        <MessageFacts message={letter} />
        <Inputs came={came} text={text} isJson={payload !== null} onText={setText} />
        {payload === null ? null : <InputsVerdict which={which} payload={payload} />}
        <p className="muted sm">{t('inputsHelp')}</p>
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

interface InputsProps {
  /** As it came. */
  readonly came: string;
  readonly text: string;
  readonly isJson: boolean;
  readonly onText: (text: string) => void;
}

const MOST_ROWS = 14;

/** The inputs to be mended, and below them what is changed, line by line. */
function Inputs({ came, text, isJson, onText }: InputsProps) {
  const { t } = useTranslation('workers');
  const id = useId();
  const lines = diffLines(came.split('\n'), text.split('\n'));
  const count = (sign: '+' | '-'): number => lines.filter((line) => line.sign === sign).length;
  const changed = Math.max(count('+'), count('-'));
  return (
    <>
      <Field
        id={id}
        label={t('inputs')}
        note={changed === 0 ? undefined : t('changed', { count: changed })}
        error={isJson ? null : t('notJson')}
      >
        <TextArea
          id={id}
          className="mono"
          rows={Math.min(MOST_ROWS, text.split('\n').length + 1)}
          value={text}
          isBad={!isJson}
          {...(isJson ? {} : { 'aria-describedby': `${id}-help` })}
          onChange={(event) => onText(event.target.value)}
        />
      </Field>
      {changed === 0 ? null : <Changes lines={lines} onBack={() => onText(came)} />}
    </>
  );
}

const CLASSES = { '+': 'l add', '-': 'l del', ' ': 'l' } as const;

function Changes({ lines, onBack }: { readonly lines: readonly DiffLine[]; readonly onBack: () => void }) {
  const { t } = useTranslation('workers');
  return (
    <figure className="letter-changes">
      <figcaption className="row sm">
        <span className="grow strong">{t('changes')}</span>
        <Button variant="ghost" icon={Undo2} onClick={onBack}>
          {t('asItCame')}
        </Button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section className="code" tabIndex={0} aria-label={t('changes')}>
        {nearChanges(lines).map(({ sign, text }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a comparison have no other identity
          <div key={at} className={CLASSES[sign]}>
            <span className="sg" aria-hidden="true">
              {sign === '-' ? '−' : sign}
            </span>
            {sign === ' ' ? null : <span className="sr">{t(sign === '+' ? 'comes' : 'goes')}</span>}
            <span>{text}</span>
          </div>
        ))}
      </section>
    </figure>
  );
}

/** So many lines around a change are shown with it. */
const AROUND = 2;

const nearChanges = (lines: readonly DiffLine[]): readonly DiffLine[] =>
  lines.filter((_, at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ sign }) => sign !== ' '));
