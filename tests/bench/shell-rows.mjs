// The rows of the shell: each beside the figure of the last version, which `shell-last.json` keeps (`--keep` writes it anew).
import fs from 'node:fs';
import { round } from './measure.mjs';

const LAST = new URL('./shell-last.json', import.meta.url);
const ROWS = [
  ['cold start until a page can be used', 'cold_ms', 'ms', '< 1,500'],
  ['first paint', 'paint_ms', 'ms', '< 500'],
  ['first route, gzip', 'gzip_kb', 'KB', 'not above the last'],
  ['host at rest, resident', 'rss_mb', 'MB', '< 200'],
  ['host at rest, processor', 'idle_percent', '%', '< 0.5'],
];

/** Prints them; `run` gives the result of `shell.mjs` with these words. */
export async function measureShell({ args, reps, inFolder, print, run, version }) {
  const words = [`--reps=${reps}`, ...(args.idle === undefined ? [] : [`--idle=${args.idle}`])];
  const now = await inFolder((dir) => run([`--dir=${dir}`, ...words]));
  const last = fs.existsSync(LAST) ? JSON.parse(fs.readFileSync(LAST, 'utf8')) : null;
  for (const [name, key, unit, target] of ROWS) {
    const before = last === null ? null : last.figures[key];
    const more =
      key === 'cold_ms'
        ? `it listens after ${now.listens_ms} ms, the host took ${now.cpu_ms} ms of a processor`
        : key === 'idle_percent'
          ? `over ${now.idle_s} s`
          : '';
    const [shown, ratio] =
      before === null ? ['-', '-'] : [`${before} ${unit} (${last.version})`, round(now[key] / before, 2)];
    print(name, `${now[key]} ${unit}`, shown, ratio, target, more);
  }
  if (args.keep) fs.writeFileSync(LAST, `${JSON.stringify({ version, figures: now }, null, 2)}\n`);
}
