import { constants } from 'node:os';
import { expect, test } from 'vitest';
import type { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import type { ProcessEnd } from '../../processes/index.ts';
import { interpretEnd } from './interpret-end.ts';

function end(extra: Partial<ProcessEnd>): ProcessEnd {
  return { reason: 'exited', exitCode: 0, signal: null, stdout: '', stderr: '', stderrCut: false, ...extra };
}
function failureOf(extra: Partial<ProcessEnd>, timeoutMs = 1000): AppError {
  try {
    interpretEnd(end(extra), timeoutMs);
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it did not fail');
}

const outputs: readonly [Partial<ProcessEnd>, Json][] = [
  [{ stdout: '42' }, 42],
  [{ stdout: ' {"a": [1]}\n' }, { a: [1] }],
  [{ stdout: 'null' }, null],
  [{ stdout: '"text"' }, 'text'],
  [{ stdout: 'false\n' }, false],
  [{ stdout: ' two words \n' }, 'two words'],
  [{ stdout: '{"a": 1' }, '{"a": 1'],
  [{ stdout: '1 2' }, '1 2'],
  [{ stdout: 'NaN' }, 'NaN'],
  [{}, { success: true }],
  [{ stderr: 'warn' }, { success: true, stderr: 'warn' }],
  [
    { stdout: ' \n', stderr: ' warn\n' },
    { success: true, stderr: 'warn' },
  ],
  [{ stdout: '5', stderr: 'noise' }, 5],
];
test.each(outputs)('SPEC §16 Script results: %j is %j', (extra, expected) => {
  expect(interpretEnd(end(extra), 1000).output).toEqual(expected);
});

test('exit codes', () => {
  const failed = failureOf({ exitCode: 3, stderr: 'err\n', stdout: 'ignored' });
  expect(failed).toMatchObject({
    code: 'tool.script_failed',
    message: 'Script failed with exit code 3: err',
    retryable: true,
    details: { exit_code: 3 },
  });
  expect(failureOf({ exitCode: 1, stdout: 'said on stdout' }).message).toBe(
    'Script failed with exit code 1: said on stdout',
  );
  expect(failureOf({ exitCode: 2, stderr: 'usage' }).retryable).toBe(false);
  expect(failureOf({ exitCode: null, signal: 'SIGSEGV' })).toMatchObject({
    details: { exit_code: 139, signal: 'SIGSEGV' },
  });
});

test.each(Object.entries(constants.signals))(
  'a script that %s ended has the exit code of a shell: 128 and %d',
  (signal, number) => {
    expect(failureOf({ exitCode: null, signal })).toMatchObject({ details: { exit_code: 128 + number, signal } });
  },
);

test('what cut the script short', () => {
  expect(failureOf({ reason: 'timed_out', exitCode: null }, 300_000)).toMatchObject({
    code: 'tool.timed_out',
    message: 'Script timed out after 300 seconds',
  });
  expect(failureOf({ reason: 'timed_out', exitCode: null }, 500).message).toBe('Script timed out after 0.5 seconds');
  expect(failureOf({ reason: 'output_too_large', exitCode: null }).code).toBe('tool.output_too_large');
  expect(failureOf({ reason: 'cancelled', exitCode: null }).code).toBe('run.cancelled');
  expect(failureOf({ reason: 'spawn_failed', exitCode: null, spawnError: 'EACCES' })).toMatchObject({
    code: 'tool.spawn_failed',
    retryable: true,
  });
});

test('the cause is the headline, the rest is in the details', () => {
  const stderr = `${'noise\n'.repeat(100_000)}FATAL: certificate expired\n\n`;
  const failed = failureOf({ exitCode: 1, stderr, stdout: 'sent 3\nsent 4\n' });
  expect(failed.message).toBe('Script failed with exit code 1: FATAL: certificate expired');
  expect(failed.details).toMatchObject({ exit_code: 1, stdout: 'sent 3\nsent 4' });
  expect(String(failed.details?.stderr)).toMatch(/^…\nnoise\n(?:noise\n)+FATAL: certificate expired$/);
  expect(String(failed.details?.stderr).length).toBeLessThan(9000);
  expect(failureOf({ exitCode: 1 }).message).toBe('Script failed with exit code 1: it printed nothing');
  expect(failureOf({ exitCode: 1 }).details).toEqual({ exit_code: 1 });
  const late = failureOf({ reason: 'timed_out', exitCode: null, stdout: 'row 1\nrow 2' }, 1000);
  expect(late.details).toEqual({ timeout_seconds: 1, stdout: 'row 1\nrow 2' });
});

test.each([
  ['SIGUSR1', 138],
  ['SIGUSR2', 140],
  ['SIGTERM', 143],
  ['SIGKILL', 137],
])('ended by %s is exit code %d', (signal, code) => {
  expect(failureOf({ exitCode: null, signal })).toMatchObject({
    message: `Script failed with exit code ${code}: it was ended by ${signal}`,
    details: { exit_code: code, signal },
  });
});

test('no digit is lost and no value is invented; what was read otherwise is said', () => {
  const warningsOf = (stdout: string) => interpretEnd(end({ stdout }), 1000);
  expect(warningsOf('{"id": 1182937465019283746, "mean": NaN, "n": 9007199254740991}')).toEqual({
    output: { id: '1182937465019283746', mean: null, n: 9_007_199_254_740_991 },
    warnings: [
      { code: 'value.changed', message: 'id: 1182937465019283746 is kept as text' },
      { code: 'value.changed', message: 'mean: NaN is no number that can be kept; it became null' },
    ],
  });
  expect(warningsOf('18446744073709551615')).toEqual({
    output: '18446744073709551615',
    warnings: [{ code: 'value.changed', message: 'value: 18446744073709551615 is kept as text' }],
  });
  expect(warningsOf("{'ok': True}")).toMatchObject({
    output: "{'ok': True}",
    warnings: [{ message: 'The output looks like JSON, but it is none: it is kept as text' }],
  });
  expect(warningsOf('[done] all sent').warnings).toEqual([]);
  expect(warningsOf('caf\uFFFD').warnings).toMatchObject([{ code: 'tool.output_not_utf8' }]);
});

test('large and deep output does no harm', () => {
  const long = failureOf({ exitCode: 1, stderr: `${'x'.repeat(1_000_000)}\nthe end` });
  expect(long.message).toBe('Script failed with exit code 1: the end');
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(interpretEnd(end({ stdout: deep }), 1)).toMatchObject({
    output: deep,
    warnings: [{ message: 'The output looks like JSON, but it is nested too deep: it is kept as text' }],
  });
  expect(interpretEnd(end({ stdout: '{"__proto__": {"x": 1}}' }), 1).output).not.toHaveProperty('x');
  expect(interpretEnd(end({ stdout: 'ok', stderr: 'e', stderrCut: true }), 1).warnings).toHaveLength(1);
});
