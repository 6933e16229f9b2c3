import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import { ERROR_CATALOGUE } from '../../shared/errors.ts';
import { startI18n } from '../i18n/index.ts';
import { hintOf } from './error-hint.ts';

beforeAll(startI18n);

const core = fileURLToPath(new URL('../../core', import.meta.url));
/** Their place is a terminal, or no screen does the same. */
const NO_SCREEN = new Set(['project.not_found', 'trigger.unreachable', 'lease.held', 'store.not_damaged']);

/** The codes whose hint names a command: the code that stands before it. */
function commandedCodes(): readonly string[] {
  const found = new Set<string>();
  for (const path of readdirSync(core, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts') || path.includes('.test.') || path.endsWith('doctor.ts')) continue;
    const text = readFileSync(join(core, path), 'utf8');
    for (const { index } of text.matchAll(
      /(?:hint|raise|all|message)\b[^\n]*\baiworkflow [a-z]|`See [^\n]*'aiworkflow [a-z]/g,
    )) {
      const codes = [...text.slice(0, index + 400).matchAll(/'([a-z]+\.[a-z_]+)'/g)].filter(
        ({ 1: code = '' }) => code in ERROR_CATALOGUE,
      );
      const before = codes.findLast((code) => code.index < index) ?? codes[0];
      found.add(before?.[1] ?? path);
    }
  }
  return [...found].filter((code) => !NO_SCREEN.has(code)).sort();
}

it('a command of the terminal has words of the screens', () => {
  const codes = commandedCodes();
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !i18next.exists(`everywhere:hint.${code}`))).toEqual([]);
});

it('what names no command stays as the engine said it', () => {
  expect(hintOf({ code: 'workflow.not_found', hint: "Did you mean 'letters'?" })).toBe("Did you mean 'letters'?");
  expect(hintOf({ code: 'workflow.not_found', hint: "Run 'aiworkflow workflow list' to see what is there." })).toMatch(
    /^It was removed or renamed/,
  );
  expect(hintOf({ code: 'workflow.not_found' })).toBeUndefined();
});
