import { expect, it } from 'vitest';
import type { InputDefinition } from '../../shared/model/workflow.ts';
import { shownInputs, withoutInputs } from './secret-inputs.ts';

const input = (name: string, secret: boolean): InputDefinition => ({
  ...{ name, type: 'string', description: '', required: false, secret },
});
const INPUTS = [input('token', true), input('order', false), input('absent', true)];
const GIVEN = { token: 'planted/7q9z', order: '4711' };

it('what came with a start holds its secret inputs in no spelling', () => {
  const data = { payload: { key: 'planted/7q9z', order: '4711', list: ['Bearer planted/7q9z', 'planted%2F7q9z', 1] } };
  expect(withoutInputs(INPUTS, GIVEN, data)).toEqual({
    payload: { key: '[secret:token]', order: '4711', list: ['Bearer [secret:token]', '[secret:token]', 1] },
  });
});

it('people see the names of secret inputs', () => {
  expect(shownInputs(INPUTS, GIVEN)).toEqual({ token: '[secret:token]', order: '4711' });
});
