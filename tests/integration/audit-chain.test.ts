import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditLog } from '../../src/core/governance/audit/audit-log.ts';
import { verifyExport } from '../../src/core/governance/audit/verify-export.ts';
import type { AuditManifest, ExportVerdict } from '../../src/shared/model/audit.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import { AuditLab, checkKilledCuts, checkTamperings, checkTwoWriters } from '../support/audit-lab.ts';

const ME: Actor = { kind: 'user', id: 'tester', door: 'cli' };
let lab: AuditLab;
beforeEach(() => {
  lab = new AuditLab();
});
afterEach(() => lab.dispose());

describe('audit verify', () => {
  it('names each way of tampering and the first event that is wrong', async () => {
    expect(await checkTamperings(2000)).toEqual([]);
  });

  it('says of an audit that nobody has written that nothing was', async () => {
    expect(await lab.verify()).toMatchObject({ valid: true, state: 'ok', checked: 0, head: null, signed_head: null });
  });

  it('two processes that write at once never follow the same event', async () => {
    expect(await checkTwoWriters(1000)).toEqual([]);
  });
});

describe('what was signed outside', () => {
  it('goes with every close, never back, and counts only with its signature', async () => {
    await lab.write(3);
    const { signed_head } = await lab.verify();
    expect(signed_head).toMatchObject({ seq: 3 });
    const text = readFileSync(lab.files.headFile, 'utf8');
    writeFileSync(lab.files.headFile, text.replace('"seq":3', '"seq":2'));
    await lab.with(async (log) => expect(await log.verify()).toMatchObject({ state: 'ok', signed_head: null }));
    expect(await lab.verify()).toMatchObject({ signed_head: { seq: 3 } });
  });
});

describe('a cut', () => {
  const cutAt = (before: number): Promise<{ removed: number; throughSeq: number | null }> =>
    lab.with((log) => log.deleteBefore(before, ME));

  it('removes what is older, says so, and what is left is whole', async () => {
    await lab.write(2500);
    expect(await cutAt(2_001_000)).toEqual({ removed: 2000, throughSeq: 2000 });
    expect(await lab.verify()).toMatchObject({ state: 'ok', cut_through: 2000, checked: 501, head: { seq: 2501 } });
    await lab.with((log, store) => {
      expect(log.months()).toEqual([{ month: '1970-01', events: 501, first_seq: 2001 }]);
      const [newest] = store.audit.query({}, { limit: 1, offset: 0 });
      expect(newest).toMatchObject({ event_type: 'config.changed', user_id: 'tester', action: 'audit.deleteBefore' });
      expect(newest?.details).toMatchObject({ removed: 2000, through_seq: 2000 });
    });
    expect(await cutAt(2_101_000)).toEqual({ removed: 100, throughSeq: 2100 });
    expect(await lab.verify()).toMatchObject({ state: 'ok', cut_through: 2100 });
    expect(await cutAt(0)).toEqual({ removed: 0, throughSeq: null });
    lab.tamper((db) => db.exec('DELETE FROM audit WHERE seq = 2101'));
    expect(await lab.verify()).toMatchObject({ state: 'missing', first_bad_seq: 2101 });
  });

  it('of everything leaves the word of the cut', async () => {
    await lab.write(5);
    expect(await cutAt(Number.MAX_SAFE_INTEGER)).toEqual({ removed: 5, throughSeq: 5 });
    expect(await lab.verify()).toMatchObject({ state: 'ok', checked: 1, head: { seq: 6 } });
  });

  it('is refused where the chain is broken: it would hide that', async () => {
    await lab.write(5);
    lab.tamper((db) => db.exec(`UPDATE audit SET action = 'x' WHERE seq = 2`));
    await expect(cutAt(3000)).rejects.toMatchObject({ code: 'audit.broken' });
    expect(await lab.verify()).toMatchObject({ state: 'changed', first_bad_seq: 2 });
  });

  it('that is killed on its way is pending, never tampering, and is finished by the next who opens the project', async () => {
    expect(await checkKilledCuts(2500)).toEqual({ kills: 4, wrong: [] });
  });
});

