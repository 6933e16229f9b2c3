import type { OperationName } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import { checkAgentSettings } from '../agents/index.ts';
import { type ProjectPaths, readProjectConfig, settingOf, settingsOf, writeSettings } from '../projects/index.ts';
import { fieldSecrets } from '../redaction/index.ts';
import { typedValue } from '../yaml/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';

type ConfigOperation = Extract<OperationName, `config.${string}`>;

/** Settings are read from the files themselves: they may say more than what has the project open goes by. */
export function configReaders({ project }: ProjectPaths): Pick<HandlersOf<ConfigOperation>, 'config.get'> {
  return {
    'config.get': async ({ key }) => ({
      settings: settingsOf(await readProjectConfig(project, { env: process.env }), key),
    }),
  };
}

/** The use cases of the settings of a project (SPEC §14). */
export function configHandlers(session: ProjectSession): HandlersOf<ConfigOperation> {
  const { paths, agents, storage } = session;
  return {
    ...configReaders(paths),
    'config.set': async ({ key, value: typed }) => {
      const value = typedValue(typed);
      refuseSecret(key, value);
      if (key === 'agent.primary' && typeof value === 'string') agents.available(value);
      const read = await writeSettings(paths, {
        changes: { [key]: value },
        env: process.env,
        check: (config) => checkAgentSettings(config.agent, agents.names),
      });
      const countsNow = COUNTS_NOW.test(key);
      if (key === 'agent.primary') agents.setPrimary(read.config.agent.primary);
      else if (countsNow) storage.keepTo(read.config);
      return { ...settingOf(read, key), countsNow };
    },
  };
}

/** What the open project goes by at once; the screens change these too. */
const COUNTS_NOW = /^(agent\.primary|logging\.retention_days|retention\.(deliveries|audit|queue)_days)$/;

/** How a setting stands now, for the audit; null = there is none of this key. */
export async function settingState({ project }: ProjectPaths, key: string): Promise<JsonMap | null> {
  const read = await readProjectConfig(project, { env: process.env });
  try {
    const { value, source } = settingOf(read, key);
    return { value, from: source.from };
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}

/** A settings file is shared and kept in version control, and an argument stands in the history of a shell. */
function refuseSecret(key: string, value: Json): void {
  const name = key.split('.').at(-1) ?? '';
  const [found] = fieldSecrets({ [name]: value });
  const hasPassword = typeof value === 'string' && URL.canParse(value) && new URL(value).password !== '';
  if (found === undefined && !hasPassword) return;
  throw new AppError('config.invalid', `'${key}' would hold a secret, which has no place in aiworkflow.yaml.`, {
    hint: hasPassword
      ? `Set the variable AIWORKFLOW_${key.replaceAll('.', '_').toUpperCase()} instead.`
      : 'Store it as a secret, or set the variable that the agent reads.',
  });
}
