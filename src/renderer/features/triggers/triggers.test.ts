import i18next from 'i18next';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveBatch, LiveEvent } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { setClient } from '../../client/bridge.ts';
import { answerStart } from '../../client/trigger-actions.ts';
import { triggerList } from '../../client/trigger-queries.ts';
import { startI18n } from '../../i18n/index.ts';
import { whyText } from '../../ui/trigger/start-words.ts';
import { inbox, inboxKey, shownStart, startOfId } from './inbox.ts';
import { plainInputs } from './test-input.ts';
import { readTriggersAddress, triggersAddress } from './triggers-address.ts';
import { ledger, ledgerKey, loadMoreDeliveries, loadMoreStarts, usePaging } from './triggers-store.ts';
import { daysOf, readWeek, weekOf, weekRange, weekText } from './week.ts';

type Answer = (input: Record<string, unknown>) => unknown;
let answers: Record<string, Answer> = {};
let calls: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
let listener: ((batch: LiveBatch) => void) | null = null;
let number = 0;
const emit = (...events: LiveEvent[]): void => {
  number += 1;
  listener?.({ number, events });
};
const stops: (() => void)[] = [];

beforeAll(startI18n);
beforeEach(() => {
  answers = {};
  calls = [];
  vi.stubGlobal('window', {
    setTimeout: () => 0,
    clearTimeout: () => undefined,
    requestAnimationFrame: () => 0,
    cancelAnimationFrame: () => undefined,
  });
  setClient({
    call: (async (name: string, input: Record<string, unknown>) => {
      calls.push({ name, input });
      const answer = answers[name];
      if (answer === undefined) throw new AppError('contract.unknown_operation', name);
      return answer(input);
    }) as never,
    subscribe: (each) => {
      listener = each;
      return () => undefined;
    },
  });
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.unstubAllGlobals();
});

const HOUR = 3_600_000;
const startAt = (plannedAt: number, more: Partial<Occurrence> = {}): Occurrence => ({
  triggerKey: 'report/nightly',
  plannedAt,
  dueAt: plannedAt,
  state: 'missed',
  reason: 'closed',
  evidence: {},
  at: plannedAt,
  runId: null,
  ...more,
});

