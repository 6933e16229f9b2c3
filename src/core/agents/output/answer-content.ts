import { AppError } from '../../../shared/errors.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../shared/json.ts';

/** What the content of a message, or a piece of it, says. */
export interface SaidContent {
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
}

const NOTHING: SaidContent = { text: '', thinking: '', refusal: '' };

/**
 * Content as servers write it: a text, a part, or a list of parts. Parts that hold no text of an answer, such as pictures, are refused:
 * an answer that is not understood is not an empty one (SPEC §3.3). Error: `agent.invalid_reply`, which another try would not mend.
 */
export function readContent(content: Json | undefined): SaidContent {
  if (content === undefined || content === null) return NOTHING;
  if (typeof content === 'string') return { ...NOTHING, text: content };
  const parts = Array.isArray(content) ? (content as readonly Json[]) : [content];
  return parts.map(readPart).reduce(
    (sum, one) => ({
      text: sum.text + one.text,
      thinking: sum.thinking + one.thinking,
      refusal: sum.refusal + one.refusal,
    }),
    NOTHING,
  );
}

function readPart(part: Json): SaidContent {
  if (typeof part === 'string') return { ...NOTHING, text: part };
  if (!isJsonMap(part)) throw unknownForm('content', part);
  switch (part.type) {
    case undefined:
    case 'text':
    case 'output_text':
      return { ...NOTHING, text: textPiece(part.text, 'text') };
    case 'refusal':
      return { ...NOTHING, refusal: textPiece(part.refusal, 'refusal') };
    case 'thinking':
    case 'reasoning':
    case 'reasoning_text':
    case 'redacted_thinking':
      return { ...NOTHING, thinking: thoughtsIn(part.thinking ?? part.reasoning ?? part.text ?? part.content) };
    default:
      throw unknownForm('content', part);
  }
}

/** A piece of text; nothing where nothing is given, refused where it is something else. */
export function textPiece(value: Json | undefined, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw unknownForm(field, value);
}

/** Thoughts in whichever form; what holds no text is left out, for no answer depends on it. */
export function thoughtsIn(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(thoughtsIn).join('');
  return isJsonMap(value) ? thoughtsIn(value.text ?? value.thinking ?? value.summary) : '';
}

function unknownForm(field: string, value: Json): AppError {
  const what = isJsonMap(value) ? typed(value) : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return new AppError(
    'agent.invalid_reply',
    `The answer came in a form that is not understood: '${field}' is ${what}.`,
    {
      hint: 'Use a model that answers with text, or another agent.',
      retryable: false,
    },
  );
}

const typed = ({ type }: JsonMap): string =>
  typeof type === 'string' ? `a part of type '${type.slice(0, 40)}'` : 'a map without text';
