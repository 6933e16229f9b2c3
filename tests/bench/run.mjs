// `npm run bench`: every figure of QUALITY "Speed" that this version has, ours beside its raw limit, interleaved in one run.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEngine } from './load-engine.mjs';
import { median, parseArgs, round, wall } from './measure.mjs';
import { measureQueues } from './queue-rows.mjs';
import { measureShell } from './shell-rows.mjs';

const args = parseArgs();
const reps = Number(args.reps ?? 3);
const only = args.only ? new Set(String(args.only).split(',')) : null;
const here = path.dirname(fileURLToPath(import.meta.url));

function start(script, words, nodeWords = []) {
  const startedAt = wall();
  const child = spawn(process.execPath, [...nodeWords, path.join(here, script), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const exited = new Promise((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    startedAt,
    exited,
    result: () => JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? 'null'),
  };
}

async function inFolder(work) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'aiw-bench-'));
  try {
    return await work(dir);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

const once = (script, workload, sync, ...words) =>
  inFolder(async (dir) => {
    const run = start(script, [workload, `--dir=${dir}`, `--sync=${sync}`, ...words]);
    const code = await run.exited;
    if (code !== 0) throw new Error(`${script} ${workload} ended with ${code}`);
    return run.result();
  });

/** W3: killed once 500 steps have begun; spawn of the second process -> its first step. */
const killed = (script, sync) =>
  inFolder(async (dir) => {
    const [before, after] = [path.join(dir, 'log1'), path.join(dir, 'log2')];
    const read = (file) =>
      fs.existsSync(file)
        ? fs
            .readFileSync(file, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => line.split(' ').map(Number))
        : [];
    const first = start(script, ['w3', `--dir=${dir}`, `--sync=${sync}`, `--steplog=${before}`]);
    while (read(before).length < 500) await new Promise((resolve) => setTimeout(resolve, 1));
    first.child.kill('SIGKILL');
    await first.exited;
    const second = start(script, ['w3', `--dir=${dir}`, `--sync=${sync}`, `--steplog=${after}`, '--resume']);
    await second.exited;
    const begun = new Set(read(before).map(([i]) => i));
    const again = read(after);
    const all = new Set([...begun, ...again.map(([i]) => i)]);
    return {
      first_step_ms: again[0][1] - second.startedAt,
      redone: again.filter(([i]) => begun.has(i)).length,
      missing: 1000 - all.size,
    };
  });

const rows = [
  {
    name: 'W1 FULL',
    unit: 'steps/s',
    key: 'steps_per_s',
    target: '>= 0.7',
    run: (script) => once(script, 'w1', 'full'),
    higher: true,
  },
  {
    name: 'W1 NORMAL',
    unit: 'steps/s',
    key: 'steps_per_s',
    target: '>= 0.35',
    run: (script) => once(script, 'w1', 'normal'),
    higher: true,
  },
  {
    name: 'W2 FULL (raw: grouped)',
    unit: 'runs/s',
    key: 'runs_per_s',
    target: '>= 0.5',
    run: (script) => once(script, 'w2', 'full'),
    higher: true,
  },
  {
    name: 'W3 FULL',
    unit: 'ms',
    key: 'first_step_ms',
    target: '<= 2',
    run: (script) => killed(script, 'full'),
    extra: ['redone', 'missing'],
  },
  { name: 'W4', unit: 'ms', key: 'p50_ms', target: '<= 2', run: (script) => once(script, 'w4', 'normal') },
  {
    name: 'loop FULL (raw: 8 ideal lanes)',
    unit: 'items/s',
    key: 'items_per_s',
    target: '>= 0.9',
    run: (script) => once(script, 'loop', 'full'),
    higher: true,
  },
];

async function measurePairs() {
  for (const row of rows) {
    if (only && !only.has(row.name.split(' ')[0].toLowerCase())) continue;
    const ours = [];
    const raw = [];
    for (let i = 0; i < reps; i++) {
      raw.push(await row.run('raw.mjs'));
      ours.push(await row.run('durable.mjs'));
    }
    const [a, b] = [ours, raw].map((results) => median(results.map((one) => one[row.key])));
    const more = (row.extra ?? []).map((key) => `${key} ${Math.max(...ours.map((one) => one[key]))}`).join(', ');
    print(row.name, `${round(a, 3)} ${row.unit}`, `${round(b, 3)} ${row.unit}`, round(a / b, 2), row.target, more);
  }
}

/** Ours is the start in a library of 1,000 workflows, beside it the start in a library of one. */
async function measureStarts() {
  if (only && !only.has('starts')) return;
  const run = start('starts.mjs', []);
  await run.exited;
  const { one_ms, thousand_ms, ratio, ...first } = run.result();
  const more = `first of all: ${first.first_thousand_ms} ms, ${first.first_one_ms} ms`;
  print('start of a run, library of 1,000', `${thousand_ms} ms`, `${one_ms} ms`, ratio, '<= 1.3', more);
}

/** A day of 10,000 schedules in virtual time; lateness is what the scheduler and its commits need for themselves. */
async function measureScheduleDay() {
  if (only && !only.has('schedule-day')) return;
  const result = await inFolder(async (dir) => {
    const run = start('schedule-day.mjs', [`--dir=${dir}`]);
    const code = await run.exited;
    if (code !== 0) throw new Error(`schedule-day.mjs ended with ${code}`);
    return run.result();
  });
  const more = `${result.starts} of ${result.expected} starts, ${result.missed} missed; p50 ${result.p50_ms} ms, most ${result.max_ms} ms; registered in ${result.register_ms} ms, ${result.heap_mb} MB`;
  print('a day of 10,000 schedules, lateness p99', `${result.p99_ms} ms`, '-', '-', '0 missed', more);
}

/** W1 while the index of the search is filled as in a host, beside W1 without one; long enough that the index is looked at. */
async function measureIndexedSteps() {
  if (only && !only.has('search-index')) return;
  const all = { with: [], without: [] };
  for (let i = 0; i < reps; i++) {
    all.without.push(await once('durable.mjs', 'w1', 'full', '--n=15000'));
    all.with.push(await once('durable.mjs', 'w1', 'full', '--n=15000', '--search'));
  }
  const [ours, raw] = [all.with, all.without].map((results) => median(results.map((one) => one.steps_per_s)));
  print(
    'W1 FULL with the index of the search',
    `${ours} steps/s`,
    `${raw} steps/s`,
    round(ours / raw, 2),
    '>= 0.95',
    '',
  );
}

/** What a loop of 10,000 items leaves in memory while it runs; its outputs, a third of it, are the loop's own output. */
async function measureLoopMemory() {
  if (only && !only.has('loop-memory')) return;
  const result = await once('durable.mjs', 'loop-memory', 'normal');
  const more = `items 2,000 to 10,000, the whole loop in ${round(result.took_ms / 1000, 1)} s`;
  print('loop memory', `${result.kb_per_1000} kB per 1,000 items`, '-', '-', '<= 1,024', more);
}

/** 1,000 runs that all stood in a step when the engine was killed: spawn of the second process -> all are at it again. */
async function measureRecovery() {
  if (only && !only.has('recovery')) return;
  const tookMs = [];
  for (let i = 0; i < reps; i++) {
    tookMs.push(
      await inFolder(async (dir) => {
        await start('durable.mjs', ['recovery', `--dir=${dir}`, '--sync=full']).exited;
        const second = start('durable.mjs', ['recovery', `--dir=${dir}`, '--sync=full', '--resume']);
        await second.exited;
        return second.result().all_begun_at - second.startedAt;
      }),
    );
  }
  print(
    'recovery of 1,000 runs',
    `${round(median(tookMs), 0)} ms`,
    '2000 ms',
    round(median(tookMs) / 2000, 2),
    '<= 1',
    '',
  );
}

/** 32 runs at once in the built product: how long the thread that windows talk to is held. */
async function measureLiveRuns() {
  if (only && !only.has('live-runs')) return;
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const all = [];
  for (let i = 0; i < reps; i++) all.push(await inFolder((dir) => resultOf(start('live-runs.mjs', [`--dir=${dir}`]))));
  const of = (key) => median(all.map((one) => one[key]));
  const more = `most ${of('max_ms')} ms (< 100), 32 runs of 60 turns in ${of('took_s')} s`;
  print('main thread held while 32 runs are live, p99', `${of('p99_ms')} ms`, '-', '-', '< 16', more);
}

async function resultOf(run) {
  const code = await run.exited;
  if (code !== 0) throw new Error(`${run.child.spawnargs.at(-2)} ended with ${code}`);
  return run.result();
}

/** A log of 1,000,000 lines, through the contract into a file; beside it the rows read and written as they are. */
async function measureSavedLog() {
  if (only && !only.has('save-log')) return;
  const { ours_ms, raw_ms } = await inFolder(async (dir) => {
    const run = start('save-log.mjs', [`--dir=${dir}`, `--reps=${reps}`]);
    const code = await run.exited;
    if (code !== 0) throw new Error(`save-log.mjs ended with ${code}`);
    return run.result();
  });
  print('a log of 1,000,000 lines saved', `${ours_ms} ms`, `${raw_ms} ms`, round(ours_ms / raw_ms, 2), '<= 2', '');
}

/** Deliveries of 1 kB a second; in the last column the same beside SQLite's own grouped commits, which has a target of its own. */
async function measureWebhooks() {
  if (only && !only.has('webhook')) return;
  const all = [];
  for (let i = 0; i < reps; i++)
    all.push(
      await inFolder(async (dir) => {
        const run = start('webhook.mjs', [`--dir=${dir}`]);
        const code = await run.exited;
        if (code !== 0) throw new Error(`webhook.mjs ended with ${code}`);
        return run.result();
      }),
    );
  const of = (key) => median(all.map((one) => one[key]));
  const [ours, bare, grouped] = [of('ours_per_s'), of('bare_per_s'), of('grouped_per_s')];
  const more = `grouped commits ${grouped}/s: ratio ${round(ours / grouped, 2)} (either: >= 0.5)`;
  print(
    'webhook: 1 kB, HMAC, stored before the reply',
    `${ours}/s`,
    `${bare}/s`,
    round(ours / bare, 2),
    '>= 0.25',
    more,
  );
}

/** A text of 2,000 lines while it is typed: the problems of it, letter by letter. */
async function measureTyping() {
  if (only && !only.has('typing')) return;
  const { ours_p95_ms, bare_p95_ms } = await inFolder((dir) => resultOf(start('typing.mjs', [`--dir=${dir}`])));
  const what = 'problems of 2,000 lines while they are typed, p95';
  print(what, `${ours_p95_ms} ms`, `${bare_p95_ms} ms with nothing kept`, '-', '< 50 ms', '');
  const { door_p95_ms, asked } = await inFolder((dir) => resultOf(start('typing-door.ts', [`--dir=${dir}`])));
  const more = `of ${asked} questions`;
  print(
    'the same in a page, through the browser door, p95',
    `${door_p95_ms} ms`,
    `${ours_p95_ms} ms in the core`,
    '-',
    '< 50 ms',
    more,
  );
}

async function measureComponents() {
  for (const [name, ours, raw, target] of [
    ['script-step', 'ours_ms', 'raw_ms', '<= 2'],
    ['reader', 'ours_files_per_s', 'yaml_files_per_s', '<= 2 (time)'],
    ['templates', 'ours_per_s', 'minijinja_per_s', '>= 1'],
  ]) {
    if (only && !only.has(name)) continue;
    const run = start('components.mjs', [name]);
    await run.exited;
    const result = run.result();
    print(name, result[ours], result[raw], result.ratio, target, '');
  }
}

/** 10,000 schedules of us and of three libraries; the ratio is that to cron-parser, the leanest of them. */
async function measureSchedules() {
  if (only && !only.has('schedules')) return;
  const names = ['ours', 'cron-parser', 'croner', 'node-cron'];
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let i = 0; i < reps; i++) {
    for (const name of names) {
      const run = start('schedules.mjs', [name]);
      const code = await run.exited;
      if (code !== 0) throw new Error(`schedules.mjs ${name} ended with ${code}`);
      results[name].push(run.result());
    }
  }
  for (const [work, key, unit] of [
    ['10,000 schedules, registering', 'register_ms', 'ms'],
    ['10,000 schedules, memory', 'heap_mb', 'MB'],
    ['next due of a schedule', 'next_us', 'µs'],
  ]) {
    const [ours, parser, croner, nodeCron] = names.map((name) => median(results[name].map((one) => one[key])));
    const others = `cron-parser beside it; croner ${croner} ${unit}, node-cron ${nodeCron} ${unit}`;
    print(work, `${ours} ${unit}`, `${parser} ${unit}`, round(ours / parser, 3), '<= 1', others);
  }
}

