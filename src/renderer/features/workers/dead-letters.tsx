import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import type { ShownMessage } from '../../../shared/model/queue.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { OptionList } from '../../ui/option-list.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { DeadLetter } from './dead-letter.tsx';
import { useReason } from './dead-reason.ts';
import { deadLetters, keyOfQueue, whichOf } from './workers-store.ts';

const ROW_PX = 48;
const SHOWN_ROWS = 5;

/** What no worker tries again: the list, and one of them open below it. */
export function DeadLetters({ queue }: { readonly queue: QueueView }) {
  const { t } = useTranslation('workers');
  const { value, error } = useQueryOf(deadLetters, keyOfQueue(whichOf(queue)));
  const [wanted, setWanted] = useState<string | null>(null);
  const letters = value ?? [];
  const chosen = letters.find(({ id }) => id === wanted) ?? letters[0] ?? null;
  return (
    <aside className="dead-letters" aria-labelledby="h-dead">
      <PaneHead
        id="h-dead"
        title={t('deadLetters')}
        {...(queue.fault === null ? { count: queue.counts.deadLetter } : {})}
      >
        <span className="muted sm">{t('kept')}</span>
      </PaneHead>
      {error === null || queue.fault !== null ? null : (
        <ErrorNote className="m-4" error={error} onRetry={() => void deadLetters.refresh()} />
      )}
      {value !== null && letters.length === 0 ? <p className="muted sm px-4">{t('noDead')}</p> : null}
      {chosen === null ? null : (
        <>
          <OptionList
            className="dead-list"
            label={t('deadLetters')}
            options={letters}
            keyOf={({ id }) => id}
            chosen={chosen.id}
            rowHeight={ROW_PX}
            fitRows={SHOWN_ROWS}
            onChoose={setWanted}
          >
            {(letter) => <DeadRow letter={letter} />}
          </OptionList>
          <DeadLetter key={chosen.id} queue={queue} letter={chosen} />
        </>
      )}
    </aside>
  );
}

function DeadRow({ letter }: { readonly letter: ShownMessage }) {
  const { t } = useTranslation('workers');
  const reason = useReason(letter);
  const { workflowName, workflowId, endedAt, createdAt, attempts, runId } = letter;
  const tries = attempts === 0 || runId === null ? t('never') : t('attempts', { count: attempts });
  return (
    <>
      <span className="row">
        <span className="strong grow cut">{workflowName ?? workflowId}</span>
        <TimeAgo at={endedAt ?? createdAt} className="sm muted nowrap" />
      </span>
      <span className="sm muted cut" title={reason}>
        {reason} · {tries}
      </span>
    </>
  );
}
