import type { DoctorCheck, DoctorReport } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { withOpenClient } from '../client/call-reader.ts';
import type { CommandKit } from '../command-kit.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { oneLine } from '../text/plain-text.ts';

/** `doctor`. */
export function addDoctor(kit: CommandKit): void {
  kit.program
    .command('doctor')
    .description('Check this machine and the project')
    .option('--fix', 'create what is missing and repair modes')
    .action(kit.run(checkHealth));
}

async function checkHealth(context: CliContext, flags: { readonly fix?: boolean }): Promise<ExitCode> {
  const report = await runChecks(context, flags.fix ?? false);
  print(context, report, () => reportText(report, context));
  return report.healthy ? EXIT.ok : EXIT.error;
}

/** A folder that is no project yet is only looked at; a store that does not open is itself a finding. */
async function runChecks(context: CliContext, fix: boolean): Promise<DoctorReport> {
  const { path: projectPath, isFresh } = await context.findProject(context.globals.project);
  const place = { projectPath, userDataDir: (await context.place()).userDataDir };
  const { runDoctorWithoutProject } = await import('../../core/control-center.ts');
  if (isFresh && !fix) return runDoctorWithoutProject(place, fix);
  try {
    return await withOpenClient(context, (client) => client.call(fix ? 'doctor.fix' : 'doctor.run', {}));
  } catch (error) {
    if (!(error instanceof AppError) || error.code.split('.')[0] !== 'store') throw error;
    return withBrokenStore(error, await runDoctorWithoutProject(place, fix));
  }
}

function withBrokenStore(error: AppError, report: DoctorReport): DoctorReport {
  const message = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  const check: DoctorCheck = { name: 'Store Integrity', value: error.code, status: 'error', message };
  return {
    checks: [...report.checks.filter((one) => one.name !== check.name), check],
    issues: [...report.issues, `${check.name}: ${message}`],
    healthy: false,
  };
}

const ICONS: Readonly<Record<DoctorCheck['status'], string>> = {
  ok: 'OK',
  warning: 'WARN',
  error: 'ERROR',
  info: 'INFO',
};
const PAINT = { ok: 'green', warning: 'yellow', error: 'red', info: 'cyan' } as const;

function reportText({ checks }: DoctorReport, { colors }: CliContext): string {
  const width = Math.max(0, ...checks.map((check) => check.name.length));
  const lines = checks.map((check) => {
    const icon = colors.out[PAINT[check.status]](ICONS[check.status].padEnd(5));
    return `${icon}  ${check.name.padEnd(width)}  ${oneLine(check.value)}  ${colors.out.dim(oneLine(check.message))}`.trimEnd();
  });
  return [...lines, verdict(checks)].join('\n');
}

/** The last line, which is all that many read: it must not call well what a line above warns of. */
function verdict(checks: readonly DoctorCheck[]): string {
  const count = (status: DoctorCheck['status']): number => checks.filter((check) => check.status === status).length;
  const errors = count('error');
  const warnings = count('warning');
  const warned = warnings === 1 ? '1 warning' : `${warnings} warnings`;
  if (errors === 0)
    return warnings === 0 ? 'All is well.' : `Nothing is broken, but there ${warnings === 1 ? 'is' : 'are'} ${warned}.`;
  const failed = errors === 1 ? '1 error' : `${errors} errors`;
  return `Something needs to be mended: ${failed}${warnings === 0 ? '' : ` and ${warned}`}.`;
}
