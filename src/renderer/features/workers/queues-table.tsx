import { Ellipsis, Pause, Play, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatDuration, formatMoment } from '../../ui/format.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';
import { PurgeDialog } from './purge-dialog.tsx';
import { whichOf } from './workers-store.ts';

interface QueuesTableProps {
  readonly queues: readonly QueueView[];
  readonly chosen: QueueView;
  readonly onChoose: (queue: QueueView) => void;
  readonly onSend: (queue: QueueView) => void;
}

/** Each queue with how much waits, runs and is dead, and what can be done to it. */
export function QueuesTable({ queues, chosen, onChoose, onSend }: QueuesTableProps) {
  const { t } = useTranslation('workers');
  return (
    <table className="workers-table queues">
      <thead>
        <tr>
          <th scope="col">{t('queue')}</th>
          <th scope="col" className="wide">
            {t('lastHour')}
          </th>
          {(['waiting', 'oldest', 'running', 'doneHour', 'dead'] as const).map((name) => (
            <th key={name} scope="col" className={`num ${name === 'oldest' || name === 'doneHour' ? 'wide' : ''}`}>
              {t(name)}
            </th>
          ))}
          <th scope="col">
            <span className="sr">{t('acts')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <QueueRow
            key={`${queue.type} ${queue.name}`}
            queue={queue}
            isChosen={queue === chosen}
            onChoose={() => onChoose(queue)}
            onSend={() => onSend(queue)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface QueueRowProps {
  readonly queue: QueueView;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onSend: () => void;
}

function QueueRow({ queue, isChosen, onChoose, onSend }: QueueRowProps) {
  const { t } = useTranslation('workers');
  const now = useNow(1000);
  const { name, type, counts, pause, worker, doneLastHour } = queue;
  const { place, fault } = queue;
  const known = (count: number): string => (fault === null ? formatCount(count) : '–');
  return (
    <tr aria-current={isChosen || undefined}>
      <th scope="row">
        <button type="button" className="link strong" onClick={onChoose}>
          {name}
        </button>
        <div className="sm muted">
          {pause === null
            ? t(`place.${type}`, { place })
            : t('pausedBy', { by: pause.by, when: formatMoment(pause.at, now) })}
        </div>
      </th>
      <td className="wide">
        <Depth depths={queue.depths} />
      </td>
      <td className="num strong">{known(counts.pending)}</td>
      <td className="num wide">
        {counts.oldestAt === null ? '–' : formatDuration(Math.max(0, now - counts.oldestAt))}
      </td>
      <td className="num">
        {known(counts.processing)}{' '}
        {worker === null ? null : <span className="muted">{t('ofSlots', { count: worker.concurrency })}</span>}
      </td>
      <td className="num wide">{known(doneLastHour)}</td>
      <td className={counts.deadLetter === 0 ? 'num' : 'num st-failed strong'}>{known(counts.deadLetter)}</td>
      <td className="num">
        <QueueActs queue={queue} onSend={onSend} />
      </td>
    </tr>
  );
}

function QueueActs({ queue, onSend }: { readonly queue: QueueView; readonly onSend: () => void }) {
  const { t } = useTranslation('workers');
  const [isPurging, setIsPurging] = useState(false);
  const { name, pause } = queue;
  const turn = (operation: 'queue.pause' | 'queue.resume', said: 'paused' | 'resumed'): void =>
    void act(async () => {
      await call(operation, whichOf(queue));
      showToast(t(`done.${said}`, { name }));
    });
  return (
    <span className="acts">
      <Button icon={Send} needs="queue.publish" onClick={onSend}>
        {t('send')}
      </Button>
      <Menu align="end" trigger={<Button icon={Ellipsis} label={t('more')} />}>
        {pause === null ? (
          <MenuItem icon={Pause} needs="queue.pause" onSelect={() => turn('queue.pause', 'paused')}>
            {t('pause')}
          </MenuItem>
        ) : (
          <MenuItem icon={Play} needs="queue.resume" onSelect={() => turn('queue.resume', 'resumed')}>
            {t('resume')}
          </MenuItem>
        )}
        <MenuItem icon={Trash2} danger needs="queue.purge" onSelect={() => setIsPurging(true)}>
          {t('purge')}
        </MenuItem>
      </Menu>
      {isPurging ? <PurgeDialog queue={queue} onClose={() => setIsPurging(false)} /> : null}
    </span>
  );
}

const DEPTH_PX = 18;

/** How many waited at times of the last hour, as bars. */
function Depth({ depths }: { readonly depths: readonly number[] }) {
  const { t } = useTranslation('workers');
  const highest = Math.max(...depths);
  return (
    <span className="depth" role="img" aria-label={t('depth', { value: highest })}>
      {depths.map((depth, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        <i key={at} style={{ height: barHeight(depth, highest) }} />
      ))}
    </span>
  );
}

/** Where nothing waited a line is drawn. */
const barHeight = (depth: number, highest: number): string =>
  `${highest === 0 ? 1 : Math.max(1, Math.round((depth / highest) * DEPTH_PX))}px`;
