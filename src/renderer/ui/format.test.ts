import { beforeAll, describe, expect, it } from 'vitest';
import { startI18n } from '../i18n/index.ts';
import { formatBytes, formatDuration, formatMoney, formatPeriod, formatRelative, wholeSeconds } from './format.ts';

beforeAll(startI18n);

describe('formatDuration', () => {
  it.each([
    [-5, '0 s'],
    [0.6, '1 ms'],
    [42, '42 ms'],
    [100, '0.1 s'],
    [280, '0.3 s'],
    [4_830, '4.8 s'],
    [9_960, '10 s'],
    [41_000, '41 s'],
    [59_600, '1 m 00 s'],
    [122_000, '2 m 02 s'],
    [3_900_000, '1 h 05 m'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms -> %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatPeriod', () => {
  it.each([
    [86_400_000, '24 h'],
    [5_400_000, '90 min'],
    [90_000, '90 s'],
    [1_500, '1500 ms'],
  ])('%d ms -> %s, as it was written', (ms, text) => {
    expect(formatPeriod(ms)).toBe(text);
  });
});

describe('formatRelative', () => {
  const now = Date.UTC(2025, 10, 19, 14, 34);
  it.each([
    [now - 2_000, 'just now'],
    [now - 12_000, '12 s ago'],
    [now - 4 * 60_000, '4 min ago'],
    [now - 68 * 60_000, '68 min ago'],
    [now - 5 * 3_600_000, '5 h ago'],
    [now + 26 * 60_000, 'in 26 min'],
  ])('%d -> %s', (at, text) => {
    expect(formatRelative(at, now)).toBe(text);
  });

  it('names the day when it is further away', () => {
    expect(formatRelative(now - 2 * 86_400_000, now)).toMatch(/^Mon \d\d:\d\d$/);
    expect(formatRelative(now - 30 * 86_400_000, now)).toBe('20 Oct');
    expect(formatRelative(now - 400 * 86_400_000, now)).toBe('15 Oct 2024');
  });
});

it('formats sizes', () => {
  expect([formatBytes(412), formatBytes(3400), formatBytes(48_213), formatBytes(1_200_000)]).toEqual([
    '412 B',
    '3.4 KB',
    '48 KB',
    '1.2 MB',
  ]);
});

describe('formatMoney', () => {
  it.each([
    ['0', '$0.00'],
    ['0.8412', '$0.84'],
    ['0.01', '$0.01'],
    ['0.0031', '$0.0031'],
    ['0.00006', '< $0.0001'],
    ['0.00000001', '< $0.0001'],
    ['1284.5', '$1,284.50'],
    ['what', '–'],
  ])('%s -> %s', (usd, text) => {
    expect(formatMoney(usd)).toBe(text);
  });
});

it('a ticking clock has no tenths', () => {
  expect([-1, 0, 999, 9_949, 12_900, 61_500].map(wholeSeconds)).toEqual([
    '0 s',
    '0 s',
    '0 s',
    '9 s',
    '12 s',
    '1 m 01 s',
  ]);
});
