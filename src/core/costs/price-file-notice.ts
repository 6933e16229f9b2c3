import { type Diagnostic, sentencesOf } from '../../shared/model/diagnostic.ts';

const DAY_MS = 86_400_000;

/** One problem of a price file for a person: place, what is wrong, what to do. */
function priceProblemText(problem: Diagnostic): string {
  const { file, line } = problem;
  return `${line === undefined ? (file ?? '') : `${file}:${line}`}: ${sentencesOf(problem)}`;
}

/**
 * Says in a run what is wrong with the price files, once a day (UTC) for each state of them: a row that does not count must not be
 * found out by the bill. Remembers in memory: a new process says it again.
 */
export class PriceFileNotice {
  #said = '';

  /** The warning for a call at `at` (UTC ms), or null when there is nothing to say or it was said today. */
  warn(problems: readonly Diagnostic[], at: number): string | null {
    const [first, ...more] = problems;
    if (first === undefined) return null;
    const text = `${priceProblemText(first)}${moreText(more.length)}`;
    const said = `${Math.floor(at / DAY_MS)} ${text}`;
    if (said === this.#said) return null;
    this.#said = said;
    return text;
  }
}

function moreText(count: number): string {
  if (count === 0) return '';
  return ` ${count} more ${count === 1 ? 'problem' : 'problems'} in the price files: 'aiworkflow doctor' lists them.`;
}
