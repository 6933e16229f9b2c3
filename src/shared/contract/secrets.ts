import { z } from 'zod';
import { LEAST_PASSPHRASE_CHARS, type SecretInfo, type SecretStoreInfo } from '../model/secret.ts';
import { hiding, operation } from './operation.ts';

const nameField = z
  .string()
  .max(64)
  .regex(/^[A-Z][A-Z0-9_]*$/, 'is not a name of a secret: capital letters, digits and _ are, such as GITHUB_TOKEN');
const valueField = z
  .string()
  .min(1)
  .max(64 * 1024);
/** A workflow's id, `tool:NAME`, `agent:NAME`, `channel:NAME` or `*`. */
const allowedField = z.array(z.string().min(1).max(200)).max(200);
const passphraseField = z.string().max(1024);
const newPassphraseField = z
  .string()
  .min(LEAST_PASSPHRASE_CHARS, `has fewer than ${LEAST_PASSPHRASE_CHARS} characters`)
  .max(1024);
/** What is said about a secret beside its value. */
const about = {
  description: z.string().max(500).optional(),
  tags: z.array(z.string().min(1).max(60)).max(50).optional(),
  allowed: allowedField.optional(),
  expiresAt: z.number().int().positive().nullable().optional(),
};

/** Secrets are written and never read: no operation gives a value (SPEC §12.4). */
export const secretOperations = {
  'secrets.list': operation<{ readonly secrets: readonly SecretInfo[]; readonly store: SecretStoreInfo }>()(
    z.strictObject({}),
    'config:manage',
  ),
  /** Adds a secret or replaces its value. */
  'secrets.set': hiding(
    ['value'],
    operation<SecretInfo>()(
      z.strictObject({ name: nameField, value: valueField, ...about }),
      'config:manage',
      'config.changed',
    ),
  ),
  /** Replaces the value of a secret that is there. */
  'secrets.rotate': hiding(
    ['value'],
    operation<SecretInfo>()(
      z.strictObject({ name: nameField, value: valueField, expiresAt: about.expiresAt }),
      'config:manage',
      'config.changed',
    ),
  ),
  /** What is said about a secret; who may use it is added to and taken from, so that two who change it at once undo nothing of each other. */
  'secrets.edit': operation<SecretInfo>()(
    z.strictObject({
      ...{ name: nameField, description: about.description, tags: about.tags, expiresAt: about.expiresAt },
      ...{ allow: allowedField.optional(), deny: allowedField.optional() },
    }),
    'config:manage',
    'config.changed',
  ),
  'secrets.remove': operation<null>()(z.strictObject({ name: nameField }), 'config:manage', 'config.changed'),
  /** Opens what is stored, as a call that needs it would; says nothing of the value. */
  'secrets.test': operation<SecretInfo>()(
    z.strictObject({ name: nameField }),
    'config:manage',
    'security.secret_accessed',
  ),
  /** Opens the vault; the first time it makes one with this passphrase. */
  'secrets.unlock': hiding(
    ['passphrase'],
    operation<SecretStoreInfo>()(
      z.strictObject({ passphrase: passphraseField }),
      'config:manage',
      'security.secret_accessed',
    ),
  ),
  /** Forgets the key in this process: whatever needs a secret waits until it is unlocked again. */
  'secrets.lock': operation<SecretStoreInfo>()(z.strictObject({}), 'config:manage', 'security.secret_accessed'),
  /** A new key for all secrets, kept as the settings say now. A vault wants its new passphrase. */
  'secrets.changeKey': hiding(
    ['passphrase'],
    operation<SecretStoreInfo>()(
      z.strictObject({ passphrase: newPassphraseField.nullable().default(null) }),
      'config:manage',
      'config.changed',
    ),
  ),
} as const;
