import type { TFunction } from 'i18next';
import { CircleCheck, CircleQuestionMark, CircleX, type LucideIcon, RotateCcw } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { plainText } from '../../../shared/ansi.ts';
import type { EarlierOutput } from '../../../shared/contract/index.ts';
import type { Json } from '../../../shared/json.ts';
import type { StepState } from '../../../shared/model/run.ts';
import type { Step } from '../../../shared/model/workflow.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useDraft } from '../../client/use-draft.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { hintOf } from '../../ui/error-hint.ts';
import { Field, TextArea } from '../../ui/field.tsx';
import { formatExact } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { runLink } from '../../ui/links.ts';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { fieldsNotIn, type LaterNeeds, laterNeeds } from './later-needs.ts';
import { outputText, parseOutput } from './parse-output.ts';
import { shownRun } from './run-store.ts';

interface InDoubtPanelProps {
  readonly runId: string;
  readonly state: StepState;
  readonly action: string | null;
  /** What later steps need of the output stands in it. */
  readonly plan: readonly Step[];
  /** False while other steps of the run still go on. */
  readonly isIdle: boolean;
}

type Choice = 'completed' | 'failed' | 'rerun';

/** A step that began and whose end nobody knows: never guessed, a person looks and decides. */
export function InDoubtPanel({ runId, state, action, plan, isIdle }: InDoubtPanelProps) {
  const { t } = useTranslation('run');
  const [draft, setDraft] = useDraft<string>(`worked ${runId} ${state.path}`);
  const [isBusy, setIsBusy] = useState(false);
  const resolve = async (as: Choice, output?: Json): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    await act(async () => {
      await call('runs.resolve', { runId, path: state.path, as, ...(output === undefined ? {} : { output }) });
      setDraft(null);
      showToast(t(`doubt.done.${as}`));
      // The question is gone, and with it what had the focus.
      document.querySelector<HTMLElement>('[role="treegrid"]')?.focus();
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
        <p className="sm">
          <Said text={state.error === null ? t('doubt.why') : plainText(state.error.message)} />
        </p>
        <p className="sm">
          <Said text={(state.error === null ? undefined : hintOf(state.error)) ?? t('doubt.look')} />
        </p>
        <ul className="choices" aria-label={t('doubt.choices')}>
          <ChoiceRow icon={CircleCheck} choice="completed" onChoose={() => setDraft('')} />
          <ChoiceRow icon={CircleX} choice="failed" onChoose={() => void resolve('failed')} />
          <ChoiceRow icon={RotateCcw} choice="rerun" onChoose={() => void resolve('rerun')} />
        </ul>
        {isIdle ? null : <p className="sm muted">{t('doubt.othersGoOn')}</p>}
      </div>
      {draft === null ? null : (
        <WorkedDialog
          {...{ runId, state, plan }}
          text={draft}
          onText={setDraft}
          onClose={() => setDraft(null)}
          onAct={(output) => void resolve('completed', output)}
        />
      )}
    </Note>
  );
}

interface ChoiceRowProps {
  readonly icon: LucideIcon;
  readonly choice: Choice;
  readonly onChoose: () => void;
}

/** A choice beside what it means. */
function ChoiceRow({ icon, choice, onChoose }: ChoiceRowProps) {
  const { t } = useTranslation('run');
  const id = useId();
  return (
    <li>
      <Button needs="runs.resolve" icon={icon} aria-describedby={id} onClick={onChoose}>
        {t(`doubt.choice.${choice}`)}
      </Button>
      <p className="sm" id={id}>
        {t(`doubt.means.${choice}`)}
      </p>
    </li>
  );
}

interface WorkedDialogProps {
  readonly runId: string;
  readonly state: StepState;
  readonly plan: readonly Step[];
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
  readonly onAct: (output: Json) => void;
}

/** Asks for the output that later steps will use in place of the lost one; what the step gave an earlier time is the example. */
function WorkedDialog({ runId, state, plan, text, onText, onClose, onAct }: WorkedDialogProps) {
  const { t } = useTranslation('run');
  const textRef = useRef<HTMLElement>(null);
  const [isChecked, setIsChecked] = useState(false);
  const { data: earlier } = useOwnQuery(
    { ask: (path: string) => call('runs.earlierOutput', { runId, path }).then((found) => ({ found })) },
    state.path,
  );
  const example = earlier.value?.found ?? null;
  const needs = laterNeeds(plan, state.stepId);
  const parsed = parseOutput(text);
  // Later steps would go on with nothing, and nobody would have said so.
  const isNeeded = needs.steps.length > 0;
  const isMissing = isNeeded && text.trim() === '';
  const badOutput = parsed.ok ? null : t('doubt.badOutput', { reason: parsed.reason });
  const problem = isChecked ? (isMissing ? t('doubt.noOutput') : badOutput) : null;
  const act = (): void => {
    setIsChecked(true);
    if (parsed.ok && !isMissing) onAct(parsed.value);
  };
  const notInIt = parsed.ok && !isMissing ? fieldsNotIn(parsed.value, needs) : [];
  const help =
    example === null ? t('doubt.outputHelp', { example: exampleOf(needs.fields) }) : t('doubt.outputHelpShort');
  return (
    <Dialog
      isOpen
      initialFocus={textRef}
      onClose={onClose}
      title={t('doubt.workedTitle', { name: state.name })}
      description={needsText(t, needs)}
      footer={
        <>
          <Button onClick={onClose}>{t('doubt.back')}</Button>
          <Button variant="primary" needs="runs.resolve" onClick={act}>
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
        {example === null ? null : (
          <Example example={example} onUse={() => onText(textToUse(example.output, isNeeded))} />
        )}
        <Field
          id="doubt-output"
          label={t('doubt.output')}
          note={isNeeded ? undefined : t('everywhere:optional')}
          help={notInIt.length === 0 ? help : t('doubt.notInIt', { fields: notInIt.join(', ') })}
          error={problem}
        >
          <TextArea
            id="doubt-output"
            className="mono"
            rows={6}
            value={text}
            isBad={problem !== null}
            aria-describedby="doubt-output-help"
            onChange={(event) => onText(event.target.value)}
            onBlur={() => setIsChecked(text.trim() !== '')}
          />
        </Field>
      </div>
    </Dialog>
  );
}

/** What the step gave, as text; nothing is written out where nothing has to be said. */
const textToUse = (output: Json, isNeeded: boolean): string => outputText(output) || (isNeeded ? 'null' : '');

const NAMED = 3;

/** Which later steps look for what in the output. */
function needsText(t: TFunction<'run'>, { steps, fields }: LaterNeeds): string {
  if (steps.length === 0) return t('doubt.needsNothing');
  const names = steps.slice(0, NAMED).map((name) => `“${name}”`);
  const rest = steps.length - NAMED;
  const who = [...names, ...(rest > 0 ? [t('doubt.needsMore', { count: rest })] : [])].join(', ');
  return fields.length === 0 ? t('doubt.needsAll', { who }) : t('doubt.needs', { who, fields: fields.join(', ') });
}

/** JSON with the fields that are looked for. */
const exampleOf = (fields: readonly string[]): string =>
  fields.length === 0 ? '{"id": 1187}' : `{${fields.map((field) => `"${field}": …`).join(', ')}}`;

interface ExampleProps {
  readonly example: EarlierOutput;
  readonly onUse: () => void;
}

/** What the step gave when it last completed: to take over and to change. */
function Example({ example, onUse }: ExampleProps) {
  const { t } = useTranslation('run');
  const { output, completedAt, runId } = example;
  return (
    <section className="mb-3" aria-label={t('doubt.earlier')}>
      <p className="sm row">
        <span className="grow">
          {t('doubt.earlier')}{' '}
          <Link to={runLink(runId)} target="_blank" className="muted">
            <TimeAgo at={completedAt} />
          </Link>
        </span>
        <Button onClick={onUse}>{t('doubt.useEarlier')}</Button>
      </p>
      <div className="earlier">
        <JsonView value={output} label={t('doubt.earlier')} openLevels={3} />
      </div>
    </section>
  );
}
