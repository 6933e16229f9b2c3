import { REDACTED } from './redactor.ts';

/** Names of fields whose values are secrets whatever they are (SPEC §12.4). */
const SECRET_FIELD = /password|passwd|token|secret|api[_-]?key|^authorization$|^cookie$|^set-cookie$/i;

/** The value with every field hidden whose name says that it holds a secret; what is empty, a number or a truth says nothing. */
export function redactFields<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(redactFields) as T;
  const entries = Object.entries(value).map(([name, field]: [string, unknown]): [string, unknown] => [
    name,
    SECRET_FIELD.test(name) && isTelling(field) ? REDACTED : redactFields(field),
  ]);
  return Object.fromEntries(entries) as T;
}

/** What stands in fields whose names say that they hold a secret, by these names. */
export function* fieldSecrets(value: unknown): Generator<readonly [name: string, secret: string]> {
  if (value === null || typeof value !== 'object') return;
  for (const [name, field] of Object.entries(value)) {
    if (!Array.isArray(value) && typeof field === 'string' && field !== '' && SECRET_FIELD.test(name))
      yield [name, field];
    else yield* fieldSecrets(field);
  }
}

const isTelling = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || (typeof value === 'object' && value !== null);
