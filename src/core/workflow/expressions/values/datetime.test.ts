import { describe, expect, test } from 'vitest';
import { type EvaluationOptions, evaluateCondition, renderText, renderValue, scopeOf } from '../index.ts';

const NOW = Date.UTC(2026, 0, 22, 8, 5, 9);
const text = (source: string, options: Partial<EvaluationOptions> = {}): string =>
  renderText(source, scopeOf({ iso: '2026-01-20T23:30:00Z', created: '2026-01-01' }), { now: NOW, ...options }).text;

describe('now and its zone', () => {
  test.each([
    ['{{ now }}', 'UTC', '2026-01-22T08:05:09Z'],
    ['{{ now() }}', 'America/New_York', '2026-01-22T03:05:09-05:00'],
    ['{now}', 'Asia/Kolkata', '2026-01-22T13:35:09+05:30'],
    ['{now.year}', 'UTC', '2026'],
    ['{{ now.hour }}:{{ now.date() }}', 'Pacific/Kiritimati', '22:2026-01-22'],
    ["{{ now.strftime('%Z %z') }}", 'America/New_York', 'EST -0500'],
    [
      "{{ now.strftime('%a %A %b %B %j %p %I %y %% %e %-d %F %T %q') }}",
      'UTC',
      'Thu Thursday Jan January 022 AM 08 26 % 22 22 2026-01-22 08:05:09 %q',
    ],
    ['{{ (now + timedelta(days=10)).date() }}', 'UTC', '2026-02-01'],
    ['{{ now.date() - timedelta(days=22) }}', 'UTC', '2025-12-31'],
    ["{{ now - '2026-01-22T08:00:00Z' }}", 'UTC', '5m9s'],
    ['{{ iso + timedelta(hours=1) }}', 'UTC', '2026-01-21T00:30:00Z'],
  ])('%s in %s', (source, timeZone, expected) => expect(text(source, { timeZone })).toBe(expected));

  test('native values are ISO text', () => {
    const scope = scopeOf({ at: new Date(NOW) });
    expect(
      renderValue({ a: '{{ now }}', b: '{at}', c: ['{{ [now, timedelta(seconds=1)] }}'] }, scope, { now: NOW }).value,
    ).toEqual({
      a: '2026-01-22T08:05:09Z',
      b: '2026-01-22T08:05:09Z',
      c: [['2026-01-22T08:05:09Z', '1s']],
    });
  });
});

describe('timedelta', () => {
  test.each([
    ['{{ timedelta(days=1, hours=2, minutes=30) }}', '1d2h30m'],
    [
      '{{ timedelta(weeks=1) }} {{ timedelta(0) }} {{ timedelta(seconds=-90) }} {{ timedelta(milliseconds=5) }}',
      '7d 0s -1m30s 5ms',
    ],
    [
      '{{ timedelta(hours=1) * 2 }} {{ timedelta(hours=1) + timedelta(minutes=1) }} {{ -timedelta(hours=1) }}',
      '2h 1h1m -1h',
    ],
    ['{{ timedelta(hours=2) / timedelta(hours=1) }} {{ timedelta(hours=2) > timedelta(hours=1) }}', '2 true'],
    ['{{ timedelta(hours=24) == timedelta(days=1) }} {{ timedelta(days=1, seconds=5).seconds }}', 'true 5'],
    ['{{ [timedelta(hours=1), timedelta(hours=2)] | sum }}', '3h'],
  ])('%s', (source, expected) => expect(text(source)).toBe(expected));
});

describe('datetimeformat', () => {
  test.each([
    ["{{ iso | datetimeformat('%Y-%m-%d %H:%M') }}", 'UTC', '2026-01-20 23:30'],
    ["{{ iso | datetimeformat('%d %H', 'Asia/Tokyo') }}", 'UTC', '21 08'],
    ["{{ iso | datetimeformat('%d %H') }}", 'Asia/Tokyo', '21 08'],
    ["{{ '2026-01-20T23:30:00+02:00' | datetimeformat('%H:%M') }}", 'UTC', '21:30'],
    ["{{ '2026-01-20 23:30' | datetimeformat('%H:%M %Z') }}", 'Europe/Berlin', '23:30 GMT+1'],
    ["{{ 1769069109 | datetimeformat('%F %T') }}", 'UTC', '2026-01-22 08:05:09'],
    ["{{ 1769069109000 | datetimeformat('%F %T') }}", 'UTC', '2026-01-22 08:05:09'],
    ["{{ '1769069109' | datetimeformat('%F') }}", 'UTC', '2026-01-22'],
    ["{{ created | datetimeformat('%d.%m.%Y') }}", 'America/New_York', '01.01.2026'],
    ["{{ '2026-02-30' | datetimeformat('%d') }}", 'UTC', '2026-02-30'],
    ["{{ '2024-02-29' | datetimeformat('%d %j') }}", 'UTC', '29 060'],
    ["{{ '2026-03-08T02:30' | datetimeformat('%H:%M %z') }}", 'America/New_York', '03:30 -0400'],
    ["{{ '2026-11-01T01:30' | datetimeformat('%H:%M %z') }}", 'America/New_York', '01:30 -0400'],
  ])('%s in %s', (source, timeZone, expected) => expect(text(source, { timeZone })).toBe(expected));

  test('what is no date stays and warns', () => {
    const { text: out, warnings } = renderText("{{ 'soon' | datetimeformat('%Y') }}{{ 'x' | timeago }}", scopeOf({}), {
      now: 0,
    });
    expect(out).toBe('soonx');
    expect(warnings.map((one) => one.code)).toEqual(['template.unparsable_date', 'template.unparsable_date']);
  });
});

test.each([
  [0, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [300, '5 minutes ago'],
  [7200, '2 hours ago'],
  [-2 * 86_400, 'in 2 days'],
  [40 * 86_400, '1 month ago'],
  [800 * 86_400, '2 years ago'],
  [-3600, 'in 1 hour'],
])('timeago of %d seconds', (seconds, expected) => {
  expect(renderText('{{ at | timeago }}', scopeOf({ at: NOW - seconds * 1000 }), { now: NOW }).text).toBe(expected);
});

test('conditions compare instants with ISO text', () => {
  const scope = scopeOf({ created: '2026-01-20T00:00:00Z', due: '2026-01-23' });
  const holds = (condition: string): boolean => evaluateCondition(condition, scope, { now: NOW }).value;
  expect(holds('created < now')).toBe(true);
  expect(holds('now - timedelta(days=1) > created')).toBe(true);
  expect(holds("now.date() == '2026-01-22'")).toBe(true);
  expect(holds('due < now')).toBe(false);
  expect(holds('now.weekday() < 5 and now.hour >= 8')).toBe(true);
});
