import { isAlias, isScalar, parseDocument } from 'yaml';
import { AppError } from '../../shared/errors.ts';

/**
 * The text with one value set; comments, order and everything else stay as they are written. Missing maps on the way are made.
 * `config.invalid` for a text that is no valid YAML map, or where something else than a map is on the way.
 */
export function setYamlText(text: string, path: readonly [string, ...string[]], value: string | number): string {
  const doc = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [problem] = doc.errors;
  if (problem !== undefined) throw refuse(`it is not valid YAML (${problem.message.split('\n')[0]})`);
  try {
    const node = doc.getIn(path, true);
    const range = isScalar(node) || isAlias(node) ? node.range : null;
    if (range !== undefined && range !== null) {
      const [start, end] = range;
      const gap = start === end && text[start - 1] === ':' ? ' ' : '';
      return `${text.slice(0, start)}${gap}${asScalar(value)}${text.slice(end)}`;
    }
    doc.setIn(path, value);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw refuse(`'${path.slice(0, -1).join('.')}' is not a map`, cause);
  }
  return doc.toString({ lineWidth: 0 });
}

const RESERVED = /^(?:null|true|false|yes|no|on|off|~)$/i;

/** Plain where every reader takes it as a text, else in quotes. */
const asScalar = (value: string | number): string =>
  typeof value === 'number' || (/^[A-Za-z][\w.-]*$/.test(value) && !RESERVED.test(value))
    ? String(value)
    : JSON.stringify(value);

const refuse = (why: string, cause?: unknown): AppError =>
  new AppError('config.invalid', `The settings file cannot be changed: ${why}.`, {
    hint: 'Mend the file by hand, then try again.',
    cause,
  });
