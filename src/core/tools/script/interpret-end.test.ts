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

test('large and deep output does no harm', () => {
  const long = failureOf({ exitCode: 1, stderr: `${'x'.repeat(1_000_000)}the end` });
  expect(long.message.length).toBeLessThan(20_000);
  expect(long.message.endsWith('the end')).toBe(true);
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  expect(interpretEnd(end({ stdout: deep }), 1).output).toBe(deep);
  expect(interpretEnd(end({ stdout: '{"__proto__": {"x": 1}}' }), 1).output).not.toHaveProperty('x');
  expect(interpretEnd(end({ stdout: 'ok', stderr: 'e', stderrCut: true }), 1).warnings).toHaveLength(1);
});
