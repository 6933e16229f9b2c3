import { plainText } from '../../shared/ansi.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { LogLine } from '../../shared/model/run.ts';

/** How much an entry matters. `critical`: the app itself is at fault, or gave up. */
export type EntryLevel = LogLine['level'] | 'critical';

/** One line of an execution log (SPEC §9). */
export interface LogEntry {
  /** UTC ms. */
  readonly at: number;
  readonly level: EntryLevel;
  /** Path of the step; null = the run itself. */
  readonly step: string | null;
  /** Who was at work there; absent where it was no agent. */
  readonly agent?: string;
  readonly message: string;
  readonly context: readonly (readonly [string, string])[];
}

const OUTPUT_CHARS = 200;
const FAULTS: readonly (ErrorCode | undefined)[] = ['internal.bug', 'run.engine_died_twice', 'store.corrupt'];

interface Began {
  readonly at: number;
  readonly number: number;
}

/**
 * Makes the entries of a run out of its events, which it is given in order from the first one on. Of a step that is under way it keeps when
 * that began.
 */
export class EventEntries {
  #name = '';
  /** Who does a step, by its path. */
  readonly #agents = new Map<string, string>();
  readonly #begun = new Map<string, Began>();

  /** The entry that tells of an event; null = none does. */
  of({ at, event }: StoredEvent<RunEvent>): LogEntry | null {
    const entry = (
      level: EntryLevel,
      step: string | null,
      message: string,
      context: LogEntry['context'] = [],
    ): LogEntry => ({ at, level, step, message, context, ...this.agentOf(step) });
    switch (event.type) {
      case 'run.created':
        this.#name = event.workflowName;
        return null;
      case 'run.started':
        return entry('info', null, `Started workflow execution: ${this.#name}`);
      case 'run.resumed':
        return entry('info', null, `Resumed workflow execution: ${this.#name}`);
      case 'step.started': {
        const number = event.index + 1;
        this.#begun.set(event.path, { at, number });
        if (event.agent !== undefined) this.#agents.set(event.path, event.agent.name);
        return event.attempt === 1 ? entry('info', event.path, `Starting step ${number}`) : null;
      }
      case 'step.completed': {
        const { at: since, number } = this.#take(event.path, at);
        return entry('info', event.path, `Completed step ${number}`, [
          ['duration', secondsText(at - since)],
          ['output', shortText(event.output)],
        ]);
      }
      case 'step.failed': {
        const { number } = this.#take(event.path, at);
        const { error, retryAt, attempt, maxAttempts } = event;
        if (retryAt === null) return entry('error', event.path, `Step ${number} failed: ${error.message}`);
        const of = maxAttempts === undefined ? '' : `/${maxAttempts}`;
        return entry('warning', event.path, `Retrying step ${number} (attempt ${attempt + 1}${of})`, [
          ['error', error.message],
          ['wait', `${(Math.max(0, retryAt - at) / 1000).toFixed(1)}s`],
        ]);
      }
      case 'step.skipped':
        return entry('info', event.path, `Skipped step ${event.index + 1}`, [['reason', event.reason]]);
      case 'step.in_doubt':
        return entry('warning', event.path, `Step ${this.#take(event.path, at).number} is in doubt`, [
          ['reason', event.reason],
        ]);
      case 'agent.failed_over':
        return entry('warning', event.path, `Failing over from '${event.fromAgent}' to '${event.toAgent}'`);
      case 'rollback.started':
        return entry('warning', event.owner === '' ? null : event.owner, `Rolling back, steps: ${event.steps.length}`);
      case 'undo.ended':
        if (event.status === 'failed') return entry('error', event.path, 'Compensation failed');
        return event.gap === undefined ? null : entry('warning', event.path, `Not undone: ${event.gap}`);
      case 'run.completed':
        // Partial is never shown as success (SPEC §3.3).
        return event.outcome === 'success'
          ? entry('info', null, 'Workflow completed successfully')
          : entry('warning', null, 'Workflow completed, but steps of it failed');
      case 'run.failed':
        return entry(
          FAULTS.includes(event.error?.code) ? 'critical' : 'error',
          null,
          `Workflow failed: ${event.error?.message ?? ''}`,
        );
      case 'run.cancelled':
        return entry('warning', null, 'Workflow cancelled');
      default:
        return null;
    }
  }

  /** The agent of a step as far as it is known by now. */
  agentOf(step: string | null): Pick<LogEntry, 'agent'> {
    const agent = step === null ? undefined : this.#agents.get(step);
    return agent === undefined ? {} : { agent };
  }

  /** Some step was an agent's. */
  get hasAgents(): boolean {
    return this.#agents.size > 0;
  }

  #take(path: string, at: number): Began {
    const begun = this.#begun.get(path) ?? { at, number: 1 };
    this.#begun.delete(path);
    return begun;
  }
}

/** The entry of a line that a step said by `workflow.log`, or the engine about it. */
export const entryOfLine = ({ at, level, path, text }: LogLine): LogEntry => ({
  at,
  level,
  step: path === '' ? null : path,
  message: plainText(text),
  context: [],
});

/** `1.23s`. */
export const secondsText = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(2)}s`;

function shortText(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > OUTPUT_CHARS ? `${text.slice(0, OUTPUT_CHARS)}...` : text;
}
