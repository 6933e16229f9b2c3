import { DELIVERY_STATES, type DeliveryState } from '../../../shared/model/trigger.ts';
import { readWeek, weekText } from './week.ts';

export const LEDGER_SHOWS = ['odd', 'all', 'planned'] as const;
export type LedgerShow = (typeof LEDGER_SHOWS)[number];
export const TRIGGERS_TABS = ['calendar', 'deliveries', 'watches', 'webhooks'] as const;
export type TriggersTab = (typeof TRIGGERS_TABS)[number];
export const DELIVERY_SINCE = ['today', '7d', '30d'] as const;
export type DeliverySince = (typeof DELIVERY_SINCE)[number];

/** What the screen of triggers shows; it lives in the address. */
export interface TriggersAddress {
  readonly tab: TriggersTab;
  /** Monday of the week, UTC ms; null = the one that is now. */
  readonly week: number | null;
  readonly asTable: boolean;
  readonly show: LedgerShow;
  /** Only the starts or deliveries of this trigger. */
  readonly trigger: string | null;
  readonly text: string;
  readonly state: DeliveryState | null;
  readonly since: DeliverySince;
  /** The row of the inbox that stands open. */
  readonly id: string | null;
}

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | null =>
  values.find((value) => value === text) ?? null;

/** Out of an address; what is not one of ours is left out. */
export function readTriggersAddress(params: URLSearchParams): TriggersAddress {
  return {
    tab: oneOf(TRIGGERS_TABS, params.get('tab')) ?? 'calendar',
    week: readWeek(params.get('week')),
    asTable: params.get('view') === 'table',
    show: oneOf(LEDGER_SHOWS, params.get('show')) ?? 'odd',
    trigger: params.get('trigger')?.slice(0, 400) || null,
    text: (params.get('q') ?? '').slice(0, 200),
    state: oneOf(DELIVERY_STATES, params.get('state')),
    since: oneOf(DELIVERY_SINCE, params.get('since')) ?? '30d',
    id: params.get('id')?.slice(0, 420) || null,
  };
}

/** The address: only what is not as at first. */
export function triggersAddress(address: TriggersAddress): string {
  const params = new URLSearchParams();
  if (address.tab !== 'calendar') params.set('tab', address.tab);
  if (address.week !== null) params.set('week', weekText(address.week));
  if (address.asTable) params.set('view', 'table');
  if (address.show !== 'odd') params.set('show', address.show);
  if (address.trigger !== null) params.set('trigger', address.trigger);
  if (address.text !== '') params.set('q', address.text);
  if (address.state !== null) params.set('state', address.state);
  if (address.since !== '30d') params.set('since', address.since);
  if (address.id !== null) params.set('id', address.id);
  const text = params.toString();
  return text === '' ? '/triggers' : `/triggers?${text}`;
}
