import { describe, expect, it } from 'vitest';
import { fixEdit } from './fix-text.ts';

/** A line with its fix applied. */
function mended(line: string, fix: string, column = 1): string | null {
  const edit = fixEdit({ fix, column }, line);
  return edit === null ? null : line.slice(0, edit.from) + edit.text + line.slice(edit.to);
}

describe('fixEdit', () => {
  it.each([
    ['retires: 2', "Did you mean 'retry'?", 1, null],
    ['    retrys: 2', "Did you mean 'retry'?", 5, '    retry: 2'],
    ['action: ledgr.check', "Did you mean 'ledger'?", 9, 'action: ledger.check'],
    ['action: workflow.nop', "Did you mean 'noop'?", 9, 'action: workflow.noop'],
    ['if: invoce.total > limit', "Did you mean 'invoice'?", 5, 'if: invoice.total > limit'],
    ['text: "{{ inputs.nmae }}"', "Did you mean 'inputs.name'?", 11, 'text: "{{ inputs.name }}"'],
    ['text: "{{ limit }}"', "Write 'inputs.limit'.", 11, 'text: "{{ inputs.limit }}"'],
    ['## Stpe 1: Read', "Write '## Step 1: Read'.", 1, '## Step 1: Read'],
  ])('%s with "%s" at %i', (line, fix, column, wanted) => {
    expect(mended(line, fix, column)).toBe(wanted);
  });

  it('leaves to a person what is said in words, and what stands elsewhere by now', () => {
    expect(fixEdit({ fix: 'Write for example 30s, 5m or 1h30m.', column: 1 }, 'timeout: soon')).toBeNull();
    expect(fixEdit({ column: 1 }, 'timeout: soon')).toBeNull();
    expect(mended('something: else', "Did you mean 'retry'?")).toBeNull();
    expect(mended('retry: 2', "Did you mean 'retry'?")).toBeNull();
  });
});
