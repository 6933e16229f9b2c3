import { AppError } from '../../../../shared/errors.ts';
import type { CliAdapterOptions } from '../adapter-options.ts';
import { checkEnvironment } from '../agent-environment.ts';
import { checkProgram } from '../check-program.ts';
import { requireProgram } from '../find-agent-program.ts';
import { OPENCODE_PROGRAM, openCodeEnvironment } from './open-code-cli.ts';
import { OPENCODE } from './open-code-reply.ts';

/**
 * OpenCode makes its database when it first starts, and several of them that start at once lock each other out: the first question of
 * an engine lets it start once alone, for nothing. Rejects as `requireProgram` does; whatever else goes wrong the question itself shows.
 */
export function createStorePreparation(options: CliAdapterOptions): () => Promise<void> {
  let prepared: Promise<void> | null = null;
  const prepare = async (): Promise<void> => {
    const command = await requireProgram(OPENCODE_PROGRAM, options.hostEnv);
    const env = checkEnvironment(options, openCodeEnvironment(options));
    const check = { agent: OPENCODE, command, args: ['auth', 'list'], env };
    await checkProgram(options.runner, check, new AbortController().signal).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown;
    });
  };
  return () => {
    prepared ??= prepare().catch((thrown: unknown) => {
      prepared = null;
      throw thrown;
    });
    return prepared;
  };
}
