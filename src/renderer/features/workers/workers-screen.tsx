import { Inbox } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { QueueView } from '../../../shared/contract/index.ts';
import { useQuery, useQueryOf } from '../../client/use-query.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { PageHead, PaneHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { QueuesTable } from './queues-table.tsx';
import { SendDialog } from './send-dialog.tsx';
import { ServerNotes } from './server-notes.tsx';
import { WaitingTable } from './waiting-table.tsx';
import { keyOfQueue, openMessages, queueList, whichOf } from './workers-store.ts';
import { WorkersTable } from './workers-table.tsx';
import './workers.css';

/** Who runs what where? */
export function WorkersScreen() {
  const { t } = useTranslation('workers');
  useEffect(() => queueList.open(null), []);
  const data = useQuery(queueList);
  const queues = data.value;
  return (
    <>
      <PageHead title={t('title')} aside={queues === null ? null : <Counts queues={queues} />} />
      {data.status === 'error' ? (
        <ErrorNote className="mx-6 mb-2 flex-none" error={data.error} onRetry={() => void queueList.refresh()} />
      ) : null}
      {queues === null && data.status !== 'error' ? <SkeletonRows rows={6} columns={[40, 20, 10, 10]} /> : null}
      {queues === null || queues[0] === undefined ? null : <Shown queues={queues} first={queues[0]} />}
    </>
  );
}

function Counts({ queues }: { readonly queues: readonly QueueView[] }) {
  const { t } = useTranslation('workers');
  const busy = queues.reduce((sum, { worker }) => sum + (worker?.busy ?? 0), 0);
  const of = queues.reduce((sum, { worker }) => sum + (worker?.concurrency ?? 0), 0);
  return (
    <p role="status" className="cut">
      {t('count', { count: queues.length })} · {t('busy', { busy, of })}
    </p>
  );
}

function Shown({ queues, first }: { readonly queues: readonly QueueView[]; readonly first: QueueView }) {
  const { t } = useTranslation('workers');
  const [params, setParams] = useSearchParams();
  const [sendingTo, setSendingTo] = useState<QueueView | null>(null);
  const wanted = params.get('queue');
  const chosen = queues.find((one) => keyOfQueue(whichOf(one)) === wanted) ?? first;
  const key = keyOfQueue(whichOf(chosen));
  const { value, error } = useQueryOf(openMessages, key);
  const waiting = (value ?? []).filter(({ status }) => status === 'pending');
  const atWork = (value ?? []).filter(({ status }) => status === 'processing');
  const choose = (queue: QueueView): void => setParams({ queue: keyOfQueue(whichOf(queue)) }, { replace: true });
  return (
    <div className="workers-cols">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" tabIndex={0} aria-label={t('parts')}>
        <section aria-labelledby="h-queues">
          <PaneHead id="h-queues" title={t('queues')} count={queues.length} />
          <QueuesTable queues={queues} chosen={chosen} onChoose={choose} onSend={setSendingTo} />
          <ServerNotes queues={queues} />
        </section>
        <section aria-labelledby="h-workers">
          <PaneHead id="h-workers" title={t('workers')}>
            <span className="muted sm">{t('workersNote')}</span>
          </PaneHead>
          <WorkersTable queue={chosen} atWork={atWork} />
        </section>
        <section aria-labelledby="h-waiting">
          <PaneHead id="h-waiting" title={t('waitingMessages')} count={chosen.counts.pending} />
          {error === null || chosen.fault !== null ? null : (
            <ErrorNote className="mx-6 my-2" error={error} onRetry={() => void openMessages.refresh()} />
          )}
          {chosen.fault !== null ? (
            <p className="muted sm px-6 max-[1200px]:px-4">{t('waitsThere')}</p>
          ) : value !== null && waiting.length === 0 ? (
            <EmptyState className="px-6 max-[1200px]:px-4" icon={Inbox} title={t('empty.title')} text={t('empty.text')}>
              <code className="block whitespace-pre-wrap">{t('example')}</code>
            </EmptyState>
          ) : (
            <WaitingTable messages={waiting} />
          )}
        </section>
      </section>
      <DeadLetters key={key} queue={chosen} />
      {sendingTo === null ? null : <SendDialog queue={sendingTo} onClose={() => setSendingTo(null)} />}
    </div>
  );
}
