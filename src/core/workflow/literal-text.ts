import type { Fields } from './reporter.ts';

const TEMPLATE = /\{[{%#]|^\s*\{[A-Za-z_][\w.]*\}\s*$/;

/** A text that is used as it is written: nothing would ever render a template in it, so one is an error and counts as not written. */
export function readLiteral(fields: Fields, key: 'agent' | 'model'): string | undefined {
  const text = fields.text(key);
  if (text === undefined || !TEMPLATE.test(text)) return text;
  fields.report.error(
    'workflow.unexpected_template',
    `'${key}' takes no template: it is used as it is written`,
    fields.spot(key).at,
    `Write the name itself, or leave the key out and choose it at the start with --${key}.`,
  );
  return undefined;
}
