import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, parse, relative, sep } from 'node:path';
import type { McpServerSpec } from '../../../agent-port/index.ts';
import type { StepLimits } from '../step-limits.ts';

/** Where a step stands, as OpenCode sees it: paths in its rules count from the repository, or from the root where there is none. */
export interface StepPlace {
  /** What its rules about files begin with, for each way in which it may name a file. */
  readonly prefixes: readonly string[];
  /** Its search tools look through the whole repository: only a step that fills it may have them. */
  readonly canSearch: boolean;
}

/** A step that neither runs commands nor servers has no use for git: without a repository its folder is all that it sees. */
export const needsGit = (limits: StepLimits, servers: readonly McpServerSpec[]): boolean =>
  limits.commands.length > 0 || servers.length > 0;

/** `isApart`: OpenCode was told that there is no repository. */
export async function stepPlace(workDir: string, isApart: boolean): Promise<StepPlace> {
  const folder = await realpath(workDir).catch(() => workDir);
  const repository = isApart ? null : await repositoryOf(folder);
  const from = relative(repository ?? parse(folder).root, folder)
    .split(sep)
    .join('/');
  return {
    prefixes: [from === '' ? '' : `${from}/`, `${folder.split(sep).join('/')}/`],
    canSearch: repository === null || from === '',
  };
}

async function repositoryOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const found = await lstat(join(at, '.git')).catch(() => null);
    if (found !== null) return at;
    if (dirname(at) === at) return null;
  }
}
