import type { JsonMap } from '../../../shared/json.ts';
import { plainText } from './plain-text.ts';

/** The part that is read of what the SDK throws where an answer has not the form of the protocol (a `ZodError`). */
interface Issue {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  /** Of a union: what each of its forms has to say. */
  readonly errors?: readonly (readonly Issue[])[];
}

const MAX_CHARS = 200;

/** The first thing that is wrong with an answer, with its place: `content: expected array, received string`. null = thrown for another reason. */
export function shapeProblem(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('issues' in thrown) || !Array.isArray(thrown.issues)) return null;
  const [first] = thrown.issues as readonly Issue[];
  if (first === undefined) return null;
  const { path, message } = innermost(first);
  const place = path.map(String).join('.');
  const problem = message.replace(/^Invalid input(?:: )?/, '') || 'it is none of the forms that the protocol knows';
  return plainText(place === '' ? problem : `${place}: ${problem}`, false).slice(0, MAX_CHARS);
}

/** A union says "none of them" and nothing more: what is wrong stands in the form that the `type` of the value names. */
function innermost(issue: Issue): Pick<Issue, 'path' | 'message'> {
  const meant = issue.errors?.find((form) => form.length > 0 && !form.some(isOtherType))?.[0];
  if (meant === undefined) return issue;
  const { path, message } = innermost(meant);
  return { path: [...issue.path, ...path], message };
}

const isOtherType = ({ code, path }: Issue): boolean => code === 'invalid_value' && path.at(-1) === 'type';

/** A map of the protocol without the keys that a serialiser filled with null: they are optional, and null says the same. */
export const leaveOutNulls = (map: JsonMap): JsonMap =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
