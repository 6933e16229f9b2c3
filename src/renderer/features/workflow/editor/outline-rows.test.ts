import { expect, it } from 'vitest';
import type { OutlineStep } from '../../../../shared/contract/index.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { outlineRows, rowAt } from './outline-rows.ts';

const step = (line: number, depth: number): OutlineStep => ({
  id: `at_${line}`,
  name: `At ${line}`,
  kind: 'x',
  line,
  depth,
});
const found = (line: number, severity: Diagnostic['severity']): Diagnostic => ({
  ...{ line, severity, code: 'workflow.invalid', message: '', file: 'workflow.md' },
});

it('numbers steps by where they stand, and counts the problems in the lines of each', () => {
  const outline = [step(10, 0), step(20, 0), step(22, 1), step(24, 2), step(26, 1), step(30, 0)];
  const rows = outlineRows(outline, [found(3, 'error'), found(23, 'error'), found(24, 'warning'), found(99, 'notice')]);
  expect(rows.map(({ number, errors, warnings }) => [number, errors, warnings])).toEqual([
    ['1', 0, 0],
    ['2', 0, 0],
    ['2.1', 1, 0],
    ['2.1.1', 0, 1],
    ['2.2', 0, 0],
    ['3', 0, 0],
  ]);
  expect([9, 10, 25, 400].map((line) => rowAt(rows, line))).toEqual([-1, 0, 3, 5]);
});
