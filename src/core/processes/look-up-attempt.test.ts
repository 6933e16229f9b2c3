import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecordShelf } from './helper-records.ts';
import { lookUpAttempt } from './look-up-attempt.ts';
import { currentIdentity } from './process-table.ts';
import { RecordFile } from './record-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-look-up-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The file of a helper that lives: this process stands for it. */
const livingHelper = (name: string): RecordFile => new RecordFile(join(dir, name), { t: 'h', ...currentIdentity() });

test.each([
  ['was given nothing: it never began', [], { kind: 'never_began' }],
  [
    'was given the start: that is found',
    [{ t: 's', key: 'wanted', run: 'r', path: 'p', attempt: 1, timeoutMs: 1000 }],
    { kind: 'ended' },
  ],
] as const)('a helper that shows its file while another is waited for, and %s', async (_, marks, told) => {
  const first = livingHelper('1.jsonl');
  const shelf = createRecordShelf(dir);
  let late: RecordFile | null = null;
  const readAll = async () => {
    const files = await shelf.readAll();
    if (late === null) {
      late = livingHelper('2.jsonl');
      await first.append({ t: 'd' });
    } else if (files.length === 2 && !files[1]?.isDraining) {
      for (const mark of marks) await late.append(mark);
      for (const { key } of marks) await late.append({ t: 'e', key, end: END });
      await late.append({ t: 'd' });
    }
    return files;
  };
  const look = { shelf: { ...shelf, readAll }, key: 'wanted', ownFile: null, hasHistory: true };
  expect(await lookUpAttempt(look)).toMatchObject(told);
});

const END = {
  reason: 'exited',
  exitCode: 0,
  signal: null,
  stdout: { text: '' },
  stderr: { text: '' },
  stderrCut: false,
} as const;
