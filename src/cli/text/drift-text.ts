import { diffLines } from '../../shared/diff-lines.ts';
import type { Json } from '../../shared/json.ts';
import type { Drift, ReplayReport } from '../../shared/model/cassette.ts';
import type { ValueChange } from '../../shared/model/comparison.ts';
import { oneLine } from './plain-text.ts';

/** What a replay came to, in a line. */
export const replayText = ({ verdict, answered, exchanges }: ReplayReport): string =>
  `${verdict === 'passed' ? 'as recorded' : verdict}, ${answered} of ${exchanges} answered from the recording`;

/** Where a replay is not what was recorded, as lines; none = it is. */
export function differenceLines({ drift, outputs, expected, verdict }: ReplayReport): readonly string[] {
  if (drift !== null) return driftLines(drift);
  const wrong = outputs.flatMap((change) => changeLines(change, 'outputs'));
  return verdict !== 'failed' || wrong.length > 0 ? wrong : [`The recorded run was ${expected.status}.`];
}

const KINDS: Readonly<Record<Drift['kind'], string>> = {
  changed: 'asks something else than was recorded',
  unexpected: 'is not in the recording',
  not_reached: 'was not come to',
};

const driftLines = ({ path, kind, changes }: Drift): readonly string[] => [
  `'${path}' ${KINDS[kind]}`,
  ...changes.flatMap((change) => changeLines(change, '')),
];

/** A place, and what stands there on both sides, texts by lines. */
function changeLines({ at, before, after }: ValueChange, of: string): readonly string[] {
  const lines = diffLines(linesOf(before), linesOf(after));
  return [`  ${of}${at}`, ...lines.map(({ sign, text }) => `    ${sign} ${oneLine(text)}`)];
}

const linesOf = (value: Json | undefined): readonly string[] => {
  if (value === undefined) return [];
  return (typeof value === 'string' ? value : JSON.stringify(value)).split('\n');
};
