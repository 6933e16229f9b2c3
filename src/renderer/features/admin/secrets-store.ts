import type { OutputOf } from '../../../shared/contract/index.ts';
import type { SecretInfo } from '../../../shared/model/secret.ts';
import { call } from '../../client/bridge.ts';
import { createLiveQuery } from '../../client/live-query.ts';

/** Secrets of the project and what keeps their key; what names them lies in files, so that is asked for again too. */
export const secretsNow = createLiveQuery<OutputOf<'secrets.list'>>({
  ask: () => call('secrets.list', {}),
  dueOn: ({ kind }) => {
    if (kind === 'secrets') return 'now';
    return kind === 'library' || kind === 'tools' || kind === 'agents' ? 'soon' : null;
  },
  soonMs: 1_000,
});

/** How a user of a secret is allowed it: a workflow by its id alone. */
export const grantOf = (user: string): string => user.replace(/^workflow:/, '');

type UserKind = 'workflow' | 'tool' | 'agent' | 'channel';

/** Who is meant by a grant or a use: kind and name; `all` is everybody. */
export function userOf(text: string): { readonly kind: 'all' | UserKind; readonly name: string } {
  if (text === '*') return { kind: 'all', name: '' };
  const [, kind, name = ''] = /^(workflow|tool|agent|channel):(.*)$/.exec(text) ?? [];
  return kind === undefined ? { kind: 'workflow', name: text } : { kind: kind as UserKind, name };
}

/** Whether one of those who name a secret may not use it. */
export const isAllowed = ({ allowed }: Pick<SecretInfo, 'allowed'>, user: string): boolean =>
  allowed.includes('*') || allowed.includes(grantOf(user));

/** The day of an instant as a date field has it, and the end of such a day in UTC; an empty field is no end. */
export const dayOf = (at: number | null): string => (at === null ? '' : new Date(at).toISOString().slice(0, 10));
export const endOfDay = (day: string): number | null => (day === '' ? null : Date.parse(`${day}T23:59:59Z`));
