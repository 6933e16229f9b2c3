import { CircleCheck, Clock, TriangleAlert, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FileUndoTexts, RunView } from '../../../../shared/contract/index.ts';
import type { FileChange, FileText } from '../../../../shared/model/file-undo.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import { Button } from '../../../ui/button.tsx';
import { formatBytes, formatExact } from '../../../ui/format.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import { RadioChoices } from '../../../ui/radio-choices.tsx';
import { Said } from '../../../ui/said.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { type UndoHunk, undoHunks, undoLines } from './undo-lines.ts';
import { effectText } from './undo-list.tsx';
import type { UndoRow } from './undo-rows.ts';

interface UndoSideProps {
  readonly view: RunView;
  readonly row: UndoRow;
  /** Another one when files may be others. */
  readonly stamp: unknown;
  readonly isTaken: (row: UndoRow) => boolean | null;
  readonly onTake: (row: UndoRow, isBack: boolean) => void;
  readonly onBack: (undo: string) => void;
  readonly onRollback: () => void;
}

/** All about the chosen line, and what is to become of it. */
export function UndoSide(props: UndoSideProps) {
  const { row } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="undo-side" tabIndex={0} aria-labelledby="undo-side-head">
      {row.kind === 'file' ? <FileSide {...props} row={row} /> : null}
      {row.kind === 'gap' ? <GapSide row={row} /> : null}
      {row.kind === 'effect' ? <EffectSide row={row} onRollback={props.onRollback} /> : null}
      {row.kind === 'undo' ? <PastSide row={row} onBack={props.onBack} /> : null}
    </section>
  );
}

type RowOf<K extends UndoRow['kind']> = Extract<UndoRow, { readonly kind: K }>;

function FileSide({ view, row, stamp, isTaken, onTake }: UndoSideProps & { readonly row: RowOf<'file'> }) {
  const { t } = useTranslation('undo');
  const { change } = row;
  const { root, path, state, steps } = change;
  const { data, refresh } = useOwnQuery<FileUndoTexts, string>(
    { ask: () => call('runs.readUndo', { runId: view.run.runId, place: { root, path } }) },
    row.key,
    stamp,
  );
  const nameOf = (step: string): string => view.steps.find((one) => one.path === step)?.name ?? step;
  return (
    <>
      <h2 id="undo-side-head" className="mono undo-path">
        {path}
      </h2>
      <p className="sm muted">{t('steps', { steps: steps.map(nameOf).join(', ') })}</p>
      {state === 'changed_since' ? (
        <Note tone="waiting" icon={Clock}>
          <b>{t('since.title')}</b>
          <p className="sm">{t('since.text')}</p>
        </Note>
      ) : null}
      {state === 'undone' ? <Note icon={CircleCheck}>{t('state.undone')}</Note> : null}
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {data.value === null ? (
        data.status === 'error' ? null : (
          <SkeletonRows rows={4} />
        )
      ) : (
        <Comparison texts={data.value} change={change} />
      )}
      {state === 'undone' ? null : (
        <>
          <h3>{t('choose.title')}</h3>
          <RadioChoices
            label={t('choose.title')}
            value={isTaken(row) === true ? 'back' : 'leave'}
            choices={choicesOf(t, state)}
            onChoose={(value) => onTake(row, value === 'back')}
          />
        </>
      )}
    </>
  );
}

type T = ReturnType<typeof useTranslation<'undo'>>['t'];

function choicesOf(t: T, state: FileChange['state']) {
  const leave = { value: 'leave', label: t('choose.leave'), help: t('choose.leaveText') } as const;
  return state === 'undoable'
    ? ([{ value: 'back', label: t('choose.back'), help: t('choose.backText') }, leave] as const)
    : ([leave, { value: 'back', label: t('choose.overwrite'), help: t('choose.overwriteText') }] as const);
}

const octal = (mode: number): string => mode.toString(8).padStart(3, '0');

function Comparison({ texts, change }: { readonly texts: FileUndoTexts; readonly change: FileChange }) {
  const { t } = useTranslation('undo');
  const lines = undoLines(texts);
  const { before, after } = change;
  const isOtherMode = before?.kind === 'file' && after?.kind === 'file' && before.mode !== after.mode;
  const isSameText = lines?.every(({ sign }) => sign === ' ') === true && texts.now.kind === texts.before.kind;
  return (
    <>
      <div className="row undo-diff-head">
        <h3 className="grow">{t('diff.title')}</h3>
        <span className="sm muted">{t('diff.how')}</span>
      </div>
      {isOtherMode ? (
        <p className="sm">{t('diff.mode', { now: octal(after.mode), before: octal(before.mode) })}</p>
      ) : null}
      {lines === null || lines.length === 0 || texts.now.kind === 'none' || texts.before.kind === 'none' ? (
        <p className="sm">{t('diff.sides', { now: kindText(t, texts.now), before: kindText(t, texts.before) })}</p>
      ) : null}
      {isSameText ? <p className="sm">{t('diff.same')}</p> : null}
      {lines === null || lines.length === 0 || isSameText ? null : (
        <Lines hunks={undoHunks(lines)} label={t('diff.title')} by={{ own: t('diff.run'), other: t('diff.other') }} />
      )}
    </>
  );
}

