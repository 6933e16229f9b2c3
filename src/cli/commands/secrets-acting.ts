import type { SecretInfo, SecretStoreInfo } from '../../shared/model/secret.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print, warn } from '../print.ts';
import { usageError } from '../report-error.ts';
import { oneLine } from '../text/plain-text.ts';
import { table } from '../text/table.ts';
import { isoTime, localTime } from '../text/time-text.ts';

interface AboutFlags {
  readonly description?: string;
  readonly tag?: readonly string[];
  readonly allow?: readonly string[];
  readonly expires?: string;
}

const secretJson = (secret: SecretInfo): Readonly<Record<string, unknown>> => ({
  name: secret.name,
  description: secret.description,
  tags: secret.tags.toSorted(),
  allowed: secret.allowed.toSorted(),
  used_by: secret.usedBy.toSorted(),
  created_at: isoTime(secret.createdAt),
  updated_at: isoTime(secret.updatedAt),
  rotated_at: isoTime(secret.rotatedAt),
  last_used_at: isoTime(secret.lastUsedAt),
  expires_at: isoTime(secret.expiresAt),
  expiry: secret.expiry,
});

const storeJson = (store: SecretStoreInfo): Readonly<Record<string, unknown>> => ({
  keeper: store.keeper,
  state: store.state,
  problem: store.problem,
  unprotected: store.isUnprotected,
});

const KEEPERS = {
  keychain: 'the keychain of this system',
  desktop: 'what the desktop app seals',
  vault: 'a vault with a passphrase',
  file: 'an open file: UNPROTECTED',
} as const;

const storeText = ({ keeper, state, problem }: SecretStoreInfo): string => {
  const kept = `Their key is kept in ${KEEPERS[keeper]}`;
  if (state === 'none') return 'There is no key yet: the first secret makes one.';
  return problem === null ? `${kept}.` : `${kept}. ${problem}`;
};

/** What is said about a secret on the command line. */
const aboutOf = ({ description, tag, expires }: AboutFlags) => ({
  ...(description === undefined ? {} : { description }),
  ...(tag === undefined ? {} : { tags: [...tag] }),
  ...(expires === undefined ? {} : { expiresAt: readDay(expires) }),
});

