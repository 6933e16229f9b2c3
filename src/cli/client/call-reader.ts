import type { InputOf, OperationName, OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type CliContext, cliCaller, type OpenClient } from '../context.ts';
import { note } from '../print.ts';
import { warnOfSettings } from './warn-of-settings.ts';

/** Operations that only read files: they work while another process holds the project, and make nothing. */
export type ReadingName = Extract<
  OperationName,
  'workflows.validate' | 'bundles.info' | 'bundles.validate' | 'bundles.list' | 'config.get'
>;

/** Makes a reading call without a lease. */
export async function callReader<N extends ReadingName>(
  context: CliContext,
  name: N,
  input: InputOf<N>,
): Promise<OutputOf<N>> {
  const project = await context.findProject(context.globals.project);
  const reader = await context.openReader(project.path);
  warnOfSettings(context, await reader.settingsProblems());
  const answer = await reader.call(name, input, cliCaller(context.login));
  // The handler of that very operation made it.
  if (answer.ok) return answer.value as OutputOf<N>;
  throw AppError.fromRecord(answer.error);
}

/**
 * Opens the project, says what is wrong with its settings, works with it and lets go, however the work ends. Nobody waits for what
 * others still do here.
 */
export async function withClient<T>(context: CliContext, work: (client: OpenClient) => Promise<T>): Promise<T> {
  return withOpenClient(context, async (client) => {
    if (!context.globals.quiet) warnOfSettings(context, (await client.call('app.info', {})).settingsProblems);
    return work(client);
  });
}

/** The same for what looks at the settings itself. */
export async function withOpenClient<T>(context: CliContext, work: (client: OpenClient) => Promise<T>): Promise<T> {
  const client = await context.openClient(await context.findProject(context.globals.project), context.login);
  try {
    return await work(client);
  } finally {
    context.afterwards(client.close(() => note(context, STAYING)));
  }
}

const STAYING = 'Another terminal handed work over to this command: it stays until that has ended.';
