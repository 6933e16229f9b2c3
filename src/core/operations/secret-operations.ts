import type { LiveEvent, OperationName } from '../../shared/contract/index.ts';
import type { SecretInfo } from '../../shared/model/secret.ts';
import { toSecretInfo } from '../governance/index.ts';
import type { StoredSecret } from '../storage/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { ProjectSession } from './project-session.ts';
import { secretUses } from './secret-uses.ts';

type SecretOperation = Extract<OperationName, `secrets.${string}`>;

/** The use cases of secrets (SPEC §12.4): none of them gives a value. `publish` tells the screens of every change. */
export function secretHandlers(
  session: ProjectSession,
  publish: (event: LiveEvent) => void,
): HandlersOf<SecretOperation> {
  const { secrets, clock } = session;
  const shown = async (secret: StoredSecret | Promise<StoredSecret>): Promise<SecretInfo> => {
    const stored = await secret;
    return toSecretInfo(stored, (await secretUses(session)).get(stored.name) ?? [], clock.now());
  };
  /** What was done, told. */
  const told = <T>(outcome: T): T => {
    session.triggers.webhooks.secrets.learn({ isAnew: true });
    publish({ kind: 'secrets' });
    return outcome;
  };
  return {
    'secrets.list': async () => {
      const uses = await secretUses(session);
      const known = secrets.list().map((one) => toSecretInfo(one, uses.get(one.name) ?? [], clock.now()));
      return { secrets: known, store: await secrets.key.info() };
    },
    'secrets.set': async ({ name, value, ...draft }) => shown(told(await secrets.set(name, value, draft))),
    'secrets.rotate': async ({ name, value, ...draft }) => shown(told(await secrets.rotate(name, value, draft))),
    'secrets.edit': ({ name, ...draft }) => shown(told(secrets.edit(name, draft))),
    'secrets.remove': ({ name }) => {
      secrets.remove(name);
      return told(null);
    },
    'secrets.test': ({ name }) => shown(secrets.test(name)),
    'secrets.unlock': async ({ passphrase }) => {
      await secrets.key.unlock(passphrase);
      return told(await secrets.key.info());
    },
    'secrets.lock': async () => {
      secrets.key.lock();
      return told(await secrets.key.info());
    },
    'secrets.changeKey': async ({ passphrase }) => {
      await secrets.changeKey(passphrase);
      return told(await secrets.key.info());
    },
  };
}
