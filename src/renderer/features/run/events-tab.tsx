import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../../../shared/json.ts';
import type { StoredEvent } from '../../../shared/model/events.ts';
import { Button } from '../../ui/button.tsx';
import { formatClockSeconds, formatExact } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useVirtualRows } from '../../ui/use-virtual-rows.ts';
import { eventKey, eventValues } from './event-words.ts';
import './events-tab.css';
import { JsonView } from '../../ui/json-view.tsx';
import { useEvents } from './use-events.ts';

interface EventsTabProps {
  readonly runId: string;
  /** Of the newest commit that touched the run: there may be new events. */
  readonly position: number;
}

/** Everything that was recorded about the run, in order: the truth the other tabs are made from. */
export function EventsTab({ runId, position }: EventsTabProps) {
  const { t } = useTranslation('run');
  const { total, error, show, eventAt, retry } = useEvents(runId, position);
  const [chosen, setChosen] = useState<number | null>(null);
  const { scrollRef, items, before, after } = useVirtualRows({ count: Math.max(0, total), rowHeight: 28 });
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= first) show(first, last);
  }, [show, first, last]);
  if (error !== null) return <ErrorNote error={error} className="m-4" onRetry={retry} />;
  if (total < 0) return <SkeletonRows rows={5} />;
  const event = chosen === null ? null : eventAt(chosen);
  return (
    <div className="events">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own */}
      <div className="event-list" ref={scrollRef} tabIndex={0} role="region" aria-label={t('events.name')}>
        <table className="inset" aria-rowcount={total + 1}>
          <thead>
            <tr>
              <th scope="col">{t('events.number')}</th>
              <th scope="col">{t('events.when')}</th>
              <th scope="col">{t('events.what')}</th>
              <th scope="col">{t('events.who')}</th>
            </tr>
          </thead>
          <tbody>
            {before > 0 ? <Gap height={before} /> : null}
            {items.map((item) => (
              <EventRow
                key={item.index}
                index={item.index}
                event={eventAt(item.index)}
                isChosen={chosen === item.index}
                onChoose={setChosen}
              />
            ))}
            {after > 0 ? <Gap height={after} /> : null}
          </tbody>
        </table>
      </div>
      {event === null ? null : (
        <section className="event-detail" aria-label={t('events.detail', { number: event.seq })}>
          <div className="row mb-2">
            <h2 className="grow mono">{event.event.type}</h2>
            <Button variant="ghost" onClick={() => setChosen(null)}>
              {t('everywhere:close')}
            </Button>
          </div>
          <p className="sm muted mb-2">{formatExact(event.at)}</p>
          <JsonView value={event.event as unknown as Json} label={t('events.detail', { number: event.seq })} />
        </section>
      )}
    </div>
  );
}

/** Empty space in place of rows that are out of view. */
const Gap = ({ height }: { readonly height: number }) => (
  <tr>
    <td colSpan={4} style={{ height, padding: 0, border: 0 }} />
  </tr>
);

interface EventRowProps {
  readonly index: number;
  readonly event: StoredEvent | null;
  readonly isChosen: boolean;
  readonly onChoose: (index: number) => void;
}

function EventRow({ index, event, isChosen, onChoose }: EventRowProps) {
  const { t } = useTranslation('run');
  if (event === null) {
    return (
      <tr aria-rowindex={index + 2}>
        <td className="muted">{index + 1}</td>
        <td colSpan={3}>
          <i className="sk w-48" />
        </td>
      </tr>
    );
  }
  const values = eventValues(event.event);
  const words = {
    ...values,
    ...(values.reason === undefined ? {} : { reason: t(`event.reason.${values.reason}`) }),
    ...(values.as === undefined ? {} : { as: t(`event.as.${values.as}`) }),
  };
  return (
    <tr aria-rowindex={index + 2} aria-selected={isChosen}>
      <td className="muted">{event.seq}</td>
      <td>
        <time dateTime={new Date(event.at).toISOString()} title={formatExact(event.at)}>
          {formatClockSeconds(event.at)}
        </time>
      </td>
      <td>
        <button type="button" className="event-name cut" aria-expanded={isChosen} onClick={() => onChoose(index)}>
          {t(eventKey(event.event), { ...words, defaultValue: event.event.type })}
        </button>
      </td>
      <td className="muted">{event.actor.kind === 'user' ? event.actor.id : t('events.engine')}</td>
    </tr>
  );
}
