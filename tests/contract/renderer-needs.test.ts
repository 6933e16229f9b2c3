import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOperationName, OPERATIONS, type OperationName } from '../../src/shared/contract/index.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';

const ROOT = join(REPOSITORY_DIR, 'src', 'renderer');
const files = globSync('**/*.{ts,tsx}', { cwd: ROOT }).filter((path) => !path.includes('.test.'));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Each control that is written down: its tag up to the `>` that ends it, arrow functions and the like left out. */
function controlsOf(code: string): readonly string[] {
  const starts = [...code.matchAll(/<(?:Button|MenuItem|LinkButton)\b/g)].map(({ index }) => index);
  return starts.map((start) => {
    let depth = 0;
    for (let at = start; at < code.length; at += 1) {
      const sign = code[at];
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
      if (sign === '>' && depth === 0) return code.slice(start, at);
    }
    return code.slice(start);
  });
}

const ACTS = /\bacts\b(?!=\{false\})|variant="(?:primary|danger|danger-solid)"|\bdanger\b/;
const LEADS = /^<LinkButton/;

/** Acts that are no operation of the contract. */
const BESIDE_THE_CONTRACT: readonly string[] = [
  // The window itself is closed.
  'app/leave-dialog.tsx',
];

/** Operations whose names are made of a part: `runs.${name}`. */
const MADE_OF: Readonly<Record<string, readonly OperationName[]>> = {
  'runs.': ['runs.cancel', 'runs.pause', 'runs.resume', 'runs.retry'],
};

function namesIn(code: string, pattern: RegExp): readonly string[] {
  return [...code.matchAll(pattern)].flatMap(([, found = '']) => [
    ...[...found.matchAll(/['"]([a-zA-Z]+\.[a-zA-Z]+)['"]/g)].map(([, name = '']) => name),
    ...[...found.matchAll(/`([a-z]+\.)\$\{/g)].flatMap(([, part = '']) => MADE_OF[part] ?? []),
  ]);
}

const called = new Set(files.flatMap((path) => namesIn(textOf(path), /\bcall\(([^,]{1,80}),/g)));
const named = new Set(
  files.flatMap((path) => namesIn(textOf(path), /(?:\bneeds=|useWhyNot\()("[^"]*"|'[^']*'|\{[^;]{1,140})/g)),
);

describe('controls of the screens', () => {
  it('each that acts names the operation that it needs', () => {
    const found = files
      .filter((path) => path.endsWith('.tsx') && !path.startsWith('ui/button') && !BESIDE_THE_CONTRACT.includes(path))
      .flatMap((path) =>
        controlsOf(textOf(path))
          .filter((tag) => ACTS.test(tag) && !LEADS.test(tag) && !/acts=\{false\}/.test(tag) && !/\bneeds=/.test(tag))
          .map((tag) => `${path}: ${tag.replace(/\s+/g, ' ').slice(0, 120)}`),
      );
    expect(found).toEqual([]);
  });

  it('each operation that changes something and is called on a screen stands at a control', () => {
    const changing = [...called].filter(
      (name) =>
        isOperationName(name) &&
        OPERATIONS[name].audit !== 'reads' &&
        // Reading the audit is written down although it changes nothing (SPEC §12.3).
        OPERATIONS[name].permission !== 'audit:read' &&
        // Undo of what somebody has just done by the right that it needs.
        name !== 'workflows.restore',
    );
    expect(changing.length).toBeGreaterThan(30);
    expect(changing.filter((name) => !named.has(name)).sort()).toEqual([]);
  });
});
