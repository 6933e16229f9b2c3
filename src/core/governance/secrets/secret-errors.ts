import { AppError } from '../../../shared/errors.ts';
import { locked } from './key-keepers.ts';
import type { SecretUser } from './secret-user.ts';

/** Nothing is stored under this name. */
export const notFound = (name: string): AppError =>
  new AppError('secret.not_found', `There is no secret ${name} in this project.`, {
    hint: `Store it: aiworkflow secrets set ${name}`,
    details: { secret: name },
  });

/** It is there, and nobody allowed it to this user. */
export const notAllowed = (name: string, { kind, name: asks }: SecretUser, own: string): AppError =>
  new AppError('secret.not_allowed', `The ${kind} '${asks}' may not use the secret ${name}.`, {
    hint: `Allow it if you want that: aiworkflow secrets edit ${name} --allow ${own}`,
    details: { secret: name, user: own },
  });

/** What is stored is not what was sealed. */
export const damagedSecret = (name: string): AppError =>
  new AppError('secret.damaged', `The secret ${name} was changed outside of the app and cannot be opened.`, {
    hint: 'Set it anew, or take state.db from a backup.',
    details: { secret: name },
  });

/** A vault is needed, and nobody has said a passphrase. */
export const noPassphrase = (): AppError =>
  new AppError('secret.locked', 'This system has no keychain: secrets need a vault with a passphrase first.', {
    hint: "Choose one: 'aiworkflow secrets unlock', Admin → Secrets, or AIWORKFLOW_MASTER_KEY in the environment of the app.",
    cause: locked(),
  });
