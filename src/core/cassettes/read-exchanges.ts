import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { Asked, RecordedStep } from '../../shared/model/cassette.ts';
import type { RunCreated, RunEnded, RunEvent, StoredEvent, WaitpointOpened } from '../../shared/model/events.ts';
import { askedOfRest, isWorkedOut, wholeAction } from '../engine/index.ts';
import type { OpenExchange, RunRecording } from './make-cassette.ts';

type Begun = Omit<OpenExchange, 'answer'>;
type Started = Extract<RunEvent, { type: 'step.started' }>;

/** Kinds of steps that rest until something comes. */
const RESTING: ReadonlySet<string> = new Set(['wait', 'approval', 'workflow']);

const notRecordable = (why: string, hint: string): AppError =>
  new AppError('cassette.not_recordable', `This run cannot be recorded: ${why}.`, { hint });

/** Reads what a run asked and was answered. Errors: `cassette.not_recordable`. */
export function readExchanges(events: Iterable<StoredEvent<RunEvent>>): RunRecording {
  const reader = new ExchangeReader();
  for (const { event, at } of events) reader.take(event, at);
  return reader.end();
}

class ExchangeReader {
  readonly #open = new Map<string, Begun>();
  readonly #steps = new Map<string, { path: string; now: number; ms: number | null; startedAt: number | null }>();
  #exchanges: OpenExchange[] = [];
  /** Paths whose last failure ended the run, until the step begins once more. */
  readonly #final = new Set<string>();
  #created: { readonly event: RunCreated; readonly at: number } | null = null;
  #ended: RunEnded | null = null;

  take(event: RunEvent, at: number): void {
    switch (event.type) {
      case 'run.created':
        this.#created = { event, at };
        return;
      case 'step.started':
        this.#begin(event, at);
        return;
      case 'step.skipped':
        this.#note(event.path, at, null);
        return;
      case 'waitpoint.opened':
        this.#rest(event);
        return;
      case 'waitpoint.resolved':
        this.#change(event.path, {
          by: event.by,
          ...(event.status === undefined ? {} : { decided: event.status }),
        });
        return;
      case 'approval.reopened': {
        const { from, reason, comment } = event;
        this.#close(event.path, { status: 'reopened', from, reason, comment });
        return;
      }
      case 'agent.failed_over':
        this.#handOver(event.path, event.toAgent);
        return;
      case 'step.completed':
        this.#took(event.path, at);
        this.#close(event.path, { status: 'completed', output: event.output, metadata: event.metadata ?? null });
        return;
      case 'step.failed':
        this.#took(event.path, at);
        if (event.error.code === 'run.timed_out') {
          this.#close(event.path, { status: 'called_off' });
          return;
        }
        if (event.retryAt === null && event.fallback === null && event.policy === 'stop') this.#final.add(event.path);
        this.#close(event.path, { status: 'failed', error: event.error as unknown as Json, to: null });
        return;
      case 'step.resolved':
        if (event.as === 'completed')
          this.#close(event.path, { status: 'completed', output: event.output, metadata: null });
        return;
      case 'step.cancelled':
        if (event.isPostponed === true) this.#open.delete(event.path);
        else this.#close(event.path, { status: 'called_off' });
        return;
      case 'run.completed':
      case 'run.failed':
      case 'run.cancelled':
        this.#ended = event;
        return;
      case 'run.resumed':
        this.#resume();
        return;
      default:
    }
  }

  end(): RunRecording {
    if (this.#created === null || this.#ended === null) throw notRecordable('it has not ended', 'Wait for its end.');
    const { event: created, at } = this.#created;
    if (this.#ended.type === 'run.cancelled')
      throw notRecordable('it was cancelled', 'Record a run that ended by itself.');
    if (created.replay !== undefined) throw notRecordable('it is a replay itself', 'Record the run that it replays.');
    const steps: RecordedStep[] = [...this.#steps.values()].map(({ path, now, ms }) => ({ path, now, ms }));
    return { created, createdAt: at, ended: this.#ended, steps, exchanges: this.#exchanges };
  }

  #begin(event: Started, at: number): void {
    const { path, kind = 'action', role, action, agent = null, inputs, now } = event;
    if (role !== 'call' && role !== 'undo') this.#note(path, now, at);
    const isRest = RESTING.has(kind);
    // What holds other steps asks nothing itself, and what is only worked out is worked out anew.
    if (role === 'main' && kind !== 'action' && !isRest) return;
    if (isWorkedOut(action)) return;
    this.#dropCalledOff(path);
    const asked: Asked = { action: isRest && role === 'main' ? kind : wholeAction(action), agent, inputs };
    this.#open.set(path, { path, role, now, asked });
  }

  #note(path: string, now: number, startedAt: number | null): void {
    if (!this.#steps.has(path)) this.#steps.set(path, { path, now, ms: null, startedAt });
  }

  #took(path: string, at: number): void {
    const step = this.#steps.get(path);
    if (step !== undefined && step.startedAt !== null) step.ms = at - step.startedAt;
  }

  #rest(opened: WaitpointOpened): void {
    const begun = this.#open.get(opened.path);
    if (begun !== undefined) this.#change(opened.path, { asked: askedOfRest(begun.asked.action, opened) });
  }

  #change(path: string, more: Partial<Begun>): void {
    const begun = this.#open.get(path);
    if (begun !== undefined) this.#open.set(path, { ...begun, ...more });
  }

  #close(path: string, answer: OpenExchange['answer']): void {
    const begun = this.#open.get(path);
    this.#open.delete(path);
    if (begun !== undefined) this.#exchanges.push({ ...begun, answer });
  }

  /** A step that begins once more after it was called off: only how it came out then is what a replay is answered. */
  #dropCalledOff(path: string): void {
    const last = this.#exchanges.findLastIndex((one) => one.path === path);
    if (this.#exchanges[last]?.answer.status === 'called_off') this.#exchanges.splice(last, 1);
  }

  #handOver(path: string, to: string): void {
    const last = this.#exchanges.findLastIndex((one) => one.path === path);
    const exchange = this.#exchanges[last];
    if (exchange?.answer.status === 'failed')
      this.#exchanges[last] = { ...exchange, answer: { ...exchange.answer, to } };
  }

  /** What ended the run is done again: only how it came out then is what a replay is answered. */
  #resume(): void {
    for (const path of this.#final) {
      const last = this.#exchanges.findLastIndex((one) => one.path === path);
      if (last >= 0) this.#exchanges.splice(last, 1);
    }
    this.#final.clear();
  }
}
