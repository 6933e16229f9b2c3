import type { LogLine } from '../../shared/model/run.ts';
import type { LogStore } from '../storage/index.ts';
import type { ToolCall } from '../tool-port/index.ts';
import type { EngineHost } from './ports.ts';

interface StepLogOptions {
  readonly logs: Pick<LogStore, 'append' | 'replace'>;
  readonly runId: string;
  readonly path: string;
  /** UTC ms. */
  readonly now: () => number;
  readonly host: Pick<EngineHost, 'redact'>;
}

/**
 * The log of one attempt. A line that goes on keeps its number while it is written again and again; the next line of its stream is what
 * it came to (SPEC §5.2).
 */
export function createStepLog({
  logs,
  runId,
  path,
  now,
  host,
}: StepLogOptions): Required<Pick<ToolCall, 'log' | 'logOpen'>> {
  let open: Map<LogLine['stream'], number> | null = null;
  const put = (line: Omit<LogLine, 'line'>): number | null => {
    const number = open?.get(line.stream);
    if (number === undefined) return logs.append(runId, line);
    logs.replace(runId, { ...line, line: number });
    return number;
  };
  return {
    log: (stream, text, level = 'info') => {
      put({ at: now(), path, stream, level, text: host.redact(text) });
      open?.delete(stream);
    },
    logOpen: (stream, text) => {
      const number = put({ at: now(), path, stream, level: 'info', text: host.redact(text), isOpen: true });
      if (number === null) return;
      open ??= new Map();
      open.set(stream, number);
    },
  };
}
