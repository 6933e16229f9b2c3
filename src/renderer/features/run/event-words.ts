import i18next from 'i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { JournalEvent } from '../../../shared/model/events.ts';
import { formatCount, formatMoney } from '../../ui/format.ts';
import { worded } from '../../ui/worded.ts';

/** What an event is about in one line: the step, and the words that tell it from others. Values for `event.<type>`. */
export function eventValues(event: JournalEvent): Readonly<Record<string, string | number>> {
  const path = 'path' in event ? event.path : '';
  const attempt = 'attempt' in event ? event.attempt : 1;
  switch (event.type) {
    case 'run.created':
      return { trigger: event.trigger.type, version: event.versionLabel };
    case 'step.failed':
      return { path, attempt, message: worded(plainText(event.error.message)) };
    case 'step.skipped':
      return { path, reason: event.reason };
    case 'step.in_doubt':
      return { path, reason: event.reason };
    case 'step.resolved':
      return { path, as: event.as };
    case 'agent.call_ended':
      return {
        path,
        agent: event.agent,
        model: event.model ?? '–',
        input: formatCount(event.usage.inputTokens),
        output: formatCount(event.usage.outputTokens),
        cost: priceWords(event.cost),
      };
    case 'agent.call_repriced':
      return { path, was: priceWords(event.was), cost: priceWords(event.cost) };
    case 'agent.failed_over':
      return { path, from: event.fromAgent, to: event.toAgent, reason: event.reason };
    case 'rollback.started':
      return { count: event.steps.length, path: event.owner };
    case 'files.taken':
      return { path, reason: worded(event.problem?.message ?? ''), context: event.tree === null ? 'none' : event.when };
    case 'files.copied':
    case 'files.offered':
      return { count: event.files };
    case 'files.undo_started':
      return { count: event.files, context: exchangeContext(event.name) };
    case 'files.undo_ended':
      return { count: event.restored, kept: event.kept + event.failed, context: exchangeContext(event.name) };
    case 'undo.ended':
      return { path, reason: event.gap ?? (event.status === 'skipped' ? 'left' : event.status) };
    case 'step.started':
      return { path, attempt, action: event.action };
    default:
      return { path, attempt };
  }
}

/** Whether files were taken over or put back. */
const exchangeContext = (name: string): string => (name.startsWith('take-') ? 'take' : '');

/** The i18n key of an event's line. */
export const eventKey = (event: JournalEvent): string => `event.${event.type.replace('.', '_')}`;

const priceWords = (usd: string | null): string => (usd === null ? i18next.t('run:agent.unpriced') : formatMoney(usd));
