import i18next from 'i18next';
import { create } from 'zustand';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import { call } from '../../client/bridge.ts';
import { showToast } from '../../ui/toasts.tsx';

/** What a test of a secret has found. */
interface SecretTest {
  readonly at: number;
  /** When the value was written that was tested: another one was not. */
  readonly valueAt: number;
  /** Null = it opens. */
  readonly error: ErrorRecord | null;
}

interface SecretTests {
  /** Names of what is being tested. */
  readonly busy: ReadonlySet<string>;
  readonly found: ReadonlyMap<string, SecretTest>;
}

type Tested = Pick<SecretInfo, 'name' | 'createdAt' | 'rotatedAt'>;

const valueAt = ({ rotatedAt, createdAt }: Tested): number => rotatedAt ?? createdAt;

const useTests = create<SecretTests>()(() => ({ busy: new Set(), found: new Map() }));

/** Whether a secret is being tested, and what the newest test of the value that it has now found; null = nobody has tested it. */
export function useSecretTest(secret: Tested): { readonly isBusy: boolean; readonly test: SecretTest | null } {
  const isBusy = useTests(({ busy }) => busy.has(secret.name));
  const test = useTests(({ found }) => found.get(secret.name)) ?? null;
  return { isBusy, test: test?.valueAt === valueAt(secret) ? test : null };
}

/** Whether anything is being tested. */
export const useIsTesting = (): boolean => useTests(({ busy }) => busy.size > 0);

/** Opens a secret as a call would; what is in it is shown nowhere. */
export async function testSecret(secret: Tested): Promise<SecretTest> {
  const { name } = secret;
  setBusy(name, true);
  const error = await call('secrets.test', { name }).then(
    () => null,
    (thrown: unknown) => toErrorRecord(thrown),
  );
  const test = { at: Date.now(), valueAt: valueAt(secret), error };
  useTests.setState(({ found }) => ({ found: new Map(found).set(name, test) }));
  setBusy(name, false);
  return test;
}

/** Opens one after the other, and says how many did. */
export async function testSecrets(secrets: readonly Tested[]): Promise<void> {
  let opened = 0;
  for (const secret of secrets) if ((await testSecret(secret)).error === null) opened += 1;
  showToast(i18next.t('secrets:testedAll', { opened, count: secrets.length }));
}

function setBusy(name: string, isBusy: boolean): void {
  useTests.setState(({ busy }) => {
    const next = new Set(busy);
    if (isBusy) next.add(name);
    else next.delete(name);
    return { busy: next };
  });
}
