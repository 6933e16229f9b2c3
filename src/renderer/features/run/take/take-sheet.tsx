import { Ban, FileInput } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../../shared/contract/index.ts';
import type { FileChange } from '../../../../shared/model/file-undo.ts';
import { call } from '../../../client/bridge.ts';
import { useFreshOnFocus } from '../../../client/use-query.ts';
import { useTried } from '../../../client/use-tried.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { formatMoment } from '../../../ui/format.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import { saidPlainly } from '../../../ui/said.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { shownRun } from '../run-store.ts';
import '../undo/undo.css';
import { choose, chooseAll, chosenFiles, isTaken, keyOfPlace, NO_CHOICES } from '../undo/undo-rows.ts';
import { TakeList } from './take-list.tsx';
import type { TakeOffer } from './take-panel.tsx';
import { takeRows } from './take-rows.ts';
import { TakeSide } from './take-side.tsx';

const HASH_SHOWN = 12;

interface TakeSheetProps {
  readonly view: RunView;
  readonly offer: TakeOffer;
  readonly onAsk: () => void;
  readonly onClose: () => void;
}

/** What taking over would change in the project, file by file; all of it, some or nothing is taken, once. */
export function TakeSheet({ view, offer, onAsk, onClose }: TakeSheetProps) {
  const { t } = useTranslation('take');
  const { workflowName, startedAt, createdAt } = view.run;
  const { plan, request } = offer;
  useFreshOnFocus(useMemo(() => ({ refresh: async () => onAsk() }), [onAsk]));
  const parts = useMemo(() => takeRows(plan), [plan]);
  const changes = useMemo(() => Object.values(parts).flat(), [parts]);
  const [choices, setChoices] = useState(NO_CHOICES);
  const [key, setKey] = useState('');
  const { isBusy, error, attempt } = useTried();
  const now = useNow(60_000);
  const { count, places, overwrite } = chosenFiles(changes, choices);
  const row = changes.find((one) => keyOfPlace(one) === key) ?? changes[0];
  const decide = (work: (asked: { id: string; hash: string }) => Promise<unknown>): void =>
    void attempt(async () => {
      if (request === null) return;
      await work({ id: request.id, hash: request.hash });
      onAsk();
      void shownRun.refresh();
    });
  const isOffered = plan.status === 'offered';
  const mayNot = (action: 'decide' | 'reject'): string | null => {
    if (isBusy) return t('working');
    if (request === null) return t('noRequest');
    const may = request.actions[action];
    return may.enabled ? null : saidPlainly(may.reason);
  };
  const onTake = (change: FileChange, isOn: boolean): void => setChoices(choose(choices, change, isOn));
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
          {plan.hash === null ? null : (
            <span className="mono sm muted cut undo-id" title={plan.hash}>
              {t('hash', { hash: plan.hash.slice(0, HASH_SHOWN) })}
            </span>
          )}
        </>
      }
      description={
        isOffered
          ? t('counts', {
              free: parts.undoable.length,
              total: changes.length,
              changed: parts.changed_since.length,
              taken: parts.undone.length,
            })
          : t('title')
      }
      footer={
        isOffered ? (
          <>
            <Button variant="ghost" onClick={onClose}>
              {t('later')}
            </Button>
            <Button
              icon={Ban}
              needs="approvals.reject"
              reason={mayNot('reject')}
              onClick={() => decide((asked) => call('approvals.reject', { ...asked, reason: t('declineReason') }))}
            >
              {t('decline')}
            </Button>
            <span className="grow sm muted undo-others">{t('once')}</span>
            <Button
              variant="primary"
              icon={FileInput}
              needs="approvals.approve"
              reason={mayNot('decide') ?? (count === 0 ? t('nothing') : null)}
              onClick={() => decide((asked) => call('approvals.approve', { ...asked, places, overwrite }))}
            >
              {t('act', { count })}
            </Button>
          </>
        ) : (
          <Button variant="ghost" onClick={onClose}>
            {t('everywhere:close')}
          </Button>
        )
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      {isOffered && row !== undefined ? (
        <div className="undo-columns">
          <TakeList
            parts={parts}
            chosen={keyOfPlace(row)}
            onChoose={setKey}
            isTaken={(change) => isTaken(choices, change)}
            onTake={onTake}
            onTakeAll={(isOn) => setChoices(chooseAll(changes, isOn))}
          />
          <TakeSide
            key={keyOfPlace(row)}
            view={view}
            change={row}
            stamp={plan}
            isTaken={isTaken(choices, row)}
            onTake={(isOn) => onTake(row, isOn)}
          />
        </div>
      ) : (
        <Outcome offer={offer} />
      )}
    </Dialog>
  );
}

function Outcome({ offer: { plan } }: Pick<TakeSheetProps, 'offer'>) {
  const { t } = useTranslation('take');
  return (
    <Note icon={FileInput} role="status" className="m-4">
      {plan.status === 'taken' ? t('result.taken', { count: plan.counts?.restored ?? 0 }) : t('result.declined')}
    </Note>
  );
}
