import { AppError } from '../../shared/errors.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { createTurns } from '../../shared/turns.ts';
import { appLog } from '../app-log/index.ts';
import { withoutSigns } from '../governance/index.ts';
import type { HttpClient } from '../http/index.ts';
import type { ReadEvent } from '../storage/index.ts';
import { type OtlpSpan, otlpRequest, type TracedRun, traceSpans } from '../traces/index.ts';
import type { ProjectSession } from './project-session.ts';

/** After an end is committed: others that follow go along. */
const SEND_AFTER_MS = 1_000;
/** A collector that does not answer is asked again so much later. */
const TRY_AGAIN_MS = 30_000;
const REQUEST_MS = 10_000;
/** Whoever closes the project waits so long for the last ones; the next one sends what is left. */
const CLOSE_MS = 1_000;
const ENDS_A_REQUEST = 50;
const SPANS_A_REQUEST = 2_000;
const EVENTS_A_READ = 200;
const ENDS: readonly RunEvent['type'][] = ['run.completed', 'run.failed', 'run.cancelled'];

/**
 * Sends traces to a collector by OTLP/HTTP where the settings name one: a run is a trace, a step a span (SPEC §10). They are made of
 * committed events from an own mark in the journal, when an end has been committed; a collector that is away costs nothing but a later try.
 * Written by hand and not by the official packages: those follow what is under way in one process and lose it with that process.
 */
export class ProjectTraces {
  readonly #session: ProjectSession;
  readonly #http: Pick<HttpClient, 'request'>;
  readonly #version: string;
  readonly #endpoint: string | null;
  readonly #inTurn = createTurns();
  /** Ends behind the mark that were sent: `run seq`, with their positions. */
  readonly #sent = new Map<string, number>();
  #stopTimer: (() => void) | null = null;
  #isUnsent = false;
  #isClosed = false;

  constructor(session: ProjectSession, { http, version }: { readonly http: HttpClient; readonly version: string }) {
    this.#session = session;
    this.#http = http;
    this.#version = version;
    this.#endpoint = session.config.monitoring.tracesEndpoint;
  }

  /** Runs that ended before somebody named a collector are sent to nobody. A host sends what an earlier one could not. */
  begin(isHost: boolean): void {
    if (this.#endpoint === null) return;
    const { sizes, journal } = this.#session.store;
    const mark = sizes.mark('traced-to');
    if (mark === null) sizes.setMark('traced-to', journal.position);
    else if (isHost && mark < journal.position) this.#sendIn(SEND_AFTER_MS);
  }

  /** A run has ended. */
  noteEnd(): void {
    if (this.#endpoint === null || this.#isClosed) return;
    this.#isUnsent = true;
    this.#sendIn(SEND_AFTER_MS);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer?.();
    const last = this.#isUnsent ? this.#inTurn(() => this.#send(CLOSE_MS)) : Promise.resolve();
    await last.catch(() => undefined);
    await this.#inTurn(async () => undefined);
  }

  #sendIn(ms: number): void {
    this.#stopTimer ??= this.#session.clock.setTimer(ms, () => {
      this.#stopTimer = null;
      this.#inTurn(() => this.#send(REQUEST_MS)).catch((error: unknown) => {
        appLog.warning('traces could not be sent', {
          endpoint: this.#endpoint,
          why: error instanceof Error ? error.message : String(error),
        });
        if (!this.#isClosed) this.#sendIn(TRY_AGAIN_MS);
      });
    });
  }

  async #send(limitMs: number): Promise<void> {
    const { sizes, events, journal } = this.#session.store;
    this.#isUnsent = false;
    // A commit may become durable after one with a higher position: as long as one is on its way the mark stays where it is.
    const isAllDurable = journal.position === journal.durablePosition;
    let readTo = sizes.mark('traced-to') ?? 0;
    for (;;) {
      const ends = events.read(readTo, { types: ENDS, limit: ENDS_A_REQUEST });
      const last = ends.at(-1);
      if (last === undefined) break;
      await this.#sendEnds(
        ends.filter((end) => !this.#sent.has(keyOf(end))),
        limitMs,
      );
      readTo = last.stored.position;
      if (isAllDurable) sizes.setMark('traced-to', readTo);
    }
    const mark = sizes.mark('traced-to') ?? 0;
    for (const [key, position] of this.#sent) if (position <= mark) this.#sent.delete(key);
  }

  async #sendEnds(ends: readonly ReadEvent[], limitMs: number): Promise<void> {
    let spans: OtlpSpan[] = [];
    let held: ReadEvent[] = [];
    const flush = async (): Promise<void> => {
      if (spans.length > 0) await this.#post(otlpRequest(spans, this.#version), limitMs);
      for (const end of held) this.#sent.set(keyOf(end), end.stored.position);
      spans = [];
      held = [];
    };
    for (const end of ends) {
      const run = await this.#traced(end);
      if (run !== null) spans.push(...traceSpans(run));
      held.push(end);
      if (spans.length >= SPANS_A_REQUEST) await flush();
    }
    await flush();
  }

  async #post(body: string, timeoutMs: number): Promise<void> {
    const url = `${(this.#endpoint ?? '').replace(/\/+$/, '')}/v1/traces`;
    const { status } = await this.#http.request({
      ...{ method: 'POST', url, body, timeoutMs, signal: AbortSignal.timeout(timeoutMs), maxBytes: 65_536 },
      headers: { 'content-type': 'application/json' },
      allowedHosts: [new URL(url).host],
      maxRedirects: 0,
    });
    if (status >= 300) throw new AppError('tool.http_error', `The collector answered ${status}.`);
  }

  /** All of a run since its end before this one, with its place among the runs; null = it is gone. */
  async #traced({ runId, stored }: ReadEvent): Promise<TracedRun | null> {
    const { store, host } = this.#session;
    const run = store.runs.find(runId);
    // A replay has done nothing that somebody could look for.
    if (run === null || run.trigger === 'replay') return null;
    let events: StoredEvent<RunEvent>[] = [];
    for (let seq = 0; seq < stored.seq; ) {
      const page = store.journal.readRun(runId, seq, EVENTS_A_READ).filter((one) => one.seq <= stored.seq);
      if (page.length === 0) break;
      seq = page.at(-1)?.seq ?? stored.seq;
      for (const one of page) {
        events.push(one);
        if (one.seq < stored.seq && ENDS.includes(one.event.type)) events = [];
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [created] = store.journal.readRun(runId, 0, 1);
    const parentPath = created?.event.type === 'run.created' ? created.event.parentPath : undefined;
    const parent =
      run.parentRunId === null || parentPath === undefined ? null : { runId: run.parentRunId, path: parentPath };
    const { workflowId, workflowName, versionHash, trigger, agent, cost } = run;
    const about = { workflowId, workflowName, versionHash, trigger, agent };
    const costUsd = cost.usd ?? '0';
    return withoutSigns(host.redact({ ...about, runId, rootRunId: this.#rootOf(runId), parent, costUsd, events }));
  }

  #rootOf(runId: string): string {
    const parent = this.#session.store.runs.find(runId)?.parentRunId ?? null;
    return parent === null ? runId : this.#rootOf(parent);
  }
}

const keyOf = ({ runId, stored }: ReadEvent): string => `${runId} ${stored.seq}`;
