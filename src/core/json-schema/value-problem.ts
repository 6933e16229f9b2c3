import type { ErrorObject } from 'ajv';
import { grouped } from '../../shared/grouped.ts';

/** One thing that is wrong with a value. */
export interface ValueProblem {
  /** The keys that lead to it; of a field that is missing, to where it should stand. */
  readonly place: readonly string[];
  /** The field that is missing there, or null. */
  readonly missing: string | null;
  /** What is wrong, to follow the name of the place: `must be integer`. */
  readonly message: string;
}

const MOST_CHARS = 500;

/** What the library found, in words. */
export function toProblem(error: ErrorObject): ValueProblem {
  const { instancePath, params, keyword } = error;
  const extra = keyword === 'additionalProperties' ? `: ${String(params.additionalProperty)}` : '';
  const allowed = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : '';
  return {
    place: instancePath.split('/').slice(1).map(unescapeToken),
    missing: keyword === 'required' ? String(params.missingProperty) : null,
    message: `${plainMessage(error)}${extra}${allowed}`.slice(0, MOST_CHARS),
  };
}

/** The library's words where they are sentences; a pattern and a sign of comparison say nothing to who fills in a form. */
function plainMessage({ keyword, params, message = 'is not valid' }: ErrorObject): string {
  if (keyword === 'pattern') return 'does not have the form that is asked for';
  const bound = BOUNDS.get(keyword);
  return bound === undefined || typeof params.limit !== 'number'
    ? message
    : `must be ${bound} ${grouped(params.limit)}`;
}

const BOUNDS: ReadonlyMap<string, string> = new Map([
  ['minimum', 'at least'],
  ['maximum', 'at most'],
  ['exclusiveMinimum', 'more than'],
  ['exclusiveMaximum', 'less than'],
]);

/** RFC 6901. */
const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** A line that names the place; `whole` is what the value itself is called, '' = nothing stands before the message. */
export function problemLine({ place, message }: ValueProblem, whole: string): string {
  const name = place.length === 0 ? whole : place.join('.');
  return name === '' ? message : `${name} ${message}`;
}
