import i18next from 'i18next';
import type { TriggerSummary } from '../../../shared/contract/index.ts';
import type { Json } from '../../../shared/json.ts';
import { ownZone } from '../format.ts';
import { cronWords } from './trigger-words.ts';

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const list = (value: Json | undefined): string =>
  Array.isArray(value) ? value.map((item) => String(item)).join(', ') : text(value);
const word = (key: string, values: Readonly<Record<string, string>>): string =>
  i18next.t(`triggers:starts.${key}`, values) as string;

/** When a trigger starts, in a few words for a row; its zone stands beside where it is not the one of this machine. */
export function startsWords({ kind, config }: Pick<TriggerSummary, 'kind' | 'config'>): string {
  if (kind === 'file') return word('file', { patterns: list(config.patterns) || '*', path: text(config.path) || '.' });
  if (kind === 'event') return word('event', { name: text(config.name) });
  if (kind === 'webhook') {
    const scheme = text(config.scheme);
    return word(scheme === '' ? 'webhookPlain' : 'webhook', { path: text(config.path) || '/', scheme });
  }
  const written = text(config.schedule ?? config.cron);
  const when = cronWords(written);
  const zone = text(config.timezone) || 'UTC';
  return zone === ownZone() || written.trim().startsWith('@every') ? when : word('zone', { when, zone });
}
