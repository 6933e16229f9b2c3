import type { Clock } from '../time/index.ts';
import { ForeignRuns } from './foreign-runs.ts';
import { OutgoingFiles } from './outgoing-files.ts';
import type { ProjectSession } from './project-session.ts';

/** Runs that leave this control center as files, and those of others that were opened here. */
export class RunExchange {
  readonly outgoing: OutgoingFiles;
  readonly foreign: ForeignRuns;

  /** Of the app, for whoever opens what leaves it. */
  readonly version: string;

  constructor(session: ProjectSession, { clock, version }: { readonly clock: Clock; readonly version: string }) {
    this.version = version;
    this.outgoing = new OutgoingFiles(session.paths.stagingDir, clock);
    this.foreign = new ForeignRuns(session);
  }

  async close(): Promise<void> {
    await this.outgoing.close();
    await this.foreign.close();
  }
}
