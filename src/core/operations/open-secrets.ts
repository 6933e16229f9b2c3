import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sha256Hex } from '../crypto/index.ts';
import { type Keychain, type KeySealer, SecretStore, type SecretUser } from '../governance/index.ts';
import { ensureProjectId, type ProjectConfig } from '../projects/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { SecretRepository } from '../storage/index.ts';
import type { Clock } from '../time/index.ts';
import type { WriteAudit } from './audited-acts.ts';

const HOUR_MS = 3_600_000;

interface SecretSurroundings {
  readonly repository: SecretRepository;
  readonly config: ProjectConfig;
  readonly redactor: Redactor;
  readonly projectPath: string;
  /** The user's own folder. */
  readonly userDataDir: string;
  readonly clock: Clock;
  readonly keychain?: Keychain;
  readonly sealer?: KeySealer | undefined;
  readonly onOpened: () => void;
  /** Who was given a secret stands in the audit, each user once an hour. */
  readonly audit: WriteAudit;
}

/**
 * The secrets of a project. What opens them stands for its real path and its random id: a copy of the folder elsewhere opens nothing
 * (DESIGN decision 2). The passphrase is taken from the environment of the process and from no file.
 */
export async function openSecrets(around: SecretSurroundings): Promise<SecretStore> {
  const { repository, config, redactor, projectPath, userDataDir, clock, keychain, sealer, onOpened, audit } = around;
  const usedAt = new Map<string, number>();
  const noteUse = (secret: string, { kind, name }: SecretUser): void => {
    const use = `${secret} ${kind}:${name}`;
    if ((usedAt.get(use) ?? 0) > clock.now() - HOUR_MS) return;
    usedAt.set(use, clock.now());
    audit({
      ...{ type: 'security.secret_accessed', userId: 'system', resourceType: 'secret', resourceId: secret },
      ...{ action: 'secrets.use', details: { user: `${kind}:${name}` }, door: 'engine' },
    });
  };
  const id = await ensureProjectId(projectPath, randomUUID);
  const account = sha256Hex(`${projectPath}\n${id}`).slice(0, 32);
  return new SecretStore({
    repository,
    setting: config.security.credentialStore,
    account,
    keyFile: join(userDataDir, 'secret-keys', account),
    passphrase: process.env.AIWORKFLOW_MASTER_KEY || null,
    ...(keychain === undefined ? {} : { keychain }),
    sealer,
    now: clock.now,
    onValue: (name, value) => redactor.addSecret(name, value),
    onInput: (runId, name, value) => redactor.hold(runId, name, value),
    onUsed: noteUse,
    onOpened,
  });
}