describe('an exported file', () => {
  const exportOf = (format: 'jsonl' | 'csv', filter: Parameters<AuditLog['query']>[0] = {}) =>
    lab.with((log) => {
      let piece = log.beginExport({ filter, format });
      let text = piece.text;
      while (piece.cursor !== null) {
        piece = log.continueExport(piece.cursor);
        text += piece.text;
      }
      return { text, manifest: piece.manifest as AuditManifest };
    });

  async function* inPieces(text: string): AsyncIterable<string> {
    for (let at = 0; at < text.length; at += 777) yield text.slice(at, at + 777);
  }
  const check = (text: string, manifest: AuditManifest | null): Promise<ExportVerdict> =>
    verifyExport(inPieces(text), manifest);

  it('is checked by itself, and with its manifest also at its end', async () => {
    await lab.write(1500);
    const { text, manifest } = await exportOf('jsonl');
    expect(manifest).toMatchObject({ events: 1500, complete: true, first_seq: 1, last_seq: 1500 });
    expect(await check(text, manifest)).toMatchObject({ valid: true, checked: 1500, last_seq: 1500 });
    const lines = text.split('\n');
    const without = (...gone: number[]): string => lines.filter((_line, at) => !gone.includes(at)).join('\n');
    expect(await check(without(700), null)).toMatchObject({ valid: false, first_bad_seq: 701 });
    expect(await check(text.replace('"number":42,', '"number":43,'), null)).toMatchObject({ first_bad_seq: 42 });
    expect(await check(without(1499), null)).toMatchObject({ valid: true, last_seq: 1499, signed_by: null });
    expect(await check(without(1499), manifest)).toMatchObject({ valid: false, first_bad_seq: 1500 });
    expect(await check(text, { ...manifest, events: 1 })).toMatchObject({ valid: false, first_bad_seq: null });
    expect(await check('no audit\n', null)).toMatchObject({ valid: false, message: 'Line 1 is no event of an audit.' });
  });

  it('that was filtered says so', async () => {
    await lab.write(20);
    const { text, manifest } = await exportOf('jsonl', { resourceId: 't7' });
    expect(manifest).toMatchObject({ events: 1, complete: false });
    expect(await check(text, manifest)).toMatchObject({
      valid: true,
      checked: 1,
      message: expect.stringMatching(/filtered/),
    });
  });

  it('behind a cut begins there', async () => {
    await lab.write(20);
    await lab.with((log) => log.deleteBefore(11_000, ME));
    const { text, manifest } = await exportOf('jsonl');
    expect(manifest).toMatchObject({ first_seq: 11, cut_through: 10 });
    expect(await check(text, manifest)).toMatchObject({ valid: true, checked: 11 });
  });

  it('as CSV holds no formula, and its manifest says whether it is what was exported', async () => {
    await lab.with((_log, store) => {
      const draft = {
        type: 'custom',
        userId: '=1+1',
        resourceType: 'x',
        resourceId: 'a,"b"',
        action: '@do',
        details: {},
      } as const;
      store.audit.writer.write({ ...draft, door: '-x' }, 0);
    });
    const { text, manifest } = await exportOf('csv');
    const [heading, row] = text.split('\r\n');
    expect(heading?.startsWith('seq,timestamp,event_type,user_id,resource,')).toBe(true);
    expect(row?.startsWith(`1,1970-01-01T00:00:00.000Z,custom,'=1+1,"x:a,""b""",x,"a,""b""",'@do,true,,{},'-x,`)).toBe(
      true,
    );
    expect(await check(text, manifest)).toMatchObject({ valid: true, last_seq: 1 });
    expect(await check(text.replace('custom', 'costum'), manifest)).toMatchObject({ valid: false });
  });

  it('can be kept in a file and read again', async () => {
    await lab.write(3);
    const { text } = await exportOf('jsonl');
    const file = join(lab.folder, 'audit.jsonl');
    appendFileSync(file, text);
    expect(await check(readFileSync(file, 'utf8'), null)).toMatchObject({ valid: true, checked: 3 });
  });
});
