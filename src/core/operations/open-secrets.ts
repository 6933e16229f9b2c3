import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sha256Hex } from '../crypto/index.ts';
import { type Keychain, SecretStore } from '../governance/index.ts';
import { ensureProjectId, type ProjectConfig } from '../projects/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { SecretRepository } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';

interface SecretSurroundings {
  readonly repository: SecretRepository;
  readonly config: ProjectConfig;
  readonly redactor: Redactor;
  readonly projectPath: string;
  /** The user's own folder. */
  readonly userDataDir: string;
  readonly clock: Clock;
  readonly keychain?: Keychain;
  readonly onOpened: () => void;
}

/**
 * The secrets of a project. What opens them stands for its real path and its random id: a copy of the folder elsewhere opens nothing
 * (DESIGN decision 2). The passphrase is taken from the environment of the process and from no file.
 */
export async function openSecrets(around: SecretSurroundings): Promise<SecretStore> {
  const { repository, config, redactor, projectPath, userDataDir, clock, keychain, onOpened } = around;
  const id = await ensureProjectId(projectPath, randomUUID);
  const account = sha256Hex(`${projectPath}\n${id}`).slice(0, 32);
  return new SecretStore({
    repository,
    setting: config.security.credentialStore,
    account,
    keyFile: join(userDataDir, 'secret-keys', account),
    passphrase: process.env.AIWORKFLOW_MASTER_KEY || null,
    ...(keychain === undefined ? {} : { keychain }),
    now: clock.now,
    onValue: (name, value) => redactor.addSecret(name, value),
    onOpened,
  });
}
