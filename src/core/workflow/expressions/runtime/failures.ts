import { AppError } from '../../../../shared/errors.ts';

/** Where in the source an error stands and what would mend it. */
export interface FailurePlace {
  readonly offset?: number | undefined;
  /** A ready replacement, shown as `Did you mean ...`. */
  readonly fix?: string | undefined;
  readonly hint?: string | undefined;
}

type TemplateCode = 'template.syntax' | 'template.unknown' | 'template.type_error' | 'template.limit';

function failure(code: TemplateCode, message: string, place: FailurePlace = {}): AppError {
  const details = {
    ...(place.offset === undefined ? {} : { offset: place.offset }),
    ...(place.fix === undefined ? {} : { fix: place.fix }),
  };
  const hint = place.hint ?? (place.fix === undefined ? undefined : `Did you mean '${place.fix}'?`);
  return new AppError(code, asSentence(message), {
    hint,
    details: Object.keys(details).length === 0 ? undefined : details,
  });
}

/** The text is not the language of SPEC 2.3. */
export function syntaxFailure(message: string, offset?: number, extra: FailurePlace = {}): AppError {
  return failure('template.syntax', message, { offset, ...extra });
}

/** A filter, test, function or method that does not exist (or is refused on purpose); `fix` is a name that does. */
export function unknownFailure(message: string, offset?: number, fix?: string): AppError {
  const hint = 'Remove it, or do this in a script.';
  return failure('template.unknown', message, { offset, fix, hint: fix === undefined ? hint : undefined });
}

/** An operation that its operands do not allow. */
export function typeFailure(message: string): AppError {
  return failure('template.type_error', message);
}

/** A cap of SPEC 2.3 "Limits" was reached. */
export function limitFailure(message: string, offset?: number): AppError {
  return failure('template.limit', message, {
    offset,
    hint: 'Make the template smaller, or move heavy work into a script.',
  });
}

/** Shortens text of the source for messages. */
export function excerpt(text: string): string {
  const flat = text.slice(0, 500).replaceAll('\n', ' ').trim();
  return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
}

/** A message that begins with a capital letter. */
export function asSentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
