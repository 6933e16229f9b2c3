import { grouped } from '../../../shared/grouped.ts';
import type { ScanReport } from './scan-tree.ts';

const MANY_FILES = 50_000;
const MANY_FOLDERS = 10_000;
const MOST_NAMED = 3;

/** Which parts of a tree the system does not tell of, and what else is to be said of it. Folders are relative to the root; '' = the root. */
export class PartNotices {
  readonly #lost = new Map<string, string>();
  #report: ScanReport | null = null;

  /** Of this folder the system tells nothing: `code` is its word. True = that is new. */
  lose(folder: string, code: string): boolean {
    if (this.#lost.has(folder)) return false;
    this.#lost.set(folder, code);
    return true;
  }

  /** Takes the report of a walk over the whole tree. */
  take(report: ScanReport): void {
    this.#report = report;
    for (const folder of report.network) this.#lost.set(folder, 'network');
  }

  /** The folders to poll: those of which the system tells nothing, without what lies in another one of them. */
  polled(): readonly string[] {
    if (this.#lost.has('')) return [''];
    return [...this.#lost.keys()].filter((folder) => !foldersAbove(folder).some((above) => this.#lost.has(above)));
  }

  /** As sentences. */
  list(pollSeconds: number): readonly string[] {
    const notices: string[] = [];
    for (const [why, folders] of this.#byReason()) {
      notices.push(`${name(folders)} looked at every ${grouped(pollSeconds)} seconds: ${why}`);
    }
    const unreadable = this.#report?.unreadable ?? [];
    if (unreadable.length > 0) notices.push(`${nameOnly(unreadable)} cannot be read, nothing in it is seen.`);
    const { files = 0, folders = 0 } = this.#report ?? {};
    if (files > MANY_FILES || folders > MANY_FOLDERS) {
      notices.push(
        `This watch looks at ${grouped(files)} files in ${grouped(folders)} folders. Leave folders out with ignore_patterns, or watch a folder further down.`,
      );
    }
    return notices;
  }

  #byReason(): ReadonlyMap<string, readonly string[]> {
    const groups = new Map<string, string[]>();
    for (const folder of this.polled()) {
      const why = reasonOf(this.#lost.get(folder) ?? '');
      groups.set(why, [...(groups.get(why) ?? []), folder]);
    }
    return groups;
  }
}

function foldersAbove(folder: string): readonly string[] {
  const names = folder.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

function reasonOf(code: string): string {
  if (code === 'network') return 'it lies on a network, whose changes the system does not tell.';
  if (code === 'ENOSPC') return 'the limit of the system for watched folders is reached (fs.inotify.max_user_watches).';
  if (code === 'EMFILE' || code === 'ENFILE') {
    return 'the limit of the system for watches or open files is reached (fs.inotify.max_user_instances, ulimit -n).';
  }
  return `the system does not tell of its changes (${code}).`;
}

function name(folders: readonly string[]): string {
  return `${nameOnly(folders)} ${folders.length === 1 ? 'is' : 'are'}`;
}

function nameOnly(folders: readonly string[]): string {
  if (folders.includes('')) return 'The whole folder';
  const named = folders.slice(0, MOST_NAMED).join(', ');
  const more = folders.length - MOST_NAMED;
  return more > 0 ? `${named} and ${grouped(more)} more folders` : named;
}
