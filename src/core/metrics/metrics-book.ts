import type { AgentInfo } from '../../shared/model/agent.ts';
import type { MetricsStatistics } from '../../shared/model/metrics.ts';
import type { QueueCounts } from '../../shared/model/queue.ts';
import { createTurns } from '../../shared/turns.ts';
import type { DeliveryCode, MetricRepository } from '../storage/index.ts';
import { countEvent } from './count-event.ts';
import { COUNTED, type CountedMetric, MEASURED } from './definitions.ts';
import type { MetricFamily, Sample } from './exposition.ts';
import { OpenStarts } from './open-starts.ts';
import { labelOf, MOST_SERIES, OTHER, type Series, SeriesTable } from './series-table.ts';
import { statisticsOf } from './statistics.ts';

/** What a queue holds at this moment. */
export interface QueueDepth extends Pick<QueueCounts, 'pending' | 'processing' | 'deadLetter'> {
  readonly name: string;
}

/** What the book is made of. */
export interface MetricsBookOptions {
  readonly rows: MetricRepository;
  readonly version: string;
  readonly approvalsPending: () => number;
  readonly agents: () => Promise<readonly AgentInfo[]>;
  /** How many messages the queues hold. */
  readonly queues: () => Promise<readonly QueueDepth[]>;
  /** Ids of the workflows that can be started now. */
  readonly workflowIds: () => Promise<readonly string[]>;
}

const PAGE = 500;

/** Runs that wait for a lane of the project stand beside the messages of queues. */
const OWN_QUEUE = 'local';

/** What senders of refused deliveries were told, by the check that refused them (SPEC §7.3). */
const CODE_OF_REFUSAL: Readonly<Record<string, string>> = {
  enabled: '503',
  method: '405',
  size: '413',
  rate: '429',
  signature: '401',
  json: '400',
};

const codeOf = ({ state, refusedBy }: DeliveryCode): string => {
  if (state === 'rejected') return CODE_OF_REFUSAL[refusedBy ?? ''] ?? '400';
  return state === 'ignored' ? '202' : '200';
};

/**
 * The metrics of a project (SPEC §10): counted from committed events from an own place in the journal, each event once, over restarts and
 * deletions. It counts when it is asked; between two questions nothing is done for it.
 */
export class MetricsBook {
  readonly #options: MetricsBookOptions;
  #table: SeriesTable;
  #starts: OpenStarts;
  #readTo: number;
  readonly #inTurn = createTurns();

  constructor(options: MetricsBookOptions) {
    this.#options = options;
    const { table, starts } = readStored(options.rows);
    this.#table = table;
    this.#starts = starts;
    this.#readTo = options.rows.start;
  }

  /** Counts all that is committed by now; true when something was counted. One at a time. */
  catchUp(): Promise<boolean> {
    return this.#inTurn(() => this.#catchUp());
  }

