import type { Clock } from '../../time/index.ts';
import type { FileEventSink, FileEventType } from './file-event.ts';
import type { FileFilter } from './file-filter.ts';
import type { HintSource } from './hint-source.ts';
import type { WatchCursor } from './watch-cursor.ts';
import type { WatchState } from './watch-state.ts';

/** One watch, ready to run: its rules are read and its root is checked. */
export interface FileWatchOptions {
  /** The real absolute path of the root. */
  readonly root: string;
  readonly filter: FileFilter;
  readonly events: ReadonlySet<FileEventType>;
  readonly debounceMs: number;
  /** Whether files are waited for together, and are one delivery. */
  readonly isBatch: boolean;
  /** Whether what happened while the watch was off is told. */
  readonly catchesUp: boolean;
  readonly cursor: WatchCursor;
  readonly sink: FileEventSink;
  readonly hints: HintSource;
  /** Whether a folder lies on a network file system. */
  readonly isNetwork: (path: string) => Promise<boolean>;
  readonly clock: Clock;
  /** Called after the state has changed. */
  readonly onState: (state: WatchState) => void;
}