/** The end of a day in UTC ms; `never` = null. */
function readDay(text: string): number | null {
  if (text === 'never') return null;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T23:59:59Z`) : Date.parse(text);
  if (Number.isNaN(at)) throw usageError(`'${text}' is not a day`, 'Write 2027-01-31, an instant, or never.');
  return at;
}

async function readValue(context: CliContext, name: string): Promise<string> {
  const value = await context.readSecret(`Value of ${name}: `);
  if (value === '')
    throw usageError(
      'No value was given',
      `Type it, or hand it over: printf %s "$VALUE" | aiworkflow secrets set ${name}`,
    );
  return value;
}

async function actOn(
  context: CliContext,
  act: (client: OpenClient) => Promise<SecretInfo>,
  done: string,
): Promise<ExitCode> {
  const secret = await withClient(context, act);
  print(context, secretJson(secret), () => `${done} ${secret.name}.`);
  if (secret.allowed.length === 0 && done !== 'Opened')
    warn(context, `Nobody may use it yet: aiworkflow secrets edit ${secret.name} --allow WORKFLOW_ID`);
  return EXIT.ok;
}

/** `secrets set NAME`: the value never stands in an argument list. */
export async function setSecret(context: CliContext, name: string, flags: AboutFlags): Promise<ExitCode> {
  const about = { ...aboutOf(flags), ...(flags.allow === undefined ? {} : { allowed: [...flags.allow] }) };
  const value = await readValue(context, name);
  return actOn(context, (client) => client.call('secrets.set', { name, value, ...about }), 'Stored');
}

/** `secrets rotate NAME`. */
export async function rotateSecret(
  context: CliContext,
  name: string,
  flags: Pick<AboutFlags, 'expires'>,
): Promise<ExitCode> {
  const about = aboutOf(flags);
  const value = await readValue(context, name);
  return actOn(context, (client) => client.call('secrets.rotate', { name, value, ...about }), 'Replaced the value of');
}

/** `secrets edit NAME`. */
export function editSecret(
  context: CliContext,
  name: string,
  { allow = [], deny = [], ...flags }: AboutFlags & { readonly deny?: readonly string[] },
): Promise<ExitCode> {
  const about = aboutOf(flags);
  if (Object.keys(about).length + allow.length + deny.length === 0)
    throw usageError(
      'Nothing was said to change',
      "Give '--description', '--tag', '--allow', '--deny' or '--expires'.",
    );
  const change = { name, ...about, allow: [...allow], deny: [...deny] };
  return actOn(context, (client) => client.call('secrets.edit', change), 'Changed');
}

/** `secrets test NAME`. */
export const testSecret = (context: CliContext, name: string): Promise<ExitCode> =>
  actOn(context, (client) => client.call('secrets.test', { name }), 'Opened');

/** `secrets remove NAME`. */
export async function removeSecret(context: CliContext, name: string): Promise<ExitCode> {
  await withClient(context, (client) => client.call('secrets.remove', { name }));
  print(context, { removed: name }, () => `Removed ${oneLine(name)}.`);
  return EXIT.ok;
}

/** `secrets list`. */
export async function listSecrets(context: CliContext): Promise<ExitCode> {
  const { secrets, store } = await withClient(context, (client) => client.call('secrets.list', {}));
  const json = { secrets: secrets.map(secretJson), count: secrets.length, store: storeJson(store) };
  print(context, json, () =>
    secrets.length === 0 ? 'No secrets.' : `${tableOf(context, secrets)}\n${storeText(store)}`,
  );
  if (store.isUnprotected) warn(context, 'Secrets are unprotected: security.credential_store is file.');
  return EXIT.ok;
}

const EXPIRY = { none: '', far: '', soon: ' (soon)', over: ' (over)' } as const;

const tableOf = (context: CliContext, secrets: readonly SecretInfo[]): string =>
  table(
    ['SECRET', 'MAY USE IT', 'USED BY', 'EXPIRES', 'REPLACED', 'LAST USED'],
    secrets.map((one) => [
      one.name,
      one.allowed.map(oneLine).join(', ') || 'nobody',
      one.usedBy.map(oneLine).join(', '),
      one.expiresAt === null ? '' : `${localTime(one.expiresAt)}${EXPIRY[one.expiry]}`,
      one.rotatedAt === null ? '' : localTime(one.rotatedAt),
      one.lastUsedAt === null ? '' : localTime(one.lastUsedAt),
    ]),
    {
      width: context.terminal.outWidth,
      giving: [
        { column: 2, least: 10 },
        { column: 1, least: 10 },
      ],
    },
  );

async function actOnStore(
  context: CliContext,
  act: (client: OpenClient) => Promise<SecretStoreInfo>,
): Promise<ExitCode> {
  const [store, isHeld] = await withClient(context, async (client) => [await act(client), client.holder !== null]);
  print(context, storeJson(store), () => storeText(store));
  if (store.keeper === 'vault' && !isHeld)
    warn(
      context,
      'No app has this project open: this holds for this command only. For others set AIWORKFLOW_MASTER_KEY.',
    );
  return EXIT.ok;
}

/** `secrets unlock`. */
export async function unlockSecrets(context: CliContext): Promise<ExitCode> {
  const passphrase = await context.readSecret('Passphrase of the vault: ');
  return actOnStore(context, (client) => client.call('secrets.unlock', { passphrase }));
}

/** `secrets lock`. */
export const lockSecrets = (context: CliContext): Promise<ExitCode> =>
  actOnStore(context, (client) => client.call('secrets.lock', {}));

/** `secrets change-key`. */
export async function changeSecretKey(context: CliContext): Promise<ExitCode> {
  const passphrase = await context.readSecret('New passphrase (empty where no vault is used): ');
  return actOnStore(context, (client) =>
    client.call('secrets.changeKey', { passphrase: passphrase === '' ? null : passphrase }),
  );
}
