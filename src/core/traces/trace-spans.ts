import type { ErrorRecord } from '../../shared/errors.ts';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { sha256Hex } from '../crypto/index.ts';

type Value =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean };

interface Attribute {
  readonly key: string;
  readonly value: Value;
}

/** A span as OTLP/HTTP writes it in JSON. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Internal. */
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events?: readonly {
    readonly timeUnixNano: string;
    readonly name: string;
    readonly attributes: readonly Attribute[];
  }[];
  readonly status: { readonly code: 0 | 1 | 2; readonly message?: string };
}

/** What of a run became one trace, or the part of one: all up to an end of it, since the end before. */
export interface TracedRun {
  readonly runId: string;
  /** The run that nobody started from another one: all that it led to is one trace. */
  readonly rootRunId: string;
  /** The step that waits for this run; null = none does. */
  readonly parent: { readonly runId: string; readonly path: string } | null;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly versionHash: string;
  readonly trigger: string;
  readonly agent: string | null;
  readonly costUsd: string;
  /** Of this part, in order; the last one is the end. */
  readonly events: readonly StoredEvent<RunEvent>[];
}

/** A run of more steps tells of the first so many: a trace is looked at by people. */
const MOST_SPANS = 10_000;

const nano = (at: number): string => `${at}000000`;
const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });
const number = (key: string, value: number): Attribute => ({ key, value: { intValue: String(value) } });

/** The same for the same run and step whenever it is worked out, so that one that is sent twice is one. */
const traceIdOf = (rootRunId: string): string => sha256Hex(`trace ${rootRunId}`).slice(0, 32);
const stepIdOf = (runId: string, path: string): string => sha256Hex(`step ${runId} ${path}`).slice(0, 16);
const runIdOf = (runId: string, endSeq: number): string => sha256Hex(`run ${runId} ${endSeq}`).slice(0, 16);

interface OpenStep {
  readonly since: number;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly parent: string | null;
  readonly retries: NonNullable<OtlpSpan['events']>[number][];
}

const failed = (error: ErrorRecord | null): OtlpSpan['status'] => ({ code: 2, message: error?.message ?? '' });

/** The span of a run and those of its steps; nothing that a run was given, said or made is in them but messages of errors. */
export function traceSpans(run: TracedRun): readonly OtlpSpan[] {
  const { events, runId } = run;
  const last = events.at(-1);
  const first = events[0];
  if (last === undefined || first === undefined) return [];
  const traceId = traceIdOf(run.rootRunId);
  const rootId = runIdOf(runId, last.seq);
  const open = new Map<string, OpenStep>();
  const frames = new Map<string, string>();
  const spans: OtlpSpan[] = [];
  let leftOut = 0;
  const end = (path: string, at: number, status: OtlpSpan['status'], more: readonly Attribute[]): void => {
    const step = open.get(path);
    open.delete(path);
    if (spans.length >= MOST_SPANS) {
      leftOut += 1;
      return;
    }
    spans.push({
      ...{ traceId, spanId: stepIdOf(runId, path), kind: 1, name: step?.name ?? path, status },
      parentSpanId: step?.parent == null ? rootId : stepIdOf(runId, step.parent),
      startTimeUnixNano: nano(step?.since ?? first.at),
      endTimeUnixNano: nano(at),
      attributes: [text('aiworkflow.step.path', path), ...(step?.attributes ?? []), ...more],
      ...(step === undefined || step.retries.length === 0 ? {} : { events: step.retries }),
    });
  };
  for (const { at, event } of events) {
    switch (event.type) {
      case 'frame.opened':
        frames.set(event.frame, event.path);
        break;
      case 'step.started':
        if (open.has(event.path)) break;
        open.set(event.path, {
          since: at,
          name: event.name,
          parent: event.frame === undefined ? null : (frames.get(event.frame) ?? null),
          retries: [],
          attributes: [
            text('aiworkflow.step.kind', event.kind ?? 'action'),
            text('aiworkflow.step.action', event.action),
            ...(event.agent === undefined ? [] : [text('aiworkflow.agent', event.agent.name)]),
          ],
        });
        break;
      case 'step.completed':
        end(event.path, at, { code: 1 }, [number('aiworkflow.step.attempt', event.attempt)]);
        break;
      case 'step.failed':
        if (event.retryAt === null)
          end(event.path, at, failed(event.error), [
            number('aiworkflow.step.attempt', event.attempt),
            text('error.type', event.error.code),
          ]);
        else
          open.get(event.path)?.retries.push({
            timeUnixNano: nano(at),
            name: 'retry',
            attributes: [text('error.type', event.error.code), text('error.message', event.error.message)],
          });
        break;
      case 'step.skipped':
        end(event.path, at, { code: 0 }, [text('aiworkflow.step.skipped', event.reason)]);
        break;
      case 'step.cancelled':
        if (event.isPostponed !== true) end(event.path, at, { code: 0 }, [text('aiworkflow.step.status', 'cancelled')]);
        break;
      default:
    }
  }
  return [rootSpan(run, { traceId, rootId, first, last, leftOut }), ...spans];
}

function rootSpan(
  run: TracedRun,
  about: {
    readonly traceId: string;
    readonly rootId: string;
    readonly first: StoredEvent<RunEvent>;
    readonly last: StoredEvent<RunEvent>;
    readonly leftOut: number;
  },
): OtlpSpan {
  const { traceId, rootId, first, last, leftOut } = about;
  const { event } = last;
  const status = event.type.slice('run.'.length);
  const error = event.type === 'run.failed' ? event.error : null;
  const outcome = 'outcome' in event ? (event.outcome ?? '') : '';
  return {
    ...{ traceId, spanId: rootId, kind: 1, name: run.workflowName },
    ...(run.parent === null ? {} : { parentSpanId: stepIdOf(run.parent.runId, run.parent.path) }),
    startTimeUnixNano: nano(first.at),
    endTimeUnixNano: nano(last.at),
    attributes: [
      text('aiworkflow.run.id', run.runId),
      text('aiworkflow.workflow.id', run.workflowId),
      text('aiworkflow.workflow.version', run.versionHash),
      text('aiworkflow.trigger', run.trigger),
      text('aiworkflow.run.status', status),
      text('aiworkflow.run.outcome', outcome),
      { key: 'aiworkflow.cost_usd', value: { doubleValue: Number(run.costUsd) } },
      ...(run.agent === null ? [] : [text('aiworkflow.agent', run.agent)]),
      ...(leftOut === 0 ? [] : [number('aiworkflow.steps_left_out', leftOut)]),
    ],
    status: event.type === 'run.failed' ? failed(error) : { code: event.type === 'run.completed' ? 1 : 0 },
  };
}

/** The body of a request to `/v1/traces` of a collector. */
export const otlpRequest = (spans: readonly OtlpSpan[], version: string): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'aiworkflow'), text('service.version', version)] },
        scopeSpans: [{ scope: { name: 'aiworkflow', version }, spans }],
      },
    ],
  });
