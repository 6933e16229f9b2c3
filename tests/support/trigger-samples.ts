import type {
  Calendar,
  CalendarSpan,
  DeliveryDetail,
  TriggerList,
  TriggerSummary,
  WatchSummary,
  WebhookEndpoint,
} from '../../src/shared/contract/index.ts';
import type { CalendarMark, DeliverySummary, Occurrence } from '../../src/shared/model/trigger.ts';
import type { FakeAnswers } from './fake-answers.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Triggers as an office has them after a while, with a past of their own. */
const KNOWN = [
  ['Invoice triage', 'schedule', { schedule: '*/15 8-18 * * *' }, 15 * MINUTE],
  ['Email triage', 'schedule', { schedule: '0 * * * *' }, HOUR],
  ['Dependency update', 'schedule', { schedule: '30 14 * * 1-5' }, DAY],
  ['Ledger export', 'schedule', { schedule: '0 22 * * *' }, DAY],
  ['Backup check', 'schedule', { schedule: '0 */6 * * *' }, 6 * HOUR],
  ['Daily standup', 'schedule', { schedule: '15 9 * * 1-5' }, DAY],
  ['Sprint planning', 'schedule', { schedule: '0 9 * * 4', timezone: 'America/New_York' }, 7 * DAY],
  ['Invoice triage', 'file', { path: 'inbox', patterns: ['*.pdf'] }, 0],
  ['Vendor onboarding', 'file', { path: 'vendors/new' }, 0],
  ['Code review', 'webhook', { path: '/review', scheme: 'github' }, 0],
  ['Incident response', 'webhook', { path: '/incident', scheme: 'standard' }, 0],
] as const;

interface Sample {
  readonly trigger: TriggerSummary;
  readonly stepMs: number;
}

const idOf = (name: string): string => name.toLowerCase().replaceAll(' ', '-');

function sampleAt(at: number, now: number): Sample {
  const [name, kind, config, stepMs] = KNOWN[at % KNOWN.length] ?? KNOWN[0];
  const turn = Math.floor(at / KNOWN.length);
  const workflowName = turn === 0 ? name : `${name} ${turn + 1}`;
  const workflowId = idOf(workflowName);
  const isOff = name === 'Vendor onboarding';
  const trigger: TriggerSummary = {
    key: `${workflowId}/${kind}-${at}`,
    id: `${kind}-${at}`,
    alias: `${workflowId}_1`,
    kind,
    workflowId,
    workflowName,
    workflowPath: `.aiworkflow/workflows/${workflowId}.md`,
    source: `.aiworkflow/workflows/${workflowId}.md`,
    config: { timezone: 'Europe/Berlin', ...config },
    status: isOff ? 'not_armed' : 'armed',
    reason: null,
    isFailing: name === 'Invoice triage' && kind === 'schedule',
    pause: null,
    armed: isOff ? null : { by: 'operations', at: now - 20 * DAY, versionLabel: '1.4.0' },
    nextAt: stepMs === 0 ? null : Math.ceil(now / stepMs) * stepMs,
    lastRun: { runId: '0'.repeat(32), status: 'completed', at: now - HOUR },
    runCount: 41,
  };
  return { trigger, stepMs };
}

const ODD: readonly Occurrence['state'][] = [
  'skipped_overlap',
  'caught_up',
  'missed',
  'skipped_paused',
  'failed_to_start',
];

function occurrenceAt(at: number, now: number, count: number): Occurrence {
  const plannedAt = Math.floor(now / HOUR) * HOUR - at * 17 * MINUTE;
  const state = ODD[at % ODD.length] ?? 'missed';
  const away = { from: plannedAt - 10 * MINUTE, until: plannedAt + 52 * MINUTE };
  const said = {
    skipped_overlap: { reason: 'overlap', evidence: { runId: '1'.repeat(32), runStatus: 'running' } },
    caught_up: { reason: 'asleep', evidence: away },
    missed: { reason: 'no_catch_up', evidence: away },
    skipped_paused: { reason: 'all_paused', evidence: { by: 'operations', text: 'ledger closed' } },
    failed_to_start: {
      reason: 'start_failed',
      evidence: { error: { code: 'workflow.not_found', message: 'Workflow not found: backup-check' } },
    },
  } as const;
  const { reason, evidence } = said[state as keyof typeof said] ?? { reason: 'closed', evidence: away };
  return {
    triggerKey: sampleAt(at % Math.min(7, count), now).trigger.key,
    plannedAt,
    dueAt: plannedAt,
    state,
    reason,
    evidence,
    at: plannedAt + 52 * MINUTE,
    runId: state === 'caught_up' ? '2'.repeat(32) : null,
  };
}

