import type { JournalEvent } from '../../../shared/model/events.ts';
import { plainText } from '../../ui/ansi.ts';

/** What an event is about in one line: the step, and the words that tell it from others. Values for `event.<type>`. */
export function eventValues(event: JournalEvent): Readonly<Record<string, string | number>> {
  const path = 'path' in event ? event.path : '';
  const attempt = 'attempt' in event ? event.attempt : 1;
  switch (event.type) {
    case 'run.created':
      return { trigger: event.trigger.type, version: event.versionLabel };
    case 'step.failed':
      return { path, attempt, message: plainText(event.error.message) };
    case 'step.skipped':
      return { path, reason: event.reason };
    case 'step.in_doubt':
      return { path, reason: event.reason };
    case 'step.resolved':
      return { path, as: event.as };
    case 'step.started':
      return { path, attempt, action: event.action };
    default:
      return { path, attempt };
  }
}

/** The i18n key of an event's line. */
export const eventKey = (event: JournalEvent): string => `event.${event.type.replace('.', '_')}`;
