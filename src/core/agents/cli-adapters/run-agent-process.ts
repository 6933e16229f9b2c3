import type { AgentRequest } from '../../agent-port/index.ts';
import type { ProcessEnd } from '../../processes/index.ts';
import { type CliAdapterOptions, SILENCE_MS, type StartTimer, startSystemTimer } from './adapter-options.ts';
import { holdAgent } from './agent-fence.ts';
import { interruptionOf } from './end-errors.ts';

/** What is started for one question. */
export interface AgentCommand {
  readonly agent: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | null;
  readonly outputLimitBytes: number;
}

/** SPEC §5.2: bytes of a stream. */
export const OUTPUT_LIMIT_BYTES = 10 * 1024 * 1024;

type AttemptOf = Pick<AgentRequest, 'runId' | 'path' | 'attempt' | 'ask' | 'stepKey'>;

/** The name under which the process of a question is recorded: several questions of an attempt are several processes. */
export const processKey = ({ runId, path, attempt, ask, stepKey }: AttemptOf) => ({
  ...{ runId, attempt, stepKey },
  path: `${path}.ask[${ask}]`,
});

/**
 * Runs an agent until it and its whole tree are gone. Errors: `agent.timed_out`, `agent.silent` (5 minutes without a line),
 * `agent.output_too_large`, `agent.limit_exceeded`, `run.cancelled`, `agent.not_installed` and `agent.failed` (not started). Any exit code is an end.
 */
export async function runAgentProcess(
  ports: Pick<CliAdapterOptions, 'runner' | 'startTimer' | 'config' | 'projectPath'>,
  command: AgentCommand,
  request: AttemptOf &
    Pick<AgentRequest, 'timeoutMs' | 'signal' | 'runDir' | 'permissions' | 'note'> & {
      readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
    },
): Promise<ProcessEnd> {
  const { close, ...held } = await holdAgent(ports, command, request);
  const silence = watchSilence(ports.startTimer ?? startSystemTimer);
  try {
    const { agent, ...spec } = command;
    const end = await ports.runner.run(
      { ...processKey(request), ...spec, ...held, timeoutMs: request.timeoutMs },
      {
        signal: AbortSignal.any([request.signal, silence.signal]),
        onLine: (stream, line) => {
          silence.heard();
          request.onLine(stream, line);
        },
      },
    );
    const interruption = interruptionOf(end, { agent, timeoutMs: request.timeoutMs, isSilent: silence.signal.aborted });
    if (interruption !== null) throw interruption;
    return end;
  } finally {
    silence.stop();
    await close();
  }
}

/** Aborts after five minutes in which nothing was heard. */
export function watchSilence(startTimer: StartTimer): {
  readonly signal: AbortSignal;
  readonly heard: () => void;
  readonly stop: () => void;
} {
  const controller = new AbortController();
  const start = (): (() => void) => startTimer(SILENCE_MS, () => controller.abort());
  let stop = start();
  return {
    signal: controller.signal,
    heard: () => {
      stop();
      stop = start();
    },
    stop: () => stop(),
  };
}
