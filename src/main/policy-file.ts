import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appLog } from '../core/app-log/index.ts';
import type { Json } from '../shared/json.ts';
import { type DesktopSettingsChange, readDesktopPolicy } from '../shared/model/desktop.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where an administrator sets what nobody changes here, the first that is there counts: the place of the system, which only he can write; then
 * the file that `AIWORKFLOW_POLICY_FILE` names.
 */
export function policyFiles(platform: string, environment: Environment): readonly string[] {
  const named = environment.AIWORKFLOW_POLICY_FILE;
  const system =
    platform === 'win32'
      ? join(environment.ProgramData || 'C:\\ProgramData', 'aiworkflow', 'policy.json')
      : platform === 'darwin'
        ? '/Library/Application Support/aiworkflow/policy.json'
        : '/etc/aiworkflow/policy.json';
  return named ? [system, named] : [system];
}

/** What the first of these files that is there sets. What is wrong in it is left out, and stands in the log of the app. */
export function readPolicy(files: readonly string[]): DesktopSettingsChange {
  const file = files.find((path) => existsSync(path));
  if (file === undefined) return {};
  try {
    const { policy, wrong } = readDesktopPolicy(JSON.parse(readFileSync(file, 'utf8')) as Json);
    if (wrong.length > 0) appLog.warning('the file of the administrator has keys that cannot be used', { file, wrong });
    return policy;
  } catch (error) {
    appLog.error('the file of the administrator cannot be read', error);
    return {};
  }
}
