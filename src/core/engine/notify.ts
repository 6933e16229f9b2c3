import { AppError } from '../../shared/errors.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { LogStore } from '../storage/index.ts';
import { notifyTarget, renderText, type Scope } from '../workflow/index.ts';
import { findErrorRule } from './error-policy.ts';
import type { EngineHost, EnginePorts, Notice } from './ports.ts';
import type { RunState } from './run-state.ts';
import { createStepLog } from './step-log.ts';

interface NotifyPorts {
  readonly logs: LogStore;
  readonly host: Pick<EngineHost, 'redact' | 'notify'>;
  readonly ports: Pick<EnginePorts, 'now'>;
  /** What the text of a notice sees, the error included. */
  readonly scope: () => Scope;
}

/** A step that has failed for good. */
interface Failed {
  readonly step: Step;
  readonly path: string;
  readonly state: Pick<RunState, 'runId' | 'created'>;
}

/** `notify` of `on_error` (SPEC §1.6) when a step has failed for good: a line in the log of the run, or a notice to a channel of the project. */
export function notify({ step, path, state }: Failed, error: AppError, options: NotifyPorts): void {
  const { logs, host, ports } = options;
  const { runId, created } = state;
  const general = step.onError.findLast((one) => one.match === undefined && one.notify !== undefined);
  const target = notifyTarget(findErrorRule(step, error)?.notify ?? general?.notify);
  if (typeof target === 'string') return;
  const { log } = createStepLog({ logs, runId, path, now: ports.now, host });
  const text = target.text === null ? `Step '${path}' failed: ${error.message}` : textOf(target.text, error, options);
  if (target.channel === 'log') return void log('log', text, 'error');
  const { code, message } = error;
  const notice: Notice = {
    ...{
      event: 'step.failed' as const,
      run_id: runId,
      workflow_id: created.workflowId,
      workflow_name: created.workflowName,
    },
    ...{ step: path, error: { code, message }, text, at: new Date(ports.now()).toISOString() },
  };
  host.notify(target.channel, host.redact(notice), (failure) =>
    log('log', `The notice to '${target.channel}' could not be delivered: ${failure.message}`, 'warning'),
  );
}

function textOf(template: string, error: AppError, { scope, ports }: NotifyPorts): string {
  try {
    return template.includes('{') ? renderText(template, scope(), { now: ports.now() }).text : template;
  } catch (thrown) {
    if (thrown instanceof AppError) return `${template} (${error.message})`;
    throw thrown;
  }
}
