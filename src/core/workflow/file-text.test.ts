import { describe, expect, it } from 'vitest';
import { read, step } from './reading.test-support.ts';

const VALID = step('action: a.b');

describe('the file as a whole (SPEC §1)', () => {
  it.each([
    [VALID + 'x'.repeat(1024 * 1024), 'workflow.too_large', 1],
    [`${VALID}${'€'.repeat(400_000)}`, 'workflow.too_large', 1],
    [VALID + '\n'.repeat(100_001), 'workflow.too_large', 1],
    [`${VALID}\n\0`, 'workflow.not_text', 6],
    [`${VALID}caf\ufffd`, 'workflow.not_utf8', 5],
  ])('refuses what cannot be read (%#)', (text, code, line) => {
    const { workflow, diagnostics } = read(text);
    expect(diagnostics).toMatchObject([{ severity: 'error', code, line, file: 'w.md' }]);
    expect(workflow.steps).toEqual([]);
  });

  it('reads up to 1 MiB', () => {
    expect(read(VALID + 'x'.repeat(1024 * 1024 - VALID.length)).diagnostics).toEqual([]);
  });

  it('shows at most 500 problems and says how many more there are', () => {
    const many = Array.from(
      { length: 600 },
      (_, index) => `## Step ${index + 1}: A\n\`\`\`yaml\naction: a.b\ntimeot: 1s\n\`\`\`\n`,
    ).join('');
    const { diagnostics } = read(many);
    expect(diagnostics).toHaveLength(501);
    expect(diagnostics.at(-1)?.message).toBe(
      'There are 100 more problems in this file. They are shown when these are mended.',
    );
  });

  it('an empty file has no step', () => {
    expect(read('').diagnostics).toMatchObject([{ line: 1, message: 'Workflow must have at least one step' }]);
  });
});
