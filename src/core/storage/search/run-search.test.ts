import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../shared/model/events.ts';
import type { FoundPlace } from '../../../shared/model/run-search.ts';
import { cleanUp, created, makeFolder, newRun, openStore, summary } from '../store.test-support.ts';
import type { Store } from '../store.ts';
import type { RunSearchQuery } from './run-search.ts';

afterEach(cleanUp);

const started = (role: 'main' | 'call', inputs: Record<string, string>): RunEvent => ({
  ...{ type: 'step.started', path: 'mail', index: 0, name: 'Mail', variable: null, attempt: 1, now: 1 },
  ...{ action: 'post.send', effect: 'pure', inputs, role },
});
const completed = (output: string): RunEvent => ({
  ...{ type: 'step.completed', path: 'mail', attempt: 1, output: { said: [output] }, outputs: null, variables: null },
  warnings: [],
});
const EVERYTHING: readonly RunEvent[] = [
  created({ customer: 'Söhne & "Co" 7_%' }),
  started('main', { to: 'ada@example.org' }),
  started('call', { query: 'largest overdue invoice' }),
  {
    ...{ type: 'approval.decided', path: 'ask', attempt: 1, id: '0', decision: 'approve' },
    comment: 'Paid on Friday, says the bank',
  },
  completed('the letter has gone'),
  {
    ...{ type: 'step.failed', path: 'post', attempt: 1, retryAt: null, fallback: null, policy: 'stop', warnings: [] },
    error: { code: 'tool.failed', kind: 'external', message: 'The mail server is away', retryable: false },
  },
];
const log = (store: Store, runId: string, text: string, isOpen?: true): number =>
  store.logs.append(runId, {
    ...{ at: 5, path: 'mail', stream: 'stdout', level: 'info', text },
    ...(isOpen === undefined ? {} : { isOpen }),
  }) ?? 0;
const add = (store: Store, runId: string, events: readonly RunEvent[] = [created()]): Promise<void> =>
  store.journal.append(newRun(store, { run: summary(runId), events }));

async function fill(store: Store): Promise<void> {
  while (await store.search.feed());
}
const query = (text: string, more: Partial<RunSearchQuery> = {}): RunSearchQuery => ({
  ...{ text, filter: {}, limit: 20, places: 10 },
  ...more,
});
async function found(store: Store, text: string, more: Partial<RunSearchQuery> = {}): Promise<readonly string[]> {
  const { runs } = await store.search.find(query(text, more));
  return runs.map(({ run }) => run.runId);
}
async function places(store: Store, text: string): Promise<readonly FoundPlace[]> {
  const { runs } = await store.search.find(query(text));
  return runs.flatMap((one) => one.places);
}
const where = ({ field, path, line, before, found, after }: FoundPlace): readonly unknown[] => [
  ...[field, path, line],
  `${before}<${found}>${after}`,
];

