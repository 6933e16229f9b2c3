import type { Command } from 'commander';
import { runDoctorWithoutProject } from '../../core/control-center.ts';
import type { DoctorReport } from '../../shared/contract/index.ts';
import { action } from '../command-context.ts';
import { projectOf, withClient } from '../doors.ts';
import { table } from '../output.ts';

const ICONS = { ok: 'OK', warning: 'WARN', error: 'ERROR', info: 'INFO' } as const;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Check whether all that runs need is here.')
    .option('--fix', 'Create what is missing and repair modes.')
    .action(
      action(async ({ output, options }, flags: { fix?: boolean }) => {
        const fix = flags.fix ?? false;
        const project = await projectOf(options);
        const report = project.isFresh
          ? await runDoctorWithoutProject(project.path, fix)
          : await withClient(options, (client) => client.call('doctor.run', { fix }));
        output.result(report, reportText(report));
        return report.healthy ? 0 : 1;
      }),
    );
}

function reportText(report: DoctorReport): string {
  const rows = report.checks.map((check) => [ICONS[check.status], check.name, check.value, check.status === 'ok' ? '' : check.message]);
  return `${table(rows)}\n${report.healthy ? 'Healthy.' : 'Not healthy.'}`;
}
