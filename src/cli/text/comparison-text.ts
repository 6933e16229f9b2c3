import type {
  ComparedRun,
  ComparedStep,
  FactChange,
  FactComparison,
  RunComparison,
  StepTrail,
} from '../../shared/model/comparison.ts';
import { table } from './table.ts';

/** Two runs for a terminal: what changed, and the steps side by side from the first difference on marked. */
export function comparisonText({ before, after, steps, first, facts, isCut }: RunComparison): string {
  const rows = steps.map((step) => [
    step.path === first ? '>' : step.differs.length > 0 ? '*' : '',
    step.path,
    sideText(step.before),
    sideText(step.after),
    differenceText(step),
  ]);
  const [changed, same] = [true, false].map((is) => facts.filter(({ isChanged }) => isChanged === is));
  return [
    `Earlier: ${runText(before)}`,
    `Later:   ${runText(after)}`,
    '',
    ...(changed ?? []).flatMap(factLines),
    `Did not change: ${(same ?? []).map(({ fact }) => fact).join(', ') || 'nothing'}`,
    '',
    table(['', 'STEP', 'EARLIER', 'LATER', 'DIFFERENCE'], rows).trimEnd(),
    ...(isCut ? ['There are more steps than are compared.'] : []),
    first === null ? 'Both did the same.' : `The first difference is at ${first}.`,
    '',
  ].join('\n');
}

const runText = ({ runId, status, workedMs, versionLabel, versionHash }: ComparedRun): string =>
  `${runId} ${status} after ${(workedMs / 1000).toFixed(1)} s, version ${versionLabel} ${versionHash.slice(0, 7)}`;

const factLines = ({ fact, before, after, changes }: FactComparison): readonly string[] => [
  `Changed: ${fact}: ${before || 'nothing'}, then ${after || 'nothing'}`,
  ...changes.map((one) => `  ${changeText(one)}`),
];

const changeText = ({ of, is, before, after }: FactChange): string => {
  if (is === 'moved') return 'The steps stand in another order.';
  if (is === 'other' && before !== undefined) return `${of}: ${before ?? 'nothing'}, then ${after ?? 'nothing'}`;
  return `${of}: ${{ new: 'new', gone: 'not any more', other: 'changed' }[is]}`;
};

const sideText = (side: StepTrail | null): string => {
  if (side === null) return 'not reached';
  return side.durationMs === null ? side.status : `${side.status} ${(side.durationMs / 1000).toFixed(1)} s`;
};

function differenceText({ differs, inputs, output, after }: ComparedStep): string {
  const places = [...inputs.map(({ at }) => `input${at}`), ...output.map(({ at }) => `output${at}`)];
  const said = after?.error == null ? [] : [after.error.message];
  return [...differs.filter((one) => one !== 'inputs' && one !== 'output'), ...places, ...said].join(', ');
}
