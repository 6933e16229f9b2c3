import { CircleCheck, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FileUndoTexts, RunView } from '../../../../shared/contract/index.ts';
import type { FileChange } from '../../../../shared/model/file-undo.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import { RadioChoices } from '../../../ui/radio-choices.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { undoHunks, undoLines } from '../undo/undo-lines.ts';
import { kindText, Lines } from '../undo/undo-side.tsx';

interface TakeSideProps {
  readonly view: RunView;
  readonly change: FileChange;
  /** Another one when files may be others. */
  readonly stamp: unknown;
  readonly isTaken: boolean;
  readonly onTake: (isTaken: boolean) => void;
}

/** All about the chosen file, and what is to become of it. */
export function TakeSide({ view, change, stamp, isTaken, onTake }: TakeSideProps) {
  const { t } = useTranslation('take');
  const { root, path, state, steps } = change;
  const { data, refresh } = useOwnQuery<FileUndoTexts, string>(
    { ask: () => call('runs.readTake', { runId: view.run.runId, place: { root, path } }) },
    `${root}:${path}`,
    stamp,
  );
  const nameOf = (step: string): string => view.steps.find((one) => one.path === step)?.name ?? step;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="undo-side" tabIndex={0} aria-labelledby="take-side-head">
      <h2 id="take-side-head" className="mono undo-path">
        {path}
      </h2>
      {steps.length === 0 ? null : <p className="sm muted">{t('steps', { steps: steps.map(nameOf).join(', ') })}</p>}
      {state === 'changed_since' ? (
        <Note tone="waiting" icon={Clock}>
          <b>{t('since.title')}</b>
          <p className="sm">{t('since.text')}</p>
        </Note>
      ) : null}
      {state === 'undone' ? <Note icon={CircleCheck}>{t('state.undone')}</Note> : null}
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {data.value !== null ? (
        <Comparison texts={data.value} />
      ) : data.status === 'error' ? null : (
        <SkeletonRows rows={4} />
      )}
      {state === 'undone' ? null : (
        <>
          <h3>{t('choose.title')}</h3>
          <RadioChoices
            label={t('choose.title')}
            value={isTaken ? 'take' : 'leave'}
            choices={choicesOf(t, state)}
            onChoose={(value) => onTake(value === 'take')}
          />
        </>
      )}
    </section>
  );
}

type T = ReturnType<typeof useTranslation<'take'>>['t'];

function choicesOf(t: T, state: FileChange['state']) {
  const leave = { value: 'leave', label: t('choose.leave'), help: t('choose.leaveText') } as const;
  return state === 'undoable'
    ? ([{ value: 'take', label: t('choose.take'), help: t('choose.takeText') }, leave] as const)
    : ([leave, { value: 'take', label: t('choose.overwrite'), help: t('choose.overwriteText') }] as const);
}

/** The project as it is, and as the run left it; what is in the project alone is somebody else's. */
function Comparison({ texts: { before, after, now } }: { readonly texts: FileUndoTexts }) {
  const { t } = useTranslation('take');
  const { t: words } = useTranslation('undo');
  const lines = undoLines({ before: after, after: before, now });
  const isOneSided = now.kind === 'none' || after.kind === 'none';
  return (
    <>
      <div className="row undo-diff-head">
        <h3 className="grow">{t('diff.title')}</h3>
        <span className="sm muted">{t('diff.how')}</span>
      </div>
      {lines === null || lines.length === 0 || isOneSided ? (
        <p className="sm">{t('sides', { now: kindText(words, now), after: kindText(words, after) })}</p>
      ) : null}
      {lines === null || lines.length === 0 ? null : (
        <Lines hunks={undoHunks(lines)} label={t('diff.title')} by={{ own: '', other: t('diff.other') }} />
      )}
    </>
  );
}