describe('the search over all runs', () => {
  it.each(['in the index', 'not in the index yet'])(
    'finds a text in every field, in any case, when it is %s',
    async (how) => {
      const store = openStore();
      await add(store, 'one', EVERYTHING);
      await add(store, 'other');
      log(store, 'one', 'nothing here');
      log(store, 'one', '\u001b[31mTypeError\u001b[0m: no such day');
      if (how === 'in the index') await fill(store);
      const expected: readonly (readonly [string, readonly unknown[]])[] = [
        ['SÖHNE & "co" 7_%', ['input', null, null, 'customer: <Söhne & "Co" 7_%>']],
        ['ADA@', ['input', 'mail', null, 'to: <ada@>example.org']],
        ['due inv', ['arguments', 'mail', null, 'query: largest over<due inv>oice']],
        ['friday', ['comment', 'ask', null, 'Paid on <Friday>, says the bank']],
        ['letter has', ['output', 'mail', null, 'said: the <letter has> gone']],
        ['server is away', ['error', 'post', null, 'The mail <server is away>\ntool.failed']],
        ['typeerror', ['log', 'mail', 2, '<TypeError>: no such day']],
        ['no', ['log', 'mail', 1, '<no>thing here']],
      ];
      for (const [text, place] of expected) expect(where((await places(store, text))[0] as FoundPlace)).toEqual(place);
      expect(await found(store, 'nobody says this')).toEqual([]);
      expect(store.search.state).toMatchObject({ waiting: how === 'in the index' ? 0 : 2, cutValues: 0 });
    },
  );

  it('finds what a line became, not what it was, and each line once', async () => {
    const store = openStore();
    await add(store, 'one');
    const line = log(store, 'one', 'downloading', true);
    log(store, 'one', 'beside it');
    await fill(store);
    expect(await found(store, 'downloading')).toEqual(['one']);
    store.logs.replace('one', { line, at: 5, path: 'mail', stream: 'stdout', level: 'info', text: 'finished' });
    for (const isIndexed of [false, true]) {
      if (isIndexed) await fill(store);
      expect(await found(store, 'downloading')).toEqual([]);
      expect((await places(store, 'finished')).map((one) => one.line)).toEqual([line]);
      expect((await places(store, 'beside')).map((one) => one.line)).toEqual([line + 1]);
    }
    expect(store.search.state.waiting).toBe(0);
  });

  it('gives its runs in pages, newest first, none twice and none left out while the index is filled', async () => {
    const store = openStore();
    const long = 'pad '.repeat(800);
    for (let at = 0; at < 70; at += 1) await add(store, `run-${at}`, [created({ text: `common word ${at} ${long}` })]);
    for (let batch = 0; batch < 2; batch += 1) await store.search.feed();
    expect(store.search.state.waiting).toBeGreaterThan(20);
    const seen: string[] = [];
    for (let before: number | undefined; ; ) {
      const page = await store.search.find(query('common word', { limit: 25, before }));
      seen.push(...page.runs.map(({ run }) => run.runId));
      await add(store, `new-${seen.length}`, [created({ text: 'common word' })]);
      await fill(store);
      if (page.next === null) break;
      before = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 70 }, (_, at) => `run-${69 - at}`));
    const { runs } = await store.search.find(query('word 12', { filter: { workflow: 'else' } }));
    expect(runs).toEqual([]);
    expect(await found(store, 'common', { runId: 'run-3' })).toEqual(['run-3']);
  });

  it('says that there is more in a run than was asked for', async () => {
    const store = openStore();
    await add(store, 'one');
    for (let at = 0; at < 40; at += 1) log(store, 'one', `again ${at}`);
    await fill(store);
    const { runs } = await store.search.find(query('again', { places: 3 }));
    expect(runs[0]).toMatchObject({ isMore: true, places: [{ line: 1 }, { line: 2 }, { line: 3 }] });
    const all = await store.search.find(query('again', { places: 100 }));
    expect(all.runs[0]?.places.map(({ line }) => line)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    expect(all.runs[0]?.isMore).toBe(false);
  });

  it('never shows a secret, also one that was learned later', async () => {
    const secrets: string[] = [];
    const store = openStore(makeFolder(), undefined, undefined, (text) =>
      secrets.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text),
    );
    await add(store, 'one', [created({ key: 'token swordfish-1 here' })]);
    await fill(store);
    expect(await found(store, 'swordfish')).toEqual(['one']);
    secrets.push('swordfish-1');
    expect(await found(store, 'swordfish')).toEqual([]);
    expect((await places(store, 'token')).map((one) => one.after)).toEqual([' [redacted] here']);
  });

  it('says of how many values it takes only the beginning', async () => {
    const store = openStore();
    await add(store, 'one', [created({ text: `${'x'.repeat(200_000)} the end` })]);
    await fill(store);
    expect(await found(store, 'xxxx')).toEqual(['one']);
    expect(store.search.state.cutValues).toBe(1);
  });
});