/** What became of a schedule over a week, and its plan. */
function spansOf(
  trigger: TriggerSummary,
  stepMs: number,
  { from, until }: Record<'from' | 'until', number>,
  now: number,
) {
  if (trigger.status !== 'armed') return [];
  const spans: CalendarSpan[] = [];
  const step = stepMs === 0 ? 9 * HOUR : stepMs;
  const offset = trigger.workflowName.length * 7 * MINUTE;
  for (let at = Math.ceil((from - offset) / step) * step + offset; at < until; at += step) {
    const turn = Math.round(at / step);
    const hour = new Date(at).getHours();
    if (step < HOUR && (hour < 8 || hour > 18)) continue;
    if (stepMs === 0 && at > now) break;
    const odd: Partial<Record<number, CalendarMark>> = {
      0: 'missed',
      1: 'late',
      2: 'skipped',
      3: 'failed',
      4: 'paused',
    };
    const past = turn % 23 < 3 ? (odd[turn % 5] ?? 'ran') : now - at < 4 * HOUR && step < HOUR ? 'failed' : 'ran';
    const isNewest = at <= now && at + step > now;
    const newest = (['running', 'waiting', 'in_doubt'] as const)[turn % 3] ?? 'running';
    spans.push({ mark: at > now ? 'planned' : isNewest ? newest : past, from: at, until: at, count: 1 });
  }
  return spans;
}

const DELIVERIES = ['started', 'started', 'ignored', 'rejected', 'duplicate', 'started', 'failed'] as const;
const REASONS = {
  started: null,
  ignored: 'The event is not listed.',
  rejected: 'The signature is wrong.',
  duplicate: 'It came before, at 13:28:05.',
  failed: 'Input number is missing.',
} as const;

function deliveryAt(at: number, now: number): DeliverySummary {
  const state = DELIVERIES[at % DELIVERIES.length] ?? 'started';
  const isFile = at % 5 === 4;
  return {
    id: at.toString(16).padStart(32, '0'),
    kind: isFile ? 'file' : 'webhook',
    triggerKey: sampleAt(isFile ? 7 : 9 + (at % 2), now).trigger.key,
    endpoint: isFile ? 'inbox' : at % 2 === 0 ? '/review' : '/incident',
    receivedAt: now - at * 7 * MINUTE,
    sourceIp: isFile ? null : '140.82.115.3',
    method: isFile ? null : 'POST',
    event: isFile ? 'created' : at % 2 === 0 ? 'pull_request.synchronize' : 'alert.fired',
    title: isFile ? `2025-${1000 + at}.pdf` : at % 2 === 0 ? `#${1204 - at}` : 'checkout latency 2.4 s',
    state,
    reason: REASONS[state],
    verdict: state === 'rejected' ? 'invalid' : 'valid',
    runId: state === 'started' ? '3'.repeat(32) : null,
    bodyBytes: isFile ? 0 : 18_400,
    bodyHash: isFile ? null : 'b1e407aa'.repeat(8),
  };
}

const BODY = JSON.stringify({
  action: 'synchronize',
  number: 1204,
  pull_request: { title: 'Round VAT per line', draft: false, head: { sha: '5be1c0d' }, changed_files: 6 },
  repository: { full_name: 'nordwind/ledger' },
});

function detailOf(summary: DeliverySummary): DeliveryDetail {
  const isIn = summary.state !== 'rejected';
  return {
    ...summary,
    externalId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
    headers: [
      ['content-type', 'application/json'],
      ['x-github-event', 'pull_request'],
      ['x-hub-signature-256', '[redacted]'],
    ],
    data: { type: 'webhook', payload: JSON.parse(BODY) },
    chain: [],
    checks: [
      { name: 'endpoint', isPassed: true, detail: '/review is on.' },
      {
        name: 'signature',
        isPassed: isIn,
        detail: isIn ? 'github, secret GITHUB_WEBHOOK.' : 'It does not fit the secret.',
      },
      ...(isIn
        ? ([
            { name: 'new', isPassed: true, detail: 'This delivery id did not come in the last 72 h.' },
            { name: 'event', isPassed: summary.state !== 'ignored', detail: 'pull_request.synchronize' },
          ] as const)
        : []),
    ],
    run: null,
    bodyText: summary.bodyBytes === 0 ? null : BODY,
  };
}

/** A watch in each state that it can have, most of them simply watching. */
function watchAt(at: number, now: number): WatchSummary {
  const root = `/home/anna/projects/nordwind/office/arrivals/${2000 + at}/incoming documents`;
  const common = { triggerKey: sampleAt(at, now).trigger.key, root, files: 40 + at, waiting: at % 9, question: null };
  const plain: WatchSummary = { ...common, status: 'watching', reason: null, notices: [] };
  if (at % 40 === 1)
    return {
      ...plain,
      status: 'asking',
      question: { gone: 31, known: 41, examples: ['2025-1001.pdf', '2025-1002.pdf'] },
    };
  if (at % 40 === 2)
    return {
      ...plain,
      status: 'unavailable',
      reason: 'The folder cannot be seen: it may be on a disk that is not connected.',
    };
  if (at % 40 === 3) return { ...plain, status: 'held', reason: 'ledger closed' };
  if (at % 40 === 4)
    return {
      ...plain,
      notices: [
        'scans/2024 and scans/2025 are looked at every 5 seconds: the limit of the system for watched folders is reached (fs.inotify.max_user_watches).',
        'scans/private cannot be read, nothing in it is seen.',
      ],
    };
  return at % 40 === 5 ? { ...plain, status: 'starting' } : plain;
}

