import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { seeded } from '../../../tests/support/seeded.ts';
import { cleanUp, created, makeFolder, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

const RUNS = 3_000;
/** Mostly short, some as long as a page, some of several pages, some that are kept in a file of their own. */
const MIXED = [40, 40, 300, 300, 1_500, 2_600, 3_900, 9_000, 90_000];

/** How far what was said is off what compacting gives back, file by file. */
async function offWithout(
  seed: number,
  lengths: readonly number[],
  goes: (at: number, next: () => number) => boolean,
): Promise<number[]> {
  const folder = makeFolder();
  const store = openStore(folder);
  const next = seeded(seed);
  const text = (of: readonly number[]): string =>
    'x'.repeat(Math.ceil((of[Math.floor(next() * of.length)] ?? 0) * (0.5 + next())));
  const gone: { runNo: number; runId: string }[] = [];
  let writing: Promise<void>[] = [];
  for (let at = 0; at < RUNS; at += 1) {
    const runId = `run-${at}`;
    const commit = newRun(store, { run: summary(runId), events: [created({ said: text(lengths) }), created()] });
    writing.push(store.journal.append(commit));
    for (let line = next() * 6; line > 0; line -= 1)
      store.logs.append(runId, {
        at,
        path: 'a',
        stream: 'stdout',
        level: 'info',
        text: text(lengths.filter((length) => length < 9_000)),
      });
    if (goes(at, next)) gone.push({ runNo: commit.runNo, runId });
    if (writing.length < 200) continue;
    await Promise.all(writing);
    writing = [];
  }
  await Promise.all(writing);
  store.logs.flush();
  const before = await store.reader.ask('fileSizes', undefined);
  const said = await store.reader.ask('fileSizesWithout', { runs: gone, deliveries: 0, auditEvents: 0 });
  for (const { runId } of gone) {
    store.logs.delete(runId);
    store.runs.delete(runId);
  }
  store.leftovers.strikeAll(store.leftovers.list(2 * RUNS));
  store.sizes.compact();
  return (['state', 'logs'] as const).map((name) => {
    const freed = before[name] - statSync(join(folder, `${name}.db`)).size;
    return Math.abs(before[name] - said[name] - freed) / freed;
  });
}

it.each([
  ['the oldest, of mixed sizes,', MIXED, (at: number) => at < RUNS / 2],
  ['some here and there, of about a page each,', [4_500], (_: number, next: () => number) => next() < 0.4],
  ['nearly all, which are short,', [300], (at: number) => at % 20 !== 0],
])('without %s both files are smaller by what was said, give or take a twentieth', async (_, lengths, goes) => {
  const off = await offWithout(Number(process.env.AIWORKFLOW_SEED ?? 7), lengths, goes);
  for (const one of off) expect(one).toBeLessThan(0.05);
});
