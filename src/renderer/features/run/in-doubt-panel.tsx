import { CircleCheck, CircleQuestionMark, CircleX, RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../../shared/json.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { plainText } from '../../ui/ansi.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { formatExact } from '../../ui/format.ts';
import { Note } from '../../ui/notes.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { parseOutput } from './parse-output.ts';
import { shownRun } from './run-store.ts';

interface InDoubtPanelProps {
  readonly runId: string;
  readonly state: StepState;
  readonly action: string | null;
  /** False while other steps of the run still go on. */
  readonly isIdle: boolean;
}

type Choice = 'completed' | 'failed' | 'rerun';

/** A step that began and whose end nobody knows: never guessed, a person looks and decides. */
export function InDoubtPanel({ runId, state, action, isIdle }: InDoubtPanelProps) {
  const { t } = useTranslation('run');
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const resolve = async (as: Choice, output?: Json): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    await act(async () => {
      await call('runs.resolve', { runId, path: state.path, as, ...(output === undefined ? {} : { output }) });
      setIsAsking(false);
      showToast(t(`doubt.done.${as}`));
    });
    setIsBusy(false);
    void shownRun.refresh();
  };
  const last = state.attempts.at(-1);
  return (
    <Note tone="in-doubt" icon={CircleQuestionMark} role="status">
      <div className="doubt">
        <h3>{t('doubt.title', { name: state.name })}</h3>
        <p className="sm">
          {t('doubt.what', {
            action: action ?? state.name,
            at: last === undefined ? t('step.unknown') : formatExact(last.startedAt),
          })}
        </p>
        <p className="sm">{state.error === null ? t('doubt.why') : plainText(state.error.message)}</p>
        <p className="sm">{state.error?.hint ?? t('doubt.look')}</p>
        <div className="choices">
          <Button icon={CircleCheck} onClick={() => setIsAsking(true)}>
            {t('doubt.worked')}
          </Button>
          <Button icon={CircleX} onClick={() => void resolve('failed')}>
            {t('doubt.didNot')}
          </Button>
          <Button icon={RotateCcw} onClick={() => void resolve('rerun')}>
            {t('doubt.again')}
          </Button>
        </div>
        <ul className="sm muted">
          <li>{t('doubt.workedMeans')}</li>
          <li>{t('doubt.didNotMeans')}</li>
          <li>{t('doubt.againMeans')}</li>
          {isIdle ? null : <li>{t('doubt.othersGoOn')}</li>}
        </ul>
      </div>
      {isAsking ? (
        <WorkedDialog
          name={state.name}
          onClose={() => setIsAsking(false)}
          onAct={(output) => void resolve('completed', output)}
        />
      ) : null}
    </Note>
  );
}

interface WorkedDialogProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onAct: (output: Json) => void;
}

/** Asks for the output that later steps will use in place of the lost one. */
function WorkedDialog({ name, onClose, onAct }: WorkedDialogProps) {
  const { t } = useTranslation('run');
  const textRef = useRef<HTMLElement>(null);
  const [text, setText] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const parsed = parseOutput(text);
  const problem = isChecked && !parsed.ok ? t('doubt.badOutput', { reason: parsed.reason }) : null;
  const act = (): void => {
    setIsChecked(true);
    if (parsed.ok) onAct(parsed.value);
  };
  return (
    <Dialog
      isOpen
      initialFocus={textRef}
      onClose={onClose}
      title={t('doubt.workedTitle', { name })}
      description={t('doubt.workedText')}
      footer={
        <>
          <Button onClick={onClose}>{t('doubt.back')}</Button>
          <Button variant="primary" onClick={act}>
            {t('doubt.markCompleted')}
          </Button>
        </>
      }
    >
      <div
        ref={(box) => {
          textRef.current = box?.querySelector('textarea') ?? null;
        }}
      >
        <Field
          id="doubt-output"
          label={t('doubt.output')}
          note={t('everywhere:optional')}
          help={t('doubt.outputHelp')}
          error={problem}
        >
          <TextArea
            id="doubt-output"
            className="mono"
            rows={6}
            value={text}
            isBad={problem !== null}
            aria-describedby="doubt-output-help"
            onChange={(event) => setText(event.target.value)}
            onBlur={() => setIsChecked(text.trim() !== '')}
          />
        </Field>
      </div>
    </Dialog>
  );
}
