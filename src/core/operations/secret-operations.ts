import type { OperationName } from '../../shared/contract/index.ts';
import type { SecretInfo } from '../../shared/model/secret.ts';
import { toSecretInfo } from '../governance/index.ts';
import type { StoredSecret } from '../storage/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { secretUses } from './secret-uses.ts';

type SecretOperation = Extract<OperationName, `secrets.${string}`>;

/** The use cases of secrets (SPEC §12.4): none of them gives a value. */
export function secretHandlers(session: ProjectSession): HandlersOf<SecretOperation> {
  const { secrets, clock } = session;
  const shown = async (secret: StoredSecret | Promise<StoredSecret>): Promise<SecretInfo> => {
    const stored = await secret;
    return toSecretInfo(stored, (await secretUses(session)).get(stored.name) ?? [], clock.now());
  };
  return {
    'secrets.list': async () => {
      const uses = await secretUses(session);
      const known = secrets.list().map((one) => toSecretInfo(one, uses.get(one.name) ?? [], clock.now()));
      return { secrets: known, store: await secrets.info() };
    },
    'secrets.set': ({ name, value, ...draft }) => shown(secrets.set(name, value, draft)),
    'secrets.rotate': ({ name, value, ...draft }) => shown(secrets.rotate(name, value, draft)),
    'secrets.edit': ({ name, ...draft }) => shown(secrets.edit(name, draft)),
    'secrets.remove': ({ name }) => {
      secrets.remove(name);
      return null;
    },
    'secrets.test': ({ name }) => shown(secrets.test(name)),
    'secrets.unlock': async ({ passphrase }) => {
      await secrets.unlock(passphrase);
      return secrets.info();
    },
    'secrets.lock': () => {
      secrets.lock();
      return secrets.info();
    },
    'secrets.changeKey': async ({ passphrase }) => {
      await secrets.changeKey(passphrase);
      return secrets.info();
    },
  };
}
