import { describe, expect, it } from 'vitest';
import { readEnvText, resolveBundleEnv } from './bundle-env.ts';

describe('resolveBundleEnv (SPEC 6.2)', () => {
  it.each([
    ['config alone', { A: 'c' }, {}, {}, { A: 'c' }],
    ['process over config', { A: 'c' }, {}, { A: 'p' }, { A: 'p' }],
    ['.env over both', { A: 'c' }, { A: 'e' }, { A: 'p' }, { A: 'e' }],
    ['names of the process that nobody declared stay out', { A: 'c' }, {}, { SECRET: 'x' }, { A: 'c' }],
    ['.env adds its own names', {}, { B: 'e' }, {}, { B: 'e' }],
    ['reference', { A: '${X}' }, {}, { X: '1' }, { A: '1' }],
    ['reference to .env first', { A: '${X}' }, { X: '2' }, { X: '1' }, { A: '2', X: '2' }],
    ['default', { A: '${X:-d}' }, {}, {}, { A: 'd' }],
    ['default for an empty value', { A: '${X:-d}' }, {}, { X: '' }, { A: 'd' }],
    ['empty default', { A: 'a${X:-}b' }, {}, {}, { A: 'ab' }],
    ['missing without default', { A: 'a${X}b' }, {}, {}, { A: 'ab' }],
    ['several', { A: '${X}-${Y:-y}' }, {}, { X: '1' }, { A: '1-y' }],
    ['never scanned again', { A: '${X}' }, {}, { X: '${SECRET}', SECRET: 's' }, { A: '${SECRET}' }],
    ['builds on itself', { PATH: './bin:${PATH}' }, {}, { PATH: '/usr/bin' }, { PATH: './bin:/usr/bin' }],
    ['no other syntax', { A: '$X ${1} $(id) `id` ${X' }, {}, { X: '1' }, { A: '$X ${1} $(id) `id` ${X' }],
    ['own names only', { A: '${constructor}' }, {}, {}, { A: '' }],
  ])('%s', (_title, config, bundle, host, expected) => {
    const frozen: Readonly<Record<string, string>> = Object.freeze(Object.assign(Object.create(null), host));
    expect(resolveBundleEnv(config, bundle, frozen)).toEqual(expected);
  });

  it('reads .env text', () => {
    const text = '\uFEFF# comment\nA=1\nexport B="two words"\nC=\'$A\'\nD=\n1X=no\n=no\nE=a#b\nF=a # b\nA=2\n';
    expect(readEnvText(text)).toEqual({ A: '2', B: 'two words', C: '$A', D: '', E: expect.any(String), F: 'a' });
  });
});
