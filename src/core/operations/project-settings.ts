import { AppError } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import {
  type ProjectConfig,
  type ProjectPaths,
  projectPaths,
  readProjectConfig,
  readProjectEnv,
  withConfiguredPaths,
} from '../projects/index.ts';

/** What a project says about itself, as it is opened. */
export interface ProjectSettings {
  readonly config: ProjectConfig;
  /** With what the settings move. */
  readonly paths: ProjectPaths;
  /** Variables for what the project reaches: this process over the `.env` files. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is wrong with the settings, unknown or not used. */
  readonly problems: readonly Diagnostic[];
}

/** Reads the settings files, `AIWORKFLOW_*` and the `.env` files (SPEC §14). Never throws: what is wrong stands in `problems`. */
export async function readSettings(projectPath: string, userDataDir: string): Promise<ProjectSettings> {
  const { config, diagnostics } = await readProjectConfig(projectPath, { env: process.env });
  const paths = withConfiguredPaths(projectPaths(projectPath), config);
  const { env, diagnostics: unread } = await readProjectEnv(paths, userDataDir, process.env);
  return { config, paths, env, problems: [...diagnostics, ...unread] };
}

/** Nothing runs on settings that nobody wrote: `config.invalid` names the first thing that is wrong and holds all of them. */
export function requireSettings(problems: readonly Diagnostic[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { file, line, message, fix } = first;
  const place = file === undefined ? '' : ` (${line === undefined ? file : `${file}:${line}`})`;
  const mend = fix === undefined ? '' : `${fix.replace(/([^.])$/, '$1.')} `;
  throw new AppError('config.invalid', `The settings of this project cannot be used: ${message}${place}`, {
    hint: `${mend}Then open the project again: settings are read when it is opened.`,
    details: { problems: errors },
  });
}

/** The variables of these names that are set. */
export function pickEnv(names: readonly string[], env: ProjectSettings['env']): Readonly<Record<string, string>> {
  const picked = names
    .map((name) => [name, env[name]] as const)
    .filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(picked);
}
