import type { TFunction } from 'i18next';
import type { Occurrence } from '../../../shared/model/trigger.ts';
import { formatDuration, formatMoment } from '../format.ts';
import { worded } from '../worded.ts';

/** While something was not simply on, as `from 23:50 to 00:52`; empty where it is not known. */
function spanWords({ evidence: { from, until } }: Occurrence, t: TFunction, now: number): string {
  if (from === undefined) return '';
  return until === undefined
    ? t('triggers:why.since', { from: formatMoment(from, now) })
    : t('triggers:why.span', { from: formatMoment(from, now), until: formatMoment(until, now) });
}

/** Why a start became what it became, as one or two sentences; empty for what went as planned. */
export function whyText(occurrence: Occurrence, t: TFunction, now: number): string {
  const { reason, evidence, state, plannedAt, at } = occurrence;
  if (reason === null) return '';
  const isQuit = evidence.quitBy !== undefined;
  const values = {
    span: spanWords(occurrence, t, now),
    by: evidence.by ?? t('triggers:why.somebody'),
    quitBy: evidence.quitBy,
    moved: formatDuration(Math.abs(evidence.clockMovedMs ?? 0)),
    late: formatDuration(at - plannedAt),
  };
  const key = `triggers:why.${isQuit && reason === 'closed' ? 'quit' : reason}`;
  const main = evidence.error === undefined ? t(key, values) : worded(evidence.error.message);
  const caught = state === 'caught_up' ? t('triggers:why.caughtUp', values) : '';
  const timer = evidence.host === 'timer' ? t('triggers:why.byTimer') : '';
  const span = values.span !== '' && SPANNED.has(reason) ? t(`triggers:why.${isQuit ? 'quit' : 'away'}`, values) : '';
  return [span, main, noteText(occurrence, t), caught, timer].filter((part) => part !== '').join(' ');
}

/** What the app adds to the reason, or a person's own words in quotation marks; empty where it says the same once more. */
function noteText({ reason, evidence: { note, text = '' } }: Occurrence, t: TFunction): string {
  if (note !== undefined) return note === reason ? '' : t(`ledger:${note}`);
  return text === '' ? '' : t('triggers:why.said', { text: worded(text) });
}

/** Reasons that alone do not tell what was in the way. */
const SPANNED: ReadonlySet<string> = new Set([
  'no_catch_up',
  'too_old',
  'newer_one_ran',
  'cap_reached',
  'asks',
  'late',
]);
