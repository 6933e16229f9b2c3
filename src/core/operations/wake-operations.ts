import { join } from 'node:path';
import type { WakeOperationName, WakeState } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { sha256Hex } from '../crypto/index.ts';
import {
  type CommandLine,
  installTimer,
  readWakeRecord,
  removeTimer,
  removeWakeRecord,
  timerState,
  type WakeUnits,
  wakeIdOf,
  wakeRecordFile,
  wakeUnits,
  writeWakeRecord,
} from '../wake/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

/** The timer of the system for a project (docs/adr/0031). `commandLine` null = the app has no lasting place. */
export function wakeHandlers(
  session: ProjectSession,
  { commandLine, home }: { readonly commandLine: CommandLine | null; readonly home: string },
): HandlersOf<WakeOperationName> {
  const { userDataDir, clock } = session;
  const id = wakeIdOf(session.paths.project);
  const record = wakeRecordFile(userDataDir, id);
  const units = commandLine === null ? null : unitsOf(session.paths.project, { commandLine, home, userDataDir, id });
  const show = async (): Promise<WakeState> => {
    if (units === null) return { ...NOTHING, problem: commandLine === null ? 'no_place' : 'no_system' };
    const commands = units.load.map(({ program, args }) => [program, ...args].join(' '));
    return {
      ...{ system: units.system, problem: null, files: units.files, commands, hash: hashOf(units) },
      ...{ state: await timerState(units), lookedAt: (await readWakeRecord(record))?.lookedAt ?? null },
    };
  };
  return {
    'wake.show': show,
    'wake.install': async ({ hash }) => {
      if (units === null)
        throw new AppError('wake.unsupported', 'A timer of the system cannot be set up here.', {
          hint: 'Install the app, or start it at the sign-in.',
        });
      if (hash !== hashOf(units))
        throw new AppError('wake.changed', 'This is not what was shown.', { hint: 'Look at the files again.' });
      await installTimer(units);
      // What was missed before nobody waits to be told.
      await writeWakeRecord(record, { lookedAt: null, toldUntil: clock.now(), store: null, expected: [], told: [] });
      return show();
    },
    'wake.remove': async () => {
      if (units !== null) await removeTimer(units);
      await removeWakeRecord(record);
      return show();
    },
  };
}

const NOTHING = { system: null, state: 'off', files: [], commands: [], hash: sha256Hex(''), lookedAt: null } as const;

const hashOf = ({ files, load }: WakeUnits): string => sha256Hex(JSON.stringify({ files, load }));

function unitsOf(
  project: string,
  of: {
    readonly commandLine: CommandLine;
    readonly home: string;
    readonly userDataDir: string;
    readonly id: string;
  },
): WakeUnits | null {
  const { commandLine, home, userDataDir, id } = of;
  const { program, args, environment } = commandLine;
  const { platform, env } = process;
  return wakeUnits(
    platform,
    {
      ...{ id, project, program },
      args: [...args, '--project', project, 'schedule', 'wake', 'run'],
      environment: { ...environment, AIWORKFLOW_USER_DIR: userDataDir },
      searchPath: env.PATH ?? '',
    },
    { home, userDataDir, configHome: env.XDG_CONFIG_HOME || join(home, '.config'), userId: process.getuid?.() ?? 0 },
  );
}
