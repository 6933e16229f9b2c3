import { expect, test } from 'vitest';
import { LiveLines } from './live-lines.ts';

/** Live lines whose timers go off by hand. */
function open(limits?: { readonly headLines: number; readonly tailLines: number }) {
  const told: string[] = [];
  const timers = new Map<object, { readonly ms: number; readonly callback: () => void }>();
  const lines = new LiveLines({
    onLines: (done) => told.push(...done),
    onOpen: (text) => told.push(`~${text}`),
    setTimer: (ms, callback) => {
      const key = {};
      timers.set(key, { ms, callback });
      return () => timers.delete(key);
    },
    ...(limits === undefined ? {} : { limits }),
  });
  const fire = (): number[] => {
    const due = [...timers.values()];
    timers.clear();
    for (const { callback } of due) callback();
    return due.map(({ ms }) => ms);
  };
  return { told, fire, lines, push: (text: string) => lines.push(Buffer.from(text)) };
}

test('a line that is not finished is shown after a second, a line that is finished at once', () => {
  const { told, fire, push, lines } = open();
  push('one\nPassword: ');
  expect(told).toEqual(['one']);
  expect(fire()).toEqual([1000]);
  expect(told).toEqual(['one', '~Password: ']);
  push('ok\n');
  expect(told).toEqual(['one', '~Password: ', 'Password: ok']);
  expect(fire()).toEqual([]);
  lines.end();
  expect(told).toHaveLength(3);
});

test('the states of a progress bar are shown now and then, the last one is kept', () => {
  const { told, fire, push, lines } = open();
  push('\r1%\r2%');
  expect(fire()).toEqual([250]);
  for (let percent = 3; percent < 50; percent += 1) push(`\r${percent}%`);
  expect(fire()).toEqual([250]);
  expect(fire()).toEqual([]);
  push('\r100%\n');
  lines.end();
  expect(told).toEqual(['~2%', '~49%', '100%']);
});

test('what was not finished when the process ended is a line', () => {
  const { told, push, lines } = open();
  push('row 1\nrow 2');
  lines.end();
  expect(told).toEqual(['row 1', 'row 2']);
});

test('beyond a measure the last lines are kept, with the gap told before them', () => {
  const { told, push, lines } = open({ headLines: 3, tailLines: 4 });
  const all = Array.from({ length: 50 }, (_, index) => `line ${index}`);
  for (const line of all) push(`${line}\n`);
  expect(told).toEqual([
    ...all.slice(0, 3),
    '~[more lines follow than are shown live: the last of them come at the end]',
  ]);
  lines.end();
  const kept = told.slice(5);
  expect(told[4]).toBe(`[${50 - 3 - kept.length} lines are left out here]`);
  expect(kept).toEqual(all.slice(-kept.length));
  expect(kept.length).toBeGreaterThanOrEqual(4);
});

test('exactly as many as both ends hold: nothing is left out', () => {
  const { told, push, lines } = open({ headLines: 3, tailLines: 4 });
  const all = Array.from({ length: 7 }, (_, index) => `line ${index}`);
  push(`${all.join('\n')}\n`);
  lines.end();
  expect(told.filter((line) => !line.startsWith('~'))).toEqual(all);
});
