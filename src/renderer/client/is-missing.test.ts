import { expect, it } from 'vitest';
import { isMissing } from './is-missing.ts';

it.each([
  ['run.not_found', true],
  ['contract.invalid_input', true],
  ['trigger.not_found', false],
  ['holder.unreachable', false],
])('what an address names is not there: %s -> %s', (code, is) => {
  expect(isMissing({ code } as Parameters<typeof isMissing>[0], 'run.not_found')).toBe(is);
});

it('is there until something is said against it', () => {
  expect(isMissing(null, 'run.not_found')).toBe(false);
});
