import { Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { QueueView } from '../../../shared/contract/index.ts';
import { useQuery, useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { PageHead, PaneHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { QueuesTable } from './queues-table.tsx';
import { SendDialog } from './send-dialog.tsx';
import { ServerNotes } from './server-notes.tsx';
import { StartWorkerDialog } from './start-worker-dialog.tsx';
import { WaitingTable } from './waiting-table.tsx';
import { atWorkNow, keyOfQueue, queueList, whichOf } from './workers-store.ts';
import { WorkersTable } from './workers-table.tsx';
import './workers.css';

/** Who runs what where? */
export function WorkersScreen() {
  const { t } = useTranslation('workers');
  useEffect(() => queueList.open(null), []);
  const [params, setParams] = useSearchParams();
  const [isStarting, setIsStarting] = useState(false);
  const data = useQuery(queueList);
  const queues = data.value;
  const wanted = params.get('queue');
  const chosen = queues?.find((one) => keyOfQueue(whichOf(one)) === wanted) ?? queues?.[0];
  const choose = (queue: QueueView): void => setParams({ queue: keyOfQueue(whichOf(queue)) }, { replace: true });
  return (
    <>
      <PageHead title={t('title')} aside={queues === null ? null : <Counts queues={queues} />}>
        <Button
          icon={Plus}
          needs="queue.serve"
          reason={chosen === undefined ? t('unknown') : null}
          onClick={() => setIsStarting(true)}
        >
          {t('startWorker')}
        </Button>
      </PageHead>
      {data.status === 'error' ? (
        <ErrorNote className="mx-6 mb-2 flex-none" error={data.error} onRetry={() => void queueList.refresh()} />
      ) : null}
      {queues === null && data.status !== 'error' ? <SkeletonRows rows={6} columns={[40, 20, 10, 10]} /> : null}
      {queues === null || chosen === undefined ? null : <Shown queues={queues} chosen={chosen} onChoose={choose} />}
      {isStarting && chosen !== undefined ? (
        <StartWorkerDialog queue={chosen} onClose={() => setIsStarting(false)} />
      ) : null}
    </>
  );
}

function Counts({ queues }: { readonly queues: readonly QueueView[] }) {
  const { t } = useTranslation('workers');
  const own = queues.flatMap(({ worker }) => worker ?? []);
  // A project that works on two queues is one worker.
  const others = new Map(queues.flatMap(({ workers }) => workers.map((one) => [one.id, one] as const)));
  const all = [...own, ...others.values()];
  const workers = Math.min(1, own.length) + others.size;
  const busy = all.reduce((sum, one) => sum + one.busy, 0);
  const of = all.reduce((sum, one) => sum + one.concurrency, 0);
  // While a server cannot be asked nobody knows who works there.
  const isKnown = queues.every(({ fault }) => fault === null);
  return (
    <p role="status" className="cut">
      {t('count', { count: queues.length })}
      {isKnown ? `, ${t('countWorkers', { count: workers })} · ${t('busy', { busy, of })}` : ''}
    </p>
  );
}

interface ShownProps {
  readonly queues: readonly QueueView[];
  readonly chosen: QueueView;
  readonly onChoose: (queue: QueueView) => void;
}

function Shown({ queues, chosen, onChoose }: ShownProps) {
  const { t } = useTranslation('workers');
  const [sendingTo, setSendingTo] = useState<QueueView | null>(null);
  const key = keyOfQueue(whichOf(chosen));
  const { value } = useQueryOf(atWorkNow, key);
  const { worker, workers, counts, fault } = chosen;
  return (
    <div className="workers-cols">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" tabIndex={0} aria-label={t('parts')}>
        <section aria-labelledby="h-queues">
          <PaneHead id="h-queues" title={t('queues')} count={queues.length} />
          <QueuesTable queues={queues} chosen={chosen} onChoose={onChoose} onSend={setSendingTo} />
          <ServerNotes queues={queues} />
        </section>
        <section aria-labelledby="h-workers">
          <PaneHead
            id="h-workers"
            title={t('workers')}
            {...(fault === null ? { count: workers.length + (worker === null ? 0 : 1) } : {})}
          >
            <span className="muted sm">{t('workersNote')}</span>
          </PaneHead>
          <WorkersTable queue={chosen} atWork={value ?? []} />
        </section>
        <section className="line" aria-labelledby="h-waiting">
          <PaneHead
            id="h-waiting"
            title={t('waitingMessages')}
            {...(fault === null ? { count: formatCount(counts.pending) } : {})}
          />
          {fault !== null ? (
            <p className="muted sm px-6 max-[1200px]:px-4">{t('waitsThere')}</p>
          ) : (
            <WaitingTable key={key} queue={chosen} />
          )}
        </section>
      </section>
      <DeadLetters key={key} queue={chosen} />
      {sendingTo === null ? null : <SendDialog queue={sendingTo} onClose={() => setSendingTo(null)} />}
    </div>
  );
}
