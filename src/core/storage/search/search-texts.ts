import { plainText } from '../../../shared/ansi.ts';
import type { ErrorRecord } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import type { JournalEvent } from '../../../shared/model/events.ts';
import type { FoundExcerpt, FoundField } from '../../../shared/model/run-search.ts';

/** A text of a run that can be found, and where it stands. */
export interface SearchText {
  readonly field: FoundField;
  /** The step; null = the run itself. */
  readonly path: string | null;
  readonly text: string;
}

const BEFORE_CHARS = 60;
const AFTER_CHARS = 140;

/** What can be found of an event: what was given and made, why it failed, what people said. */
export function textsOfEvent(event: JournalEvent): readonly SearchText[] {
  switch (event.type) {
    case 'run.created':
      return valueTexts('input', null, event.inputs);
    case 'step.started':
      return valueTexts(event.role === 'call' ? 'arguments' : 'input', event.path, event.inputs);
    case 'step.completed':
      return [...valueTexts('output', event.path, event.output), ...valueTexts('output', event.path, event.outputs)];
    case 'step.resolved':
      return valueTexts('output', event.path, event.output);
    case 'step.failed':
      return [
        ...errorTexts(event.path, event.error),
        ...valueTexts('output', event.path, event.fallback?.value ?? null),
      ];
    case 'agent.call_ended':
    case 'agent.failed_over':
      return errorTexts(event.path, event.error);
    case 'approval.decided':
    case 'approval.reopened':
      return event.comment === '' ? [] : [{ field: 'comment', path: event.path, text: event.comment }];
    case 'run.paused':
      return errorTexts(null, event.reason ?? null);
    case 'run.completed':
    case 'run.failed':
    case 'run.cancelled':
      return [...valueTexts('output', null, event.outputs), ...errorTexts(null, event.error)];
    default:
      return [];
  }
}

function valueTexts(field: FoundField, path: string | null, value: Json): readonly SearchText[] {
  const text = valueText(value, '');
  return text === '' ? [] : [{ field, path, text }];
}

function errorTexts(path: string | null, error: ErrorRecord | null): readonly SearchText[] {
  if (error === null) return [];
  const details = error.details === undefined ? '' : valueText(error.details as Json, '');
  const text = [error.message, error.hint ?? '', error.code, details].filter((part) => part !== '').join('\n');
  return [{ field: 'error', path, text }];
}

/** A value as it is read: texts as they are, each behind its name, one under the other. */
function valueText(value: Json, name: string): string {
  if (value === null) return '';
  if (typeof value !== 'object') return name === '' ? String(value) : `${name}: ${value}`;
  const parts = Array.isArray(value)
    ? value.map((item) => valueText(item, name))
    : Object.entries(value).map(([key, item]) => valueText(item as Json, key));
  return parts.filter((part) => part !== '').join('\n');
}

/** As texts are compared: in any case. */
export const foldText = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');

/** What stands around the first place where a text holds another, without colours; null = it does not. `wanted` is folded. */
export function excerptOf(text: string, wanted: string): FoundExcerpt | null {
  if (!foldText(text).includes(wanted)) return null;
  const plain = plainText(text);
  return excerptIn(foldText(plain).includes(wanted) ? plain : text, wanted);
}

function excerptIn(text: string, wanted: string): FoundExcerpt {
  const folded = foldText(text);
  const at = folded.indexOf(wanted);
  // A few letters are longer in lower case: what is shown is then lower case too.
  const shown = folded.length === text.length ? text : folded;
  const end = at + wanted.length;
  return {
    before: `${at > BEFORE_CHARS ? '…' : ''}${shown.slice(Math.max(0, at - BEFORE_CHARS), at)}`,
    found: shown.slice(at, end),
    after: `${shown.slice(end, end + AFTER_CHARS)}${end + AFTER_CHARS < shown.length ? '…' : ''}`,
  };
}