describe('the address', () => {
  it('holds all that the screen shows, and leaves out what is as at first or nobody knows', () => {
    const week = weekOf(Date.parse('2026-11-25T12:00Z'));
    const address = readTriggersAddress(
      new URLSearchParams(
        `tab=deliveries&week=${weekText(week)}&view=table&show=all&q=a%26b&state=rejected&since=7d&id=abc`,
      ),
    );
    expect(address).toMatchObject({
      tab: 'deliveries',
      week,
      asTable: true,
      show: 'all',
      text: 'a&b',
      state: 'rejected',
    });
    expect(readTriggersAddress(new URLSearchParams(triggersAddress(address).split('?')[1]))).toEqual(address);
    expect(triggersAddress(readTriggersAddress(new URLSearchParams('tab=nothing&week=soon&state=odd')))).toBe(
      '/triggers',
    );
  });

  it('names a week by its Monday, from midnight to midnight', () => {
    const sunday = new Date(2026, 10, 29, 23, 59).getTime();
    const week = weekOf(sunday);
    expect(new Date(week).getDay()).toBe(1);
    expect(readWeek(weekText(week))).toBe(week);
    expect(readWeek('2026-11-26')).toBe(week);
    expect(readWeek('next week')).toBeNull();
    expect(weekRange(week).until).toBeGreaterThan(sunday);
    expect(daysOf(week).map((day) => new Date(day).getHours())).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('why a start became what it became', () => {
  const words = (more: Partial<Occurrence>): string => whyText(startAt(10 * HOUR, more), i18next.t, 11 * HOUR);

  it('names what stood in the way, whose word it was and how late it ran', () => {
    expect(
      words({ state: 'skipped_paused', reason: 'all_paused', evidence: { by: 'anna', text: 'ledger closed' } }),
    ).toBe('All triggers were paused by anna. A pause is not caught up. “ledger closed”');
    expect(
      words({
        state: 'caught_up',
        reason: 'asleep',
        at: 10 * HOUR + 52 * 60_000,
        evidence: { from: 9 * HOUR, until: 10.8 * HOUR },
      }),
    ).toMatch(/^The computer was asleep .+ to .+\. Caught up 52 m 00 s late\.$/);
    const quit = { from: 9 * HOUR, until: 11 * HOUR, quitBy: 'anna' };
    expect(words({ state: 'missed', reason: 'closed', evidence: quit })).toMatch(/^anna had quit the app .+ to .+\.$/);
    expect(words({ reason: 'person_said_no', evidence: { ...quit, by: 'bert' } })).toBe(
      'It is not to be caught up, bert said.',
    );
    expect(words({ reason: 'no_catch_up', evidence: { from: 9 * HOUR, until: 11 * HOUR } })).toMatch(
      /asleep or the app closed .+ to .+\. Catch-up is off/,
    );
  });

  it('says an error in its own words, and has words for every reason', () => {
    const error = { code: 'workflow.not_found', message: 'Workflow not found: x' };
    expect(words({ state: 'failed_to_start', reason: 'start_failed', evidence: { error } })).toBe(error.message);
    for (const reason of ['on_time', 'excluded', 'breaker_open', 'person_said_no', 'replaced', 'backfill'] as const)
      expect(words({ reason })).toMatch(/^[A-Z].*\.$/);
  });
});

it('fills in what a delivery gives as it stands, and leaves to the person what would have to be worked out', () => {
  const data = { payload: { number: 1204, pull: { title: 'Round VAT' } }, event: 'opened' };
  const written = {
    number: '{{ trigger.payload.number }}',
    title: '{{trigger.payload.pull.title}}',
    label: 'PR {{ trigger.payload.number }}',
    missing: '{{ trigger.payload.nobody.here }}',
    fixed: true,
  };
  expect(plainInputs(written, data)).toEqual({ number: 1204, title: 'Round VAT', fixed: true });
  expect(plainInputs('all', data)).toEqual({});
});

describe('the starts', () => {
  const all = Array.from({ length: 450 }, (_, at) => startAt(10_000_000 - at * 1000));
  const page: Answer = ({ after, limit }) => {
    const last = after as { readonly plannedAt: number } | undefined;
    const rest = all.filter(({ plannedAt }) => last === undefined || plannedAt < last.plannedAt);
    return { occurrences: rest.slice(0, Number(limit)) };
  };
  beforeEach(() => {
    answers['occurrences.counts'] = () => ({ missed: 449, started: 1, planned: 2 });
  });

  it('come page by page, once each, and are asked for again as far down when something has changed', async () => {
    answers['occurrences.list'] = page;
    stops.push(ledger.open(ledgerKey({ show: 'odd', trigger: 'report/nightly' })));
    await vi.waitFor(() => expect(ledger.store.getState().data.value?.rows).toHaveLength(200));
    expect(calls[0]?.input).toMatchObject({ trigger: 'report/nightly', limit: 200 });
    expect(calls[1]).toEqual({ name: 'occurrences.counts', input: { trigger: 'report/nightly' } });
    expect(calls[0]?.input.states).not.toContain('started');
    await loadMoreStarts();
    const { value } = ledger.store.getState().data;
    expect(value?.isWhole).toBe(true);
    expect(value?.counts).toEqual({ odd: 449, all: 452, planned: 2 });
    expect(value?.rows.map(({ plannedAt }) => plannedAt)).toEqual(all.map(({ plannedAt }) => plannedAt));
    await ledger.refresh();
    expect(ledger.store.getState().data.value?.rows).toHaveLength(450);
  });

  it('that do not come leave those that are shown, and say why', async () => {
    answers['occurrences.list'] = page;
    stops.push(ledger.open(ledgerKey({ show: 'all', trigger: null })));
    await vi.waitFor(() => expect(ledger.store.getState().data.status).toBe('ready'));
    answers['occurrences.list'] = () => {
      throw new AppError('store.busy', 'Busy.');
    };
    await loadMoreStarts();
    expect(usePaging.getState().starts.error?.code).toBe('store.busy');
    expect(ledger.store.getState().data.value?.rows).toHaveLength(200);
  });
});

describe('the inbox', () => {
  // Two lists, each from the newest on: a delivery every 3 s, a start every 2 s.
  const starts = Array.from({ length: 300 }, (_, at) => startAt(10_000_000 - at * 2000));
  const deliveries = Array.from({ length: 250 }, (_, at) => ({
    ...{ id: `d${at}`, kind: 'webhook', receivedAt: 10_000_500 - at * 3000 },
  }));
  beforeEach(() => {
    answers['occurrences.counts'] = () => ({ missed: 299, started: 1 });
    answers['occurrences.list'] = ({ after, limit }) => {
      const last = after as { readonly plannedAt: number } | undefined;
      const rest = starts.filter(({ plannedAt }) => last === undefined || plannedAt < last.plannedAt);
      return { occurrences: rest.slice(0, Number(limit)) };
    };
    answers['deliveries.list'] = ({ after, limit }) => ({
      deliveries: deliveries.slice(deliveries.findIndex(({ id }) => id === after) + 1).slice(0, Number(limit)),
      counts: { started: 250 },
    });
  });
  const query = { text: '', state: null, trigger: null, since: '30d' } as const;

  it('has deliveries and schedules that fell due in one order, each once, page by page', async () => {
    stops.push(inbox.open(inboxKey(query)));
    await vi.waitFor(() => expect(inbox.store.getState().data.value?.rows).toHaveLength(200));
    expect(inbox.store.getState().data.value?.counts).toMatchObject({ started: 251, failed: 299, ignored: 0 });
    await loadMoreDeliveries();
    const { value } = inbox.store.getState().data;
    expect(value?.isWhole).toBe(true);
    const times = (value?.rows ?? []).map((row) => (row.kind === 'schedule' ? row.start.plannedAt : row.receivedAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set((value?.rows ?? []).map(({ id }) => id)).size).toBe(550);
  });

  it('asks for the starts that have the state and the text that are looked for', async () => {
    stops.push(inbox.open(inboxKey({ ...query, state: 'failed' })));
    await vi.waitFor(() => expect(inbox.store.getState().data.status).toBe('ready'));
    const asked = calls.find(({ name }) => name === 'occurrences.list');
    expect(asked?.input.states).toEqual(['missed', 'failed_to_start']);
    calls = [];
    for (const stop of stops.splice(0)) stop();
    stops.push(inbox.open(inboxKey({ ...query, text: '#12' })));
    await vi.waitFor(() => expect(inbox.store.getState().data.status).toBe('ready'));
    for (const wanted of ['deliveries.list', 'occurrences.list'])
      expect(calls.find(({ name }) => name === wanted)?.input.search).toBe('#12');
  });

  it('finds one start by the id of its row', async () => {
    expect(startOfId('d1')).toBeNull();
    stops.push(shownStart.open('9998000 report/nightly'));
    await vi.waitFor(() => expect(shownStart.store.getState().data.status).toBe('ready'));
    expect(calls[0]?.input).toEqual({
      ...{ trigger: 'report/nightly', from: 9_998_000, limit: 1 },
      after: { triggerKey: ' ', plannedAt: 9_998_000 },
    });
  });
});

it('takes a word on a missed start that asks, about this start and no other', async () => {
  answers['occurrences.answer'] = (input) => startAt(Number(input.plannedAt));
  await answerStart(startAt(7), false);
  await answerStart(startAt(8), true);
  expect(calls.map(({ input }) => input)).toEqual([
    { trigger: 'report/nightly', plannedAt: 7, run: false },
    { trigger: 'report/nightly', plannedAt: 8, run: true },
  ]);
});

it('asks for the triggers again when one or the library changed, and for nothing else', async () => {
  vi.useFakeTimers();
  answers['triggers.list'] = () => ({ triggers: [], problems: [], pausedAll: null, isHosting: true });
  stops.push(triggerList.open(null));
  await vi.waitFor(() => expect(triggerList.store.getState().data.status).toBe('ready'));
  emit({ kind: 'agents' });
  await vi.advanceTimersByTimeAsync(500);
  expect(calls).toHaveLength(1);
  emit({ kind: 'triggers' });
  await vi.advanceTimersByTimeAsync(500);
  expect(calls).toHaveLength(2);
  vi.useRealTimers();
});

it('lists the triggers that somebody armed before all others', async () => {
  const statuses = ['not_armed', 'paused', 'off', 'armed', 'changed', 'unavailable'];
  answers['triggers.list'] = () => ({ triggers: statuses.map((status) => ({ status })), problems: [] });
  stops.push(triggerList.open(null));
  await vi.waitFor(() =>
    expect(triggerList.store.getState().data.value?.triggers.map(({ status }) => status)).toEqual([
      ...['paused', 'armed', 'unavailable'],
      ...['not_armed', 'off', 'changed'],
    ]),
  );
});