/** What stands somewhere, in words. */
export function kindText(t: T, text: FileText): string {
  if (text.kind === 'link') return t('diff.link', { target: text.target });
  return t(`diff.${text.kind}`, 'size' in text ? { size: formatBytes(text.size) } : {});
}

/** More lines than this nobody reads here. */
const MOST_LINES = 400;

const CLASSES = { '+': 'l add', '-': 'l del', ' ': 'l' } as const;

interface LinesProps {
  readonly hunks: readonly UndoHunk[];
  readonly label: string;
  /** Who wrote lines that go. */
  readonly by: { readonly own: string; readonly other: string };
}

/** Lines of a comparison, with what goes and comes marked, and whose it was. */
export function Lines({ hunks, label, by }: LinesProps) {
  const { t } = useTranslation('undo');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="code undo-lines" tabIndex={0} aria-label={label}>
      {hunks.slice(0, MOST_LINES).map((line, at) =>
        'skipped' in line ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a comparison have no other identity
          <div key={at} className="l undo-skipped">
            {t('diff.skipped', { count: line.skipped })}
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a comparison have no other identity
          <div key={at} className={line.isForeign ? 'l undo-foreign' : CLASSES[line.sign]}>
            <span className="ln">{line.now}</span>
            <span className="ln">{line.before}</span>
            <span className="sg" aria-hidden="true">
              {line.isForeign ? '!' : line.sign === '-' ? '−' : line.sign}
            </span>
            {line.sign === ' ' ? null : <span className="sr">{t(line.sign === '+' ? 'diff.comes' : 'diff.goes')}</span>}
            <span className="grow tx">{line.text}</span>
            {line.sign === '-' ? <span className="by">{line.isForeign ? by.other : by.own}</span> : null}
          </div>
        ),
      )}
      {hunks.length > MOST_LINES ? (
        <div className="l undo-skipped">{t('diff.more', { count: hunks.length - MOST_LINES })}</div>
      ) : null}
    </section>
  );
}

function GapSide({ row: { gap } }: { readonly row: RowOf<'gap'> }) {
  const { t } = useTranslation('undo');
  return (
    <>
      <h2 id="undo-side-head" className="mono undo-path">
        {gap.step}
      </h2>
      <Note tone="waiting" icon={TriangleAlert}>
        <b>{t('gap.title')}</b>
        <p className="sm">
          <Said text={gap.error.message} />
        </p>
      </Note>
      <p className="sm muted">{t('gap.text')}</p>
    </>
  );
}

function EffectSide({ row, onRollback }: { readonly row: RowOf<'effect'>; readonly onRollback: () => void }) {
  const { t } = useTranslation('undo');
  const { effect } = row;
  return (
    <>
      <h2 id="undo-side-head">{effect.name}</h2>
      <p className="strong">{t(`effect.${effect.as}`)}</p>
      <p className="sm">{effectText(t, effect)}</p>
      {effect.as === 'compensatable' ? (
        <div className="row">
          <Button needs="runs.rollback" icon={Undo2} onClick={onRollback}>
            {t('effect.go')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function PastSide({ row, onBack }: { readonly row: RowOf<'undo'>; readonly onBack: (undo: string) => void }) {
  const { t } = useTranslation('undo');
  const { undo, takenBackBy } = row;
  const { name, by, at, counts } = undo;
  const reason = takenBackBy !== null ? t('past.wasBack') : counts === null ? t('past.cut') : null;
  return (
    <>
      <h2 id="undo-side-head">{name}</h2>
      <p className="sm muted">{t('past.row', { by, when: formatExact(at) })}</p>
      {counts === null ? null : <p className="sm">{t('past.kept', { kept: counts.kept, failed: counts.failed })}</p>}
      <p className="sm">{t('past.backText')}</p>
      <div className="row">
        <Button needs="runs.undo" icon={Undo2} reason={reason} onClick={() => onBack(name)}>
          {t('past.back')}
        </Button>
      </div>
    </>
  );
}