/** The webhooks among the triggers, each with its address. */
function webhookOf(
  { key, id, workflowId, workflowName, config, status, armed, runCount }: TriggerSummary,
  at: number,
): WebhookEndpoint {
  const path = String(config.path);
  const isOpen = at % 5 !== 3;
  return {
    ...{ key, id, path, workflowId, workflowName, status, description: '', isFailing: at % 5 === 4 },
    url: isOpen ? `http://127.0.0.1:8080${path}` : null,
    scheme: config.scheme === 'github' ? 'github' : 'standard',
    ...{
      methods: ['POST'],
      events: [],
      secrets: isOpen ? ['CODE_REVIEW_WEBHOOK'] : [],
      isInsecure: false,
      warnings: [],
    },
    reason: isOpen ? null : 'The secret CODE_REVIEW_WEBHOOK is not set.',
    ...{ createdAt: armed?.at ?? null, lastTriggeredAt: (armed?.at ?? 0) + 19 * DAY, triggerCount: runCount },
  };
}

/** The operations of triggers, answered for so many triggers with so many starts and deliveries. */
export function triggerSamples(count: number, rows = count): FakeAnswers {
  const now = Date.now();
  const samples = Array.from({ length: count }, (_, at) => sampleAt(at, now));
  const byKey = new Map(samples.map((sample) => [sample.trigger.key, sample]));
  const starts = Array.from({ length: count === 0 ? 0 : rows }, (_, at) => occurrenceAt(at, now, count));
  const deliveries = Array.from({ length: rows }, (_, at) => deliveryAt(at, now));
  const list: TriggerList = {
    triggers: samples.map(({ trigger }) => trigger),
    problems: [],
    pausedAll: null,
    isHosting: true,
  };
  return {
    'triggers.list': () => list,
    'triggers.calendar': ({ from, until, triggers = [] }): Calendar => ({
      ...{ from, until, now, isCut: false },
      rows: (triggers.length === 0 ? samples : triggers.flatMap((key) => byKey.get(key) ?? []))
        .slice(0, 500)
        .map(({ trigger, stepMs }) => ({
          key: trigger.key,
          kind: trigger.kind,
          spans: spansOf(trigger, stepMs, { from, until }, now),
          isCut: false,
        })),
      periods: [
        { kind: 'closed', from: from - 2 * HOUR, until: from + 8 * HOUR, movedMs: 0, quitBy: 'anna' },
        { kind: 'on', from: from + 8 * HOUR, until: from + 47 * HOUR, movedMs: 0, quitBy: null },
        { kind: 'asleep', from: from + 47 * HOUR, until: from + 52 * HOUR, movedMs: 0, quitBy: null },
        { kind: 'on', from: from + 52 * HOUR, until: null, movedMs: 0, quitBy: null },
      ],
    }),
    'occurrences.list': ({ after, limit = 200, states, trigger }) => ({
      occurrences: starts
        .slice(pageAfter(starts, (one) => one.plannedAt === after?.plannedAt && one.triggerKey === after.triggerKey))
        .filter(
          ({ state, triggerKey }) =>
            (states === undefined || states.includes(state)) && (trigger === undefined || triggerKey === trigger),
        )
        .slice(0, limit),
    }),
    'occurrences.counts': ({ trigger }) =>
      countStates(starts.filter(({ triggerKey }) => trigger === undefined || triggerKey === trigger)),
    'deliveries.list': ({ after, limit = 200, states, search = '' }) => ({
      deliveries: deliveries
        .slice(pageAfter(deliveries, ({ id }) => id === after))
        .filter(
          ({ state, title, endpoint }) =>
            (states === undefined || states.includes(state)) && `${endpoint} ${title}`.includes(search),
        )
        .slice(0, limit),
      counts: countStates(deliveries),
    }),
    'webhooks.list': () => ({
      listening: { kind: 'listening', url: 'http://127.0.0.1:8080' },
      isHosting: true,
      endpoints: list.triggers.filter(({ kind }) => kind === 'webhook').map(webhookOf),
    }),
    'watches.list': () => ({ watches: Array.from({ length: count }, (_, at) => watchAt(at, now)) }),
    'deliveries.get': ({ id }) => detailOf(deliveryAt(Number.parseInt(id, 16), now)),
  };
}

const countStates = <S extends string>(rows: readonly { readonly state: S }[]): Partial<Record<S, number>> =>
  Object.fromEntries(
    Map.groupBy(rows, ({ state }) => state)
      .entries()
      .map(([state, { length }]) => [state, length]),
  ) as Partial<Record<S, number>>;

/** Where the page after a row begins; without one at the newest row. */
const pageAfter = <T>(rows: readonly T[], isLast: (row: T) => boolean): number => rows.findIndex(isLast) + 1;