/** 500 folders of 100 files: until every change is noticed, and what that keeps in memory; beside it chokidar alone. */
async function measureWatch() {
  if (only && !only.has('watch')) return;
  await inFolder(async (tree) => {
    for (let folder = 0; folder < 500; folder++) {
      const dir = path.join(tree, `d${folder}`);
      fs.mkdirSync(dir);
      for (let file = 0; file < 100; file++) fs.writeFileSync(path.join(dir, `f${file}.md`), 'x');
    }
    const results = { ours: [], chokidar: [] };
    for (let i = 0; i < reps; i++) {
      for (const who of ['chokidar', 'ours']) {
        await inFolder(async (dir) => {
          const run = start('watch.mjs', [who, `--tree=${tree}`, `--dir=${dir}`], ['--expose-gc']);
          const code = await run.exited;
          if (code !== 0) throw new Error(`watch.mjs ${who} ended with ${code}`);
          results[who].push(run.result());
        });
      }
    }
    const of = (who, key) => median(results[who].map((one) => one[key]));
    for (const [name, key, unit] of [
      ['watching 50,000 files, time until ready', 'ready_ms', 'ms'],
      ['watching 50,000 files, processor time until ready', 'cpu_ms', 'ms'],
      ['watching 50,000 files, heap', 'heap_mb', 'MB'],
      ['watching 50,000 files, resident', 'rss_mb', 'MB'],
    ]) {
      const [ours, theirs] = [of('ours', key), of('chokidar', key)];
      print(name, `${ours} ${unit}`, `${theirs} ${unit}`, round(ours / theirs, 2), '<= 1.2', '');
    }
  });
}

const print = (...cells) => console.log(`| ${cells.join(' | ')} |`);

buildEngine();
console.log(`Node ${process.version}, ${os.cpus().length} cores, ${reps} repetitions, medians`);
print('work', 'ours', 'raw limit or peer', 'ratio', 'target', '');
print('---', '---:', '---:', '---:', '---', '---');
await measurePairs();
await measureIndexedSteps();
await measureLoopMemory();
await measureRecovery();
await measureLiveRuns();
if (!only || only.has('shell')) {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { version } = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  await measureShell({ args, reps, inFolder, print, version, run: (words) => resultOf(start('shell.mjs', words)) });
}
await measureWebhooks();
await measureTyping();
if (!only || only.has('queue'))
  await measureQueues({ reps, inFolder, print, run: (words) => resultOf(start('queue.mjs', words)) });
await measureComponents();
await measureStarts();
await measureSchedules();
await measureScheduleDay();
await measureSavedLog();
await measureWatch();
