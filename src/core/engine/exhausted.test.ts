import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { errorOfStep, exhaustedWarning } from './exhausted.ts';

const error = new AppError('agent.http_error', 'It is broken.', { details: { status: 500 } }).toRecord();

test('the error of a step says what all agents failed with, under the code and the details of the last', () => {
  const warning = exhaustedWarning(
    'Review',
    new Map([
      ['alpha', 'It is broken.'],
      ['beta', 'No key'],
    ]),
  );
  expect(errorOfStep(error, [warning])).toEqual({
    ...error,
    message: "All agents exhausted for step 'Review': alpha: It is broken; beta: No key",
  });
});

test('an error that no other agent was asked about stays as it is', () => {
  expect(errorOfStep(error, [{ code: 'agent.failover', message: 'It is broken' }])).toBe(error);
});

test('a journal that was written before agents were named there keeps the reason that it has', () => {
  const old = { code: 'agent.exhausted', message: "All agents exhausted for step 'Review'" };
  expect(errorOfStep(error, [old])).toBe(error);
});