  /** Everything as it is now; `catchUp` first. */
  async families(): Promise<readonly MetricFamily[]> {
    const counted = (Object.keys(COUNTED) as CountedMetric[]).map((metric) => ({
      definition: COUNTED[metric],
      samples:
        metric === 'occurrences' ? [...this.#table.of(metric), ...this.#plannedStarts()] : this.#table.of(metric),
    }));
    return [...counted, ...(await this.#measured())];
  }

  statistics(): MetricsStatistics {
    const table = this.#table;
    const running = [...this.#options.rows.running().values()].reduce((sum, n) => sum + n, 0);
    const of = (metric: CountedMetric): readonly Series[] => table.of(metric);
    return statisticsOf(
      {
        workflows: of('workflows'),
        workflowDuration: of('workflowDuration'),
        retries: of('retries'),
        failovers: of('failovers'),
      },
      running,
    );
  }

  async #catchUp(): Promise<boolean> {
    let isChanged = false;
    for (;;) {
      const more = this.#countRows();
      if (!more) break;
      isChanged = true;
      await turnOver();
    }
    while (this.#countDeliveries()) {
      isChanged = true;
      await turnOver();
    }
    if (await this.#endDeleted()) isChanged = true;
    return isChanged;
  }

  /** One page of the journal; false when there was nothing more. */
  #countRows(): boolean {
    const { rows } = this.#options;
    const page = rows.uncounted(this.#readTo, PAGE);
    const last = page.at(-1);
    if (last === undefined) {
      this.#readTo = rows.start;
      return false;
    }
    for (const { runId, workflowId, agent, events } of page)
      for (const { at, event } of events)
        countEvent(this.#table, this.#starts, { runId, workflowId, agent, at, event });
    this.#save(() => rows.save({ series: this.#table.takeChanged(), starts: this.#starts.takeChanged(), rows: page }));
    this.#readTo = last.position;
    return true;
  }

  #countDeliveries(): boolean {
    const { rows } = this.#options;
    const page = rows.uncountedDeliveries(PAGE);
    const last = page.at(-1);
    if (last === undefined) return false;
    for (const one of page) {
      this.#table.add('occurrences', [one.kind, one.state]);
      if (one.kind === 'webhook') this.#table.add('deliveries', [one.endpoint, codeOf(one)]);
    }
    this.#save(() => rows.save({ series: this.#table.takeChanged(), starts: [], rows: [], delivery: last.no }));
    return true;
  }

  /** What could not be stored was not counted: it is counted anew from what is stored. */
  #save(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { table, starts } = readStored(this.#options.rows);
      this.#table = table;
      this.#starts = starts;
      this.#readTo = this.#options.rows.start;
      throw error;
    }
  }

  /** Series of workflows end that are gone with all their runs. */
  async #endDeleted(): Promise<boolean> {
    const { rows, workflowIds } = this.#options;
    const counted = new Set(
      (Object.keys(COUNTED) as CountedMetric[])
        .filter((metric) => COUNTED[metric].labels[0] === 'workflow_id')
        .flatMap((metric) => this.#table.of(metric).map(({ labels }) => labels[0] ?? '')),
    );
    counted.delete(OTHER);
    const without = rows.withoutRuns([...counted]);
    if (without.length === 0) return false;
    const known = new Set((await workflowIds()).map(labelOf));
    const gone = without.filter((id) => !known.has(id));
    for (const id of gone) rows.end(this.#table.end(id));
    return gone.length > 0;
  }

  #plannedStarts(): readonly Sample[] {
    return [...this.#options.rows.plannedStarts()].map(([state, n]) => ({ labels: ['schedule', state], value: n }));
  }

  async #measured(): Promise<readonly MetricFamily[]> {
    const { rows, version, approvalsPending, agents, queues } = this.#options;
    const running = rows.running();
    const atWork = [...running.values()].reduce((sum, n) => sum + n, 0);
    const asked = (await agents()).filter(({ health }) => health.lastCheck !== null);
    return [
      { definition: MEASURED.info, samples: [{ labels: [version], value: 1 }] },
      { definition: MEASURED.running, samples: this.#runningByWorkflow(running) },
      {
        definition: MEASURED.queue,
        samples: [
          { labels: [OWN_QUEUE, 'pending'], value: rows.queued },
          { labels: [OWN_QUEUE, 'processing'], value: atWork },
          ...(await queues()).flatMap(depthSamples),
        ],
      },
      { definition: MEASURED.approvals, samples: [{ labels: [], value: approvalsPending() }] },
      {
        definition: MEASURED.agents,
        samples: capped(
          asked.map(({ name, health }) => ({ labels: [labelOf(name)], value: health.isHealthy ? 1 : 0 })),
        ),
      },
    ];
  }

  /** Workflows that have run are there, at 0 where none of their runs is at work. */
  #runningByWorkflow(running: ReadonlyMap<string, number>): readonly Sample[] {
    const counts = new Map<string, number>(this.#table.of('workflows').map(({ labels: [id = ''] }) => [id, 0]));
    for (const [id, n] of running) counts.set(labelOf(id), n);
    return capped([...counts].map(([id, value]) => ({ labels: [id], value })));
  }
}

const depthSamples = ({ name, pending, processing, deadLetter }: QueueDepth): readonly Sample[] => [
  { labels: [labelOf(name), 'pending'], value: pending },
  { labels: [labelOf(name), 'processing'], value: processing },
  { labels: [labelOf(name), 'dead_letter'], value: deadLetter },
];

/** The first ones as they are, the sum of all others in one. */
function capped(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= MOST_SERIES) return samples;
  const shown = samples.slice(0, MOST_SERIES - 1).filter(({ labels }) => labels[0] !== OTHER);
  const rest = samples.filter((one) => !shown.includes(one));
  return [...shown, { labels: [OTHER], value: rest.reduce((sum, { value }) => sum + value, 0) }];
}

function readStored(rows: MetricRepository): { readonly table: SeriesTable; readonly starts: OpenStarts } {
  const { series, starts } = rows.load();
  const known = series.filter(isKnown).map((one): Series => ({ ...one, buckets: [...one.buckets] }));
  return { table: new SeriesTable(known), starts: new OpenStarts(starts) };
}

/** A series of a metric that this version has. */
const isKnown = <S extends { readonly metric: string }>(series: S): series is S & { readonly metric: CountedMetric } =>
  Object.hasOwn(COUNTED, series.metric);

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