describe('the index of the search', () => {
  it('holds no word of a deleted run, which no new row brings back, and passes its check', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    for (const runId of ['gone', 'stays']) {
      await add(store, runId, [created({ text: `xylophone of ${runId}` })]);
      log(store, runId, `zither of ${runId}`);
    }
    await fill(store);
    store.conversations.delete('gone');
    store.logs.delete('gone');
    store.runs.delete('gone');
    store.search.forget('gone');
    expect(await found(store, 'xylophone')).toEqual(['stays']);
    for (let at = 0; at < 1000; at += 1) await add(store, `run-${at}`, [created({ text: `other words ${at}` })]);
    await fill(store);
    for (const text of ['xylophone of gone', 'zither of gone']) expect(await found(store, text)).toEqual([]);
    expect(await found(store, 'zither')).toEqual(['stays']);
    expect((await store.search.check()).problem).toBe(null);
    expect(await store.search.compact(() => true)).toBe(true);
    expect(await found(store, 'other words 999')).toEqual(['run-999']);
    // What a connection remembers of an index that was joined anew meanwhile is no damage.
    expect((await store.search.check()).problem).toBe(null);
    store.close();
    // Three-character pieces that only the deleted run had.
    const db = new Database(join(folder, 'search.db'));
    const count = db.prepare('SELECT count(*) FROM words WHERE words MATCH ?').pluck();
    expect([count.get('"gon"'), count.get('"xyl"')]).toEqual([0, 1]);
    expect(db.prepare('SELECT count(*) FROM indexed WHERE run_no = 1').pluck().get()).toBe(0);
    db.close();
  });

  it('lets go of runs that were deleted while it was not there, and takes up those that it does not know', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    await add(store, 'gone', [created({ text: 'xylophone' })]);
    await fill(store);
    store.runs.delete('gone');
    await add(store, 'new', [created({ text: 'zither' })]);
    store.close();
    const again = openStore(folder);
    expect([await found(again, 'xylophone'), await found(again, 'zither')]).toEqual([[], ['new']]);
    await fill(again);
    expect((await again.search.check()).problem).toBe(null);
    again.close();
    const db = new Database(join(folder, 'search.db'));
    expect(db.prepare('SELECT run_id FROM indexed').pluck().all()).toEqual(['new']);
    db.close();
  });

  it.each([
    ['cut short', (file: string) => truncateSync(file, 5000)],
    ['no database', (file: string) => writeFileSync(file, 'x'.repeat(20_000))],
    [
      'without its words',
      (file: string) => {
        const db = new Database(file);
        db.exec("INSERT INTO words(words) VALUES ('delete-all')");
        db.close();
      },
    ],
  ])('that is %s is set aside and made anew, says so, and nothing is missed meanwhile', async (_name, damage) => {
    const folder = makeFolder();
    const store = openStore(folder);
    for (let at = 0; at < 30; at += 1) await add(store, `run-${at}`, [created({ text: `zither ${at}` })]);
    await fill(store);
    store.close();
    damage(join(folder, 'search.db'));
    const notices: string[] = [];
    const again = openStore(folder, undefined, (notice) => notices.push(notice));
    expect(await again.search.check()).toEqual({ problem: expect.any(String), isMadeAnew: true });
    expect(await found(again, 'zither 2')).toHaveLength(11);
    expect(again.search.state).toMatchObject({ state: 'rebuilding', waiting: 30 });
    expect(notices).toEqual([expect.stringMatching(/^The index of the search, search\.db, was damaged\./)]);
    expect(readdirSync(folder).filter((name) => name.startsWith('search.db.damaged-'))).toHaveLength(1);
    await fill(again);
    expect(again.search.state).toEqual({ state: 'ready', waiting: 0, cutValues: 0 });
    expect(await found(again, 'zither 2')).toHaveLength(11);
    expect((await again.search.check()).problem).toBe(null);
  });

  it('that turns out to be damaged while something is looked for is made anew, and the search says what there is', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    for (let at = 0; at < 30; at += 1) await add(store, `run-${at}`, [created({ text: `zither ${at}` })]);
    await fill(store);
    expect(await found(store, 'zither 2')).toHaveLength(11);
    const db = new Database(join(folder, 'search.db'));
    db.exec('DROP TABLE words');
    db.close();
    expect(await found(store, 'zither 2')).toHaveLength(11);
    expect(store.search.state).toMatchObject({ state: 'rebuilding', waiting: 30 });
  });

  it('gives the room of removed words back piece by piece, as long as it may', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    const words = (at: number): string =>
      Array.from({ length: 400 }, (_, word) => (at * 7919 + word * 104_729) % 99_991).join(' ');
    for (let at = 0; at < 80; at += 1) await add(store, `run-${at}`, [created({ text: words(at) })]);
    await fill(store);
    for (let at = 10; at < 80; at += 1) {
      store.runs.delete(`run-${at}`);
      store.search.forget(`run-${at}`);
    }
    const before = store.search.bytes;
    expect(await store.search.compact(() => false)).toBe(false);
    expect(await store.search.compact(() => true)).toBe(true);
    expect(store.search.bytes).toBeLessThan(before / 2);
    expect(await found(store, words(9).slice(0, 40))).toEqual(['run-9']);
    expect((await store.search.check()).problem).toBe(null);
  });

  it('holds no text, only pieces of three characters', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    await add(store, 'one', [created({ text: 'extraordinary' })]);
    await fill(store);
    store.close();
    expect(readFileSync(join(folder, 'search.db')).includes('extraordinary')).toBe(false);
  });

  it('knows at its opening what was not in it, by its note of this very store, and compares all runs with any other', async () => {
    const folder = makeFolder();
    const first = openStore(folder);
    for (const runId of ['one', 'two']) await add(first, runId, [created({ text: 'zither' })]);
    await fill(first);
    // It goes on: too little for the index.
    await first.journal.append({
      ...newRun(first, {
        run: summary('open', { status: 'running', completedAt: null }),
        events: [created({ text: 'zither' })],
      }),
    });
    expect(await found(first, 'zither')).toEqual(['open', 'two', 'one']);
    first.close();
    // Only a comparison finds what is left of a run that is gone.
    const db = new Database(join(folder, 'search.db'));
    db.prepare("INSERT INTO indexed VALUES (900, 'gone', 1, 0, 0)").run();
    const known = db.prepare('SELECT run_id FROM indexed ORDER BY run_no').pluck();
    const noted = openStore(folder);
    expect(await found(noted, 'zither')).toEqual(['open', 'two', 'one']);
    expect(noted.search.state.waiting).toBe(1);
    expect(known.all()).toEqual(['one', 'two', 'gone']);
    noted.close();
    // A line makes it another store, and so does a run that goes.
    const changed = openStore(folder);
    log(changed, 'two', 'a cembalo');
    changed.close();
    const compared = openStore(folder);
    expect(await found(compared, 'cembalo')).toEqual(['two']);
    expect(known.all()).toEqual(['one', 'two']);
    expect(compared.search.state.waiting).toBe(2);
    await fill(compared);
    compared.close();
    const without = openStore(folder);
    without.runs.delete('two');
    without.close();
    const last = openStore(folder);
    expect(await found(last, 'zither')).toEqual(['open', 'one']);
    expect(known.all()).toEqual(['one']);
    db.close();
  });
});
