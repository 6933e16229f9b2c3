import { ERROR_CATALOGUE } from '../../shared/errors.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { scalarText, type YamlNode } from '../yaml/index.ts';
import type { Reporter } from './reporter.ts';

const CODES = Object.keys(ERROR_CATALOGUE);
const WORDS: ReadonlySet<string> = new Set([
  ...['default', 'timeout', '*'],
  ...CODES,
  ...CODES.map((code) => `${code.slice(0, code.indexOf('.'))}.*`),
]);

/** Warns of words that match no error (SPEC §1.6 `error_code`): what waits for one would never be done. */
export function checkErrorWords(node: YamlNode, report: Reporter): void {
  for (const item of node.kind === 'list' ? node.items : [node]) {
    const word = scalarText(item);
    if (word === undefined || word === '' || WORDS.has(word) || /^\d+$/.test(word)) continue;
    const fix =
      didYouMean(word, WORDS) ?? 'Write a code such as tool.failed, an area such as tool.*, timeout, * or a number.';
    report.warning('workflow.unknown_error_code', `No error has the code '${word.slice(0, 60)}'`, item.at, fix);
  }
}
