import { realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { Json, JsonMap } from '../../../shared/json.ts';
import { isInside, refuseSystemFolder, resolveInside } from '../../files/index.ts';
import type { FileEventType } from './file-event.ts';
import { createFileFilter, type FileFilter } from './file-filter.ts';

/** The rules of a watch as SPEC §1.7 and §7.2 give them, defaults filled in. */
export interface WatchRules {
  /** As written. */
  readonly path: string;
  readonly filter: FileFilter;
  readonly events: ReadonlySet<FileEventType>;
  readonly debounceMs: number;
  readonly isBatch: boolean;
  readonly catchesUp: boolean;
}

const EVENT_TYPES: readonly FileEventType[] = ['created', 'modified', 'deleted', 'moved'];
const DEFAULT_EVENTS: readonly FileEventType[] = ['created', 'modified'];

/** Reads the config of a file trigger. Error: `config.invalid`, which says all that is wrong. */
export function readWatchRules(config: JsonMap): WatchRules {
  const events = textsOf(config.events) ?? DEFAULT_EVENTS;
  const filter = createFileFilter({
    patterns: textsOf(config.patterns) ?? ['*'],
    ignorePatterns: [...(textsOf(config.ignore) ?? []), ...(textsOf(config.ignore_patterns) ?? [])],
    regex: typeof config.regex === 'string' && config.regex !== '' ? config.regex : null,
    recursive: config.recursive !== false,
  });
  if ('problems' in filter) {
    throw new AppError('config.invalid', `${filter.problems.map(({ message }) => message).join('. ')}.`);
  }
  const seconds = typeof config.debounce_seconds === 'number' ? config.debounce_seconds : 1;
  return {
    path: typeof config.path === 'string' && config.path.trim() !== '' ? config.path : '.',
    filter,
    events: new Set(EVENT_TYPES.filter((type) => events.includes(type))),
    debounceMs: Math.max(0, seconds * 1000),
    isBatch: config.batch === true,
    catchesUp: config.catch_up !== 'none',
  };
}

function textsOf(value: Json | undefined): readonly string[] | null {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}

/** Where a project and its own state lie. */
export interface WatchPlace {
  readonly project: string;
  readonly stateDir: string;
}

/**
 * The real absolute path of the root of a watch: in the project, or wherever an absolute path leads, but neither a folder of the system nor
 * the project's state. What is not there yet is allowed. Errors: `file.outside`, `file.not_found` (the project itself is gone).
 */
export async function resolveWatchRoot({ project, stateDir }: WatchPlace, path: string): Promise<string> {
  const root = isAbsolute(path) ? await realOrSame(path) : await resolveInside(project, path);
  await refuseSystemFolder(root);
  if (isInside(await realOrSame(stateDir), root)) {
    throw new AppError('file.outside', `This folder holds the state of the project: ${path}`, {
      hint: 'Watch another folder.',
    });
  }
  return root;
}

/** A folder that is away, with a disk for instance, keeps its name. */
const realOrSame = async (path: string): Promise<string> => realpath(path).catch(() => join(path));
