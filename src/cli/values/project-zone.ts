import { warnOfSettings } from '../client/warn-of-settings.ts';
import type { CliContext } from '../context.ts';

/** `scheduler.timezone` of the project (SPEC §14): the zone of schedules that name none. */
export async function projectZone(context: CliContext, { warns = false } = {}): Promise<string> {
  const { readProjectConfig } = await import('../../core/projects/index.ts');
  const project = await context.findProject(context.globals.project);
  const { config, diagnostics } = await readProjectConfig(project.path, { env: process.env });
  if (warns) warnOfSettings(context, diagnostics);
  return config.scheduler.timezone;
}
