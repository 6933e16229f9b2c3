import { expect, it } from 'vitest';
import { dayOf, endOfDay, grantOf, isAllowed, userOf } from './secrets-store.ts';

it('knows who is meant by a grant and by a use', () => {
  expect(userOf('*')).toEqual({ kind: 'all', name: '' });
  expect(userOf('deploy')).toEqual({ kind: 'workflow', name: 'deploy' });
  expect(userOf('workflow:deploy')).toEqual({ kind: 'workflow', name: 'deploy' });
  expect(userOf('tool:github')).toEqual({ kind: 'tool', name: 'github' });
  expect(userOf('agent:a:b')).toEqual({ kind: 'agent', name: 'a:b' });
  expect(['workflow:deploy', 'tool:github'].map(grantOf)).toEqual(['deploy', 'tool:github']);
});

it('a workflow is allowed by its id, and everything by a star', () => {
  expect(isAllowed({ allowed: ['deploy'] }, 'workflow:deploy')).toBe(true);
  expect(isAllowed({ allowed: ['deploy'] }, 'tool:deploy')).toBe(false);
  expect(isAllowed({ allowed: [] }, 'agent:team')).toBe(false);
  expect(isAllowed({ allowed: ['*'] }, 'agent:team')).toBe(true);
});

it('an end is the last second of a day, the same as from the terminal', () => {
  const end = endOfDay('2027-01-31');
  expect(end).toBe(Date.parse('2027-01-31T23:59:59Z'));
  expect(dayOf(end)).toBe('2027-01-31');
  expect(endOfDay('')).toBeNull();
  expect(dayOf(null)).toBe('');
});
