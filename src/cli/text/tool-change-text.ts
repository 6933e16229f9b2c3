import type { DefinitionDifference, OperationChange, ToolChangeDetail } from '../../shared/model/tool.ts';
import { oneLine } from './plain-text.ts';

/** What a tool says now, against what was accepted, as `--json` prints it. */
export function changeValue(change: ToolChangeDetail): Readonly<Record<string, unknown>> {
  const { acceptedHash, currentHash, added, removed, changed, operations } = change;
  return { accepted_hash: acceptedHash, current_hash: currentHash, added, removed, changed, operations };
}

/** The same for people, both words under each other. They are foreign texts: each on one line, without control characters. */
export function changeLines({ added, removed, changed, operations }: ToolChangeDetail): readonly string[] {
  const list = (names: readonly string[]): string => names.map(oneLine).join(', ') || 'none';
  return [
    `  new:     ${list(added)}`,
    `  gone:    ${list(removed)}`,
    `  changed: ${list(changed)}`,
    ...operations.flatMap(operationLines),
  ];
}

const HEADS = { added: '+', removed: '-', changed: '~' } as const;

const operationLines = ({ name, kind, differences }: OperationChange): readonly string[] => [
  `  ${HEADS[kind]} ${oneLine(name)}`,
  ...differences.flatMap(differenceLines),
];

const differenceLines = ({ place, accepted, current }: DefinitionDifference): readonly string[] => [
  `      ${oneLine(place)}`,
  ...(accepted === null ? [] : [`        accepted: ${oneLine(accepted)}`]),
  ...(current === null ? [] : [`        now:      ${oneLine(current)}`]),
];
