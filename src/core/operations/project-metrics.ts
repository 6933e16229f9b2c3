import { toErrorRecord } from '../../shared/errors.ts';
import type { MetricsServing, MetricsStatistics } from '../../shared/model/metrics.ts';
import { writeFileAtomic } from '../files/index.ts';
import { type Exposition, MetricsBook, metricsCsv, metricsJson, openPrometheus, snapshotOf } from '../metrics/index.ts';
import type { ProjectSession } from './project-session.ts';

/** Where metrics are served. */
export interface MetricsPlace {
  /** A name or address of this computer. */
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

/** What a reader of the metrics is given. */
export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

/** Serves metrics over HTTP; given by the host. Rejects with an `AppError` where it cannot listen. */
export type ServeMetrics = (
  place: MetricsPlace,
  scrape: (wants: 'text' | 'json') => Promise<Scrape>,
) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** How soon a place that could not be had is tried again: whoever had it may be gone. */
const TRY_AGAIN_MS = 15_000;

/** The metrics of an open project: what was counted, and where a monitoring system reads it. */
export class ProjectMetrics {
  readonly #session: ProjectSession;
  readonly #serve: ServeMetrics | null;
  readonly #onBug: (error: unknown) => void;
  readonly #book: MetricsBook;
  #exposition: Promise<Exposition> | null = null;
  #place: MetricsPlace;
  #listener: { readonly url: string; close(): Promise<void> } | null = null;
  #listening: MetricsServing['listening'] = null;
  #readAt: number | null = null;
  /** One move after the other: the last wish stands in the end. */
  #moving: Promise<void> = Promise.resolve();
  #stopTrying: (() => void) | null = null;
  #isClosed = false;
  #hasSnapshot = false;

  constructor(
    session: ProjectSession,
    options: {
      readonly version: string;
      readonly serve: ServeMetrics | null;
      readonly onBug: (error: unknown) => void;
    },
  ) {
    const { store, config } = session;
    this.#session = session;
    this.#serve = options.serve;
    this.#onBug = options.onBug;
    this.#place = placeOf(config.monitoring.metricsEndpoint);
    this.#book = new MetricsBook({
      rows: store.metrics,
      version: options.version,
      approvalsPending: () => store.approvals.countPending(),
      agents: () => session.agents.list(),
      queues: () => session.queues.depths(),
      workflowIds: async () => (await session.index.items()).map(({ id }) => id),
    });
  }

  /** Serves them from now on where the settings want that. */
  async host(): Promise<void> {
    if (this.#session.config.monitoring.isEnabled) await this.listenAt({});
  }

  /** Serves them there from now on; resolves when that is so, or why not is known. */
  listenAt(place: Partial<MetricsPlace>): Promise<void> {
    this.#place = { ...this.#place, ...place };
    this.#stopTrying?.();
    this.#moving = this.#moving.then(() => this.#move());
    return this.#moving;
  }

  get serving(): MetricsServing {
    const { config, triggers } = this.#session;
    const { host, port } = this.#place;
    return {
      isEnabled: config.monitoring.isEnabled,
      endpoint: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
      listening: this.#listening,
      isHosting: this.#serve !== null && triggers.isHosting,
      readAt: this.#readAt,
    };
  }

  /** Counts all that is committed by now. Whoever deletes events does this first. */
  async catchUp(): Promise<void> {
    const isChanged = await this.#book.catchUp();
    if (isChanged || !this.#hasSnapshot) await this.#writeSnapshot();
  }

  async statistics(): Promise<MetricsStatistics> {
    await this.catchUp();
    return this.#book.statistics();
  }

  async exportAs(format: 'json' | 'csv' | 'prometheus'): Promise<string> {
    if (format === 'json') return metricsJson(await this.statistics());
    await this.catchUp();
    const families = await this.#book.families();
    return format === 'csv' ? metricsCsv(families) : (await this.#prometheus()).render(families);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTrying?.();
    await this.#moving;
    if (this.#listener === null) return;
    await this.#listener.close();
    this.#listener = null;
    await this.catchUp();
  }

  async #move(): Promise<void> {
    await this.#listener?.close();
    this.#listener = null;
    if (this.#isClosed || this.#serve === null) return;
    try {
      this.#listener = await this.#serve(this.#place, (wants) => this.#scrape(wants));
      this.#listening = { kind: 'listening', url: this.#listener.url };
    } catch (error) {
      const { message, hint } = toErrorRecord(error);
      this.#listening = { kind: 'failed', message: hint === undefined ? message : `${message} ${hint}` };
      this.#stopTrying = this.#session.clock.setTimer(TRY_AGAIN_MS, () => void this.listenAt({}));
    }
  }

  async #scrape(wants: 'text' | 'json'): Promise<Scrape> {
    this.#readAt = this.#session.clock.now();
    if (wants === 'json') return { contentType: 'application/json', body: JSON.stringify(await this.statistics()) };
    return { contentType: (await this.#prometheus()).contentType, body: await this.exportAs('prometheus') };
  }

  #prometheus(): Promise<Exposition> {
    this.#exposition ??= openPrometheus();
    return this.#exposition;
  }

  /** A file that cannot be written keeps nobody from reading what was counted. */
  async #writeSnapshot(): Promise<void> {
    const text = `${JSON.stringify(snapshotOf(this.#book.statistics()), null, 2)}\n`;
    try {
      await writeFileAtomic(this.#session.paths.metricsFile, text, 0o600);
      this.#hasSnapshot = true;
    } catch (error) {
      this.#onBug(error);
    }
  }
}

/** `localhost` is the address that nobody else reaches (SPEC §10). */
function placeOf(endpoint: string): MetricsPlace {
  const { hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host: host === 'localhost' ? '127.0.0.1' : host, port: port === '' ? 80 : Number(port) };
}
