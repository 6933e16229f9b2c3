import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import type { JsonMap } from '../../../../shared/json.ts';
import type { ToolCallOutcome } from '../../../../shared/model/tool.ts';
import type { ProcessRunner } from '../../../processes/index.ts';
import type { RegistryTool } from '../../registry-port.ts';
import type { RegistryPorts } from './rate-limit.ts';

/** What of a call's log is given back; all of it went to `log`. */
const MAX_LOG_LINES = 1000;

/** Who listens to a call from a screen or a command line. */
export interface CallHooks {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

interface Wanted {
  readonly tool: RegistryTool;
  readonly operation: string;
  readonly params: JsonMap;
}

interface Place extends CallHooks {
  readonly stateDir: string;
  readonly runner: ProcessRunner;
  readonly ports: RegistryPorts;
}

/** One call outside a run, in a scratch folder of its own that is gone afterwards. Rejects with what the tool throws. */
export async function callTool(wanted: Wanted, place: Place): Promise<ToolCallOutcome> {
  const { tool, operation, params } = wanted;
  const { timeoutMs } = tool.traits(operation);
  refuseBadParams(wanted);
  const id = `tool-call-${randomUUID()}`;
  const folder = join(place.stateDir, 'tool-calls', id);
  const lines: string[] = [];
  const startedAt = place.ports.now();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const result = await tool.execute({
      ...{ operation, inputs: params, runId: id, stepId: 'call', path: 'call', attempt: 1, stepNow: startedAt },
      ...{ stepKey: createHash('sha256').update(id).digest('hex'), timeoutMs, workDir: folder, runDir: folder },
      ...{ env: {}, signal: place.signal },
      log: (_stream, text) => {
        if (lines.length < MAX_LOG_LINES) lines.push(text);
        place.log(text);
      },
    });
    const warnings = (result.warnings ?? []).map((warning) => warning.message);
    return { output: result.output, durationMs: place.ports.now() - startedAt, warnings, log: lines };
  } finally {
    await place.runner.forget(id);
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseBadParams({ tool, operation, params }: Wanted): void {
  const problem = tool.check(operation, params).find((one) => one.severity === 'error');
  if (problem === undefined) return;
  const isUnknown = problem.code === 'tool.unknown_operation';
  throw new AppError(isUnknown ? 'tool.unknown_operation' : 'tool.invalid_params', problem.message, {
    hint: problem.fix,
  });
}
