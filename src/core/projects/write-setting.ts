import { readFile } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { createTurns } from '../../shared/turns.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';
import { locate, openSettings, scalarText, setYamlText } from '../yaml/index.ts';
import type { ProjectConfig } from './project-config.ts';
import { type ProjectPaths, showPath } from './project-paths.ts';
import { type ReadConfig, readProjectConfig, variableOf } from './read-project-config.ts';
import { isAt, requirePath, writtenAt } from './read-settings.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What is written, and by what it is held beside the reading of the file. */
export interface SettingChanges {
  /** Values by key, `null` = the default again. */
  readonly changes: Readonly<Record<string, Json>>;
  readonly env: Env;
  /** What else is wrong with settings: names that nobody has. */
  readonly check?: (config: ProjectConfig) => readonly Diagnostic[];
}

/** A writer reads the file and writes it anew: of two at a time the later one would take back what the other has written. */
const inTurn = createTurns();

/**
 * The one way into aiworkflow.yaml: writes settings, all or none; everything else of the file stays as it is, a missing file is made. What
 * would be wrong is not written. Gives the settings as they are now. Errors: `config.invalid` (there is no such key, the value is wrong, the
 * file cannot be read, or a variable or aiworkflow.local.yaml says otherwise on this machine, so that nothing would change), `file.*`.
 */
export function writeSettings(paths: ProjectPaths, wanted: SettingChanges): Promise<ReadConfig> {
  return inTurn(async () => {
    const changes = Object.entries(wanted.changes).map(([key, value]) => ({ key, path: requirePath(key), value }));
    const local = await readOrEmpty(paths, paths.localConfigFile);
    for (const change of changes) refuseOverridden(change, local, wanted.env);
    const text = await readOrEmpty(paths, paths.configFile);
    const next = changes.reduce((changed, { path, value }) => setYamlText(changed, path, value), text);
    const read = await refuseWrong(paths, { wanted, text, next, changes });
    if (next !== text) await writeFileAtomic(paths.configFile, next);
    return read;
  });
}

interface Change {
  readonly key: string;
  readonly path: readonly [string, ...string[]];
  readonly value: Json;
}

/** What goes before the file on this machine would still say otherwise. */
function refuseOverridden({ key, path, value }: Change, local: string, env: Env): void {
  const { root } = openSettings([{ file: 'aiworkflow.local.yaml', text: local }], { code: 'config.invalid' });
  const written = writtenAt(root, path);
  const name = variableOf(path);
  const isInVariable = path.length > 1 && (env[name] ?? '') !== '';
  const spelled = written === undefined ? undefined : (scalarText(written) ?? JSON.stringify(written.value));
  const [place, said] = isInVariable ? [name, env[name]] : ['aiworkflow.local.yaml', spelled];
  const wished = typeof value === 'string' ? value : JSON.stringify(value);
  if (said !== undefined && said !== wished)
    throw new AppError('config.invalid', `${place} sets ${key} to ${said} on this machine.`, {
      hint: 'Change it there, or remove it there first.',
    });
}

/** Reads the file as it is about to be. What was wrong before and is not touched stays, and is said as ever. */
async function refuseWrong(
  { project }: ProjectPaths,
  {
    wanted,
    text,
    next,
    changes,
  }: {
    readonly wanted: SettingChanges;
    readonly text: string;
    readonly next: string;
    readonly changes: readonly Change[];
  },
): Promise<ReadConfig> {
  const { env, check = () => [] } = wanted;
  const [before, after] = [
    await readProjectConfig(project, { env, configText: text }),
    await readProjectConfig(project, { env, configText: next }),
  ];
  const problemsOf = ({ config, diagnostics }: ReadConfig): readonly Diagnostic[] => [...diagnostics, ...check(config)];
  const known = new Set(problemsOf(before).map(({ message }) => message));
  const places = changes.flatMap(({ path }) => {
    const node = writtenAt(after.root, path);
    return node === undefined ? [] : [locate(node)];
  });
  const problems = problemsOf(after).filter(
    (one) => !known.has(one.message) || places.some((place) => isAt(one, place)),
  );
  const [first] = problems;
  if (first === undefined) return after;
  throw new AppError('config.invalid', `This was not written: ${first.message}`, {
    ...(first.fix === undefined ? {} : { hint: first.fix }),
    details: { problems },
  });
}

async function readOrEmpty(paths: ProjectPaths, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return '';
    throw toFileError(thrown, showPath(paths, path));
  });
}
