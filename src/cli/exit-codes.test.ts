import { expect, it } from 'vitest';
import { exitCodeOfError, exitCodeOfRun } from './exit-codes.ts';

const quiet = { allowPartial: false, isInterrupted: false };

it.each([
  [{ status: 'completed', outcome: 'success' }, quiet, 0],
  [{ status: 'completed', outcome: 'partial' }, quiet, 1],
  [{ status: 'completed', outcome: 'partial' }, { ...quiet, allowPartial: true }, 0],
  [{ status: 'failed', outcome: 'failed' }, quiet, 1],
  [{ status: 'cancelled', outcome: null }, quiet, 1],
  [{ status: 'cancelled', outcome: null }, { ...quiet, isInterrupted: true }, 130],
  [{ status: 'completed', outcome: 'success' }, { ...quiet, isInterrupted: true }, 0],
  [{ status: 'in_doubt', outcome: null }, quiet, 3],
  [{ status: 'waiting', outcome: null }, quiet, 3],
  [{ status: 'paused', outcome: null }, quiet, 3],
  [{ status: 'running', outcome: null }, quiet, 1],
] as const)('a run that is %o ends with its code', (run, options, code) => {
  expect(exitCodeOfRun(run, options)).toBe(code);
});

it.each([
  ['usage.invalid', 'invalid', 2],
  ['access.denied', 'denied', 4],
  ['run.cancelled', 'conflict', 130],
  ['step.in_doubt', 'in_doubt', 3],
  ['file.outside', 'denied', 1],
  ['workflow.not_found', 'not_found', 1],
] as const)('%s ends with its code', (code, kind, exitCode) => {
  expect(exitCodeOfError({ code, kind })).toBe(exitCode);
});

it('a run or a command that a limit of spending has stopped says so', () => {
  const options = { allowPartial: true, isInterrupted: false };
  expect(exitCodeOfRun({ status: 'failed', outcome: 'failed', error: { code: 'cost.blocked' } }, options)).toBe(5);
  expect(exitCodeOfRun({ status: 'paused', outcome: null, error: { code: 'cost.paused' } }, options)).toBe(3);
  expect(exitCodeOfError({ code: 'cost.blocked', kind: 'limit' })).toBe(5);
});
