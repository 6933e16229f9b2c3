import type { z } from 'zod';

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/**
 * What is wrong with a value of an operation's input, for somebody who fills in a form or types a command; undefined = the schema's own
 * words. To be given to `safeParse` as `error`.
 */
export const inputWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'Is missing';
      return `Must be ${WORDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `Must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `There is no input ${issue.keys.map((key) => `'${key}'`).join(', ')}`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin !== 'number'
        ? 'Must not be empty'
        : boundWords(issue, 'at least', issue.minimum);
    case 'too_big':
      return boundWords(issue, 'at most', issue.maximum);
    default:
      return undefined;
  }
};

function boundWords({ origin }: { readonly origin: string }, side: string, bound: number | bigint): string {
  if (origin === 'string') return `Must have ${side} ${bound} characters`;
  if (origin === 'array') return `Must have ${side} ${bound} entries`;
  return `Must be ${side} ${bound}`;
}
