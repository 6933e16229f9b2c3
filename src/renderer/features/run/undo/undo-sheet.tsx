import { Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileUndoPlan, FileUndoResult, PlannedUndo, RunView } from '../../../../shared/contract/index.ts';
import type { FilePlace } from '../../../../shared/model/file-undo.ts';
import { call } from '../../../client/bridge.ts';
import { useFreshOnFocus, useOwnQuery } from '../../../client/use-query.ts';
import { useTried } from '../../../client/use-tried.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatMoment } from '../../../ui/format.ts';
import { EmptyState, ErrorNote, Note } from '../../../ui/notes.tsx';
import { Said } from '../../../ui/said.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { shownRun } from '../run-store.ts';
import './undo.css';
import { UndoList } from './undo-list.tsx';
import { choose, chooseAll, chosenFiles, isTaken, NO_CHOICES, type UndoRow, undoRows } from './undo-rows.ts';
import { UndoSide } from './undo-side.tsx';

/** So many files that were not put back are named. */
const NAMED = 4;

interface Plans {
  readonly files: FileUndoPlan;
  readonly steps: readonly PlannedUndo[];
}

interface UndoSheetProps {
  readonly view: RunView;
  readonly onClose: () => void;
  readonly onRollback: () => void;
}

/** What undoing the run would do, file by file, before anything of it is done; then what was done, and the way back. */
export function UndoSheet({ view, onClose, onRollback }: UndoSheetProps) {
  const { t } = useTranslation('undo');
  const { runId, workflowName, startedAt, createdAt } = view.run;
  const query = useOwnQuery<Plans, string>(
    {
      ask: async (id) => {
        const [files, { steps }] = await Promise.all([
          call('runs.planUndo', { runId: id }),
          call('runs.planRollback', { runId: id }),
        ]);
        return { files, steps };
      },
    },
    runId,
    view.eventCount,
  );
  const { refresh } = query;
  useFreshOnFocus(useMemo(() => ({ refresh: async () => refresh() }), [refresh]));
  const plans = query.data.value;
  const [choices, setChoices] = useState(NO_CHOICES);
  const [result, setResult] = useState<FileUndoResult | null>(null);
  const { isBusy, error, attempt } = useTried();
  const now = useNow(60_000);
  const { count, ...chosen } = chosenFiles(plans?.files.changes ?? [], choices);
  const undo = (choice: { places?: FilePlace[]; overwrite?: FilePlace[]; undoes?: string }): void =>
    void attempt(async () => {
      setResult(await call('runs.undo', { runId, ...choice }));
      setChoices(NO_CHOICES);
      query.refresh();
      void shownRun.refresh();
    });
  const reason = plans === null || isBusy ? t(isBusy ? 'working' : 'looking') : count === 0 ? t('nothing') : null;
  return (
    <Dialog
      isOpen
      isSheet
      onClose={onClose}
      width="68rem"
      title={t('title')}
      mark={
        <>
          <span className="muted">
            {t('of', { name: workflowName, when: formatMoment(startedAt ?? createdAt, now) })}
          </span>
          <span className="mono sm muted cut undo-id">{runId}</span>
        </>
      }
      description={plans === null ? t('looking') : <Counts plan={plans.files} />}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t(result === null ? 'keep' : 'everywhere:close')}
          </Button>
          <span className="grow sm muted undo-others">{t('others')}</span>
          <Button variant="primary" icon={Undo2} needs="runs.undo" reason={reason} onClick={() => undo(chosen)}>
            {t('act', { count })}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      {result === null ? null : <Result result={result} onBack={() => undo({ undoes: result.name })} />}
      {query.data.status === 'error' ? <ErrorNote error={query.data.error} onRetry={query.refresh} /> : null}
      {plans === null ? (
        query.data.status === 'error' ? null : (
          <SkeletonRows rows={6} />
        )
      ) : (
        <Columns
          view={view}
          plans={plans}
          isTaken={(row) => (row.kind === 'file' ? isTaken(choices, row.change) : null)}
          onTake={(row, isBack) => {
            if (row.kind === 'file') setChoices(choose(choices, row.change, isBack));
          }}
          onTakeAll={(isBack) => setChoices(chooseAll(plans.files.changes, isBack))}
          onBack={(undoes) => undo({ undoes })}
          onRollback={onRollback}
        />
      )}
    </Dialog>
  );
}

function Counts({ plan: { changes } }: { readonly plan: FileUndoPlan }) {
  const { t } = useTranslation('undo');
  if (changes.length === 0) return t('empty.title');
  const count = (state: string): number => changes.filter((change) => change.state === state).length;
  return t('counts', {
    back: count('undoable'),
    total: changes.length,
    changed: count('changed_since'),
    undone: count('undone'),
  });
}

function Result({ result, onBack }: { readonly result: FileUndoResult; readonly onBack: () => void }) {
  const { t } = useTranslation('undo');
  const { restored, problems } = result;
  return (
    <Note tone={problems.length === 0 ? 'plain' : 'waiting'} icon={Undo2} role="status">
      <b>{t('result.done', { count: restored })}</b>{' '}
      {problems.length === 0 ? null : t('result.problems', { count: problems.length })}
      <ul className="sm">
        {problems.slice(0, NAMED).map(({ root, path, reason }) => (
          <li key={`${root}:${path}`}>
            <span className="mono">{path}</span> <Said text={reason} />
          </li>
        ))}
      </ul>
      {restored === 0 ? null : (
        <div className="row mt-1">
          <Button needs="runs.undo" icon={Undo2} onClick={onBack}>
            {t('past.back')}
          </Button>
        </div>
      )}
    </Note>
  );
}

interface ColumnsProps {
  readonly view: RunView;
  readonly plans: Plans;
  readonly isTaken: (row: UndoRow) => boolean | null;
  readonly onTake: (row: UndoRow, isBack: boolean) => void;
  readonly onTakeAll: (isBack: boolean) => void;
  readonly onBack: (undo: string) => void;
  readonly onRollback: () => void;
}

function Columns({ view, plans: { files, steps }, ...acts }: ColumnsProps) {
  const { t } = useTranslation('undo');
  const parts = useMemo(() => undoRows(files, steps, view.steps), [files, steps, view.steps]);
  const rows = useMemo(() => Object.values(parts).flat(), [parts]);
  const [chosen, setChosen] = useState('');
  const row = rows.find(({ key }) => key === chosen) ?? rows[0];
  const hasFiles = files.changes.length + files.gaps.length > 0;
  return (
    <>
      {hasFiles || row === undefined ? null : <Note>{t(files.isCovered ? 'empty.text' : 'empty.uncovered')}</Note>}
      {row === undefined ? (
        <EmptyState
          icon={Undo2}
          className="px-6"
          title={t('empty.title')}
          text={t(files.isCovered ? 'empty.text' : 'empty.uncovered')}
        />
      ) : (
        <div className="undo-columns">
          <UndoList parts={parts} chosen={row.key} onChoose={setChosen} {...acts} />
          <UndoSide key={row.key} view={view} row={row} stamp={files} {...acts} />
        </div>
      )}
    </>
  );
}
