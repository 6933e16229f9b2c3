import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSummary } from '../../shared/model/run.ts';
import { type LogEntry, type LogStyle, logNameOf } from '../run-texts/index.ts';
import type { RunEntries } from './run-entries.ts';

interface AgentLogsOptions {
  /** Of the execution logs. */
  readonly folder: string;
  readonly style: LogStyle;
  /** The head of a log, and its entries as they are written: without secrets, and without those that matter too little. */
  readonly headOf: (run: RunSummary) => string;
  readonly textOf: (entries: readonly LogEntry[]) => string;
}

/**
 * With `logging.per_agent_logs` (SPEC §14) each agent that was at work in a run has a log of what it did there, beside that of the run:
 * `agents/<agent>/<name of the log>`. It is written when the run has ended.
 */
export class AgentLogs {
  readonly #options: AgentLogsOptions;

  constructor(options: AgentLogsOptions) {
    this.#options = options;
  }

  /** Writes those of a run that has ended, of which nothing was read yet. Errors: those of the system. */
  async write(run: RunSummary, entries: RunEntries): Promise<void> {
    const { style, headOf, textOf } = this.#options;
    const handles = new Map<string, FileHandle>();
    try {
      for (let isEnd = false; !isEnd; ) {
        const next = await entries.next();
        for (const [agent, own] of Map.groupBy(next.entries, ({ agent }) => agent)) {
          if (agent === undefined) continue;
          const known = handles.get(agent);
          const handle = known ?? (await this.#open(agent, run.runId));
          handles.set(agent, handle);
          await handle.writeFile((known === undefined ? headOf({ ...run, agent }) : '') + textOf(own));
        }
        isEnd = next.isEnd;
      }
      for (const handle of handles.values()) await handle.writeFile(style.foot);
    } finally {
      for (const handle of handles.values()) await handle.close();
    }
    for (const agent of handles.keys()) {
      const file = this.#fileOf(agent, run.runId);
      await rename(`${file}.part`, file);
    }
  }

  /** Where those of a run may be, by the agents that have any. */
  async places(): Promise<(runId: string) => readonly string[]> {
    const agents = await readdir(join(this.#options.folder, 'agents')).catch(() => []);
    return (runId) => agents.map((agent) => this.#fileOf(agent, runId));
  }

  /** Those of a deleted run go. Errors: those of the system. */
  async remove(runId: string): Promise<void> {
    for (const file of (await this.places())(runId)) await rm(file, { force: true });
  }

  async #open(agent: string, runId: string): Promise<FileHandle> {
    const file = this.#fileOf(agent, runId);
    await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
    return open(`${file}.part`, 'w', 0o600);
  }

  #fileOf(agent: string, runId: string): string {
    const { folder, style } = this.#options;
    return join(folder, 'agents', agent.replace(/[^\w.-]|^\.+/g, '-'), `${logNameOf(runId)}.${style.extension}`);
  }
}
