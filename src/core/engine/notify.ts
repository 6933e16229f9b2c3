import type { AppError } from '../../shared/errors.ts';
import type { Step } from '../../shared/model/workflow.ts';
import type { LogStore } from '../storage/index.ts';
import { findErrorRule } from './error-policy.ts';
import type { EngineHost, EnginePorts } from './ports.ts';
import { createStepLog } from './step-log.ts';

interface NotifyPorts {
  readonly logs: LogStore;
  readonly host: Pick<EngineHost, 'redact'>;
  readonly ports: Pick<EnginePorts, 'now'>;
}

/** `notify` of `on_error` (SPEC §1.6) when a step has failed for good: the channel `log` is a line in the log of the run, as an error. */
export function notify(
  { step, path, runId }: { readonly step: Step; readonly path: string; readonly runId: string },
  error: AppError,
  { logs, host, ports }: NotifyPorts,
): void {
  const general = step.onError.findLast((one) => one.match === undefined && one.notify !== undefined);
  const channel = (findErrorRule(step, error)?.notify ?? general?.notify) as unknown;
  if (channel !== 'log') return;
  createStepLog({ logs, runId, path, now: ports.now, host }).log(
    'log',
    `Step '${path}' failed: ${error.message}`,
    'error',
  );
}
