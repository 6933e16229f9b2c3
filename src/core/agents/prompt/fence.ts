/**
 * A text in a fence that it cannot leave: longer than any run of backticks in it (SPEC §4.1 "Data sections are fenced and marked as
 * data, not instructions").
 */
export function fence(text: string, info: string): string {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const marks = '`'.repeat(Math.max(3, longest + 1));
  return `${marks}${info}\n${text}${text.endsWith('\n') ? '' : '\n'}${marks}`;
}

/** A section of data: its heading, and its value in a fence that says that it is data. */
export const dataSection = (heading: string, text: string, language: 'json' | 'text'): string =>
  `${heading}:\n${fence(text, `${language} data`)}`;
