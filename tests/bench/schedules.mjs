// 10,000 schedules held by one library, in a process of its own: node schedules.mjs <ours|cron-parser|croner|node-cron>
// Registering = the text is read and the next due time known, so that one timer over a list could serve them.
import { loadSchedules } from './load-engine.mjs';
import { collectGarbage, DEFAULTS, emit, parseArgs, performance, round } from './measure.mjs';

const [name] = parseArgs()._;
const ZONES = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Tokyo'];
const ASKED = 2000;
const NEXT_MS = 1500;

/** The mixture of the peers' script: daily, weekdays, days of the month, minutes of an hour, hours of a Sunday. */
const texts = Array.from({ length: DEFAULTS.schedules }, (_, i) => {
  const [minute, hour] = [i % 60, Math.floor(i / 60) % 24];
  return [
    `${minute} ${hour} * * *`,
    `${minute} ${hour} * * 1-5`,
    `${minute} ${hour} 1,15 * *`,
    `*/${10 + (i % 20)} ${hour} * * *`,
    `${minute} */6 * * 0`,
  ][i % 5];
});

/** `hold` registers and gives what must be kept; `next` asks one that was made by `make`, UTC ms. */
const libraries = {
  async ours() {
    const { nextDue, parseSchedule } = await loadSchedules();
    const make = (text, zone) => parseSchedule(text, zone, 0);
    const hold = (text, zone) => {
      const schedule = make(text, zone);
      return { schedule, at: nextDue(schedule, Date.now()) };
    };
    return { hold, make, next: (schedule) => nextDue(schedule, Date.now()) };
  },
  async 'cron-parser'() {
    const { CronExpressionParser } = await import('cron-parser');
    const make = (text, tz) => CronExpressionParser.parse(text, { tz });
    const next = (expression) => {
      expression.reset();
      return expression.next().getTime();
    };
    const hold = (text, zone) => {
      const expression = make(text, zone);
      return { expression, at: expression.next().getTime() };
    };
    return { hold, make, next };
  },
  async croner() {
    const { Cron } = await import('croner');
    const options = (timezone) => ({ timezone, paused: true, fixedTimeRule: 'no-wildcard' });
    const make = (text, zone) => new Cron(text, options(zone));
    const next = (cron) => cron.nextRun().getTime();
    const hold = (text, zone) => {
      const cron = make(text, zone);
      return { cron, at: next(cron) };
    };
    return { hold, make, next };
  },
  async 'node-cron'() {
    const cron = (await import('node-cron')).default;
    // It holds a timer for each: there is no other way to have its next run.
    const hold = (text, timezone) => cron.schedule(text, () => {}, { timezone });
    const make = (text, timezone) => cron.createTask(text, () => {}, { timezone });
    return { hold, make, next: (task) => task.getNextRuns(1)[0].getTime() };
  },
};

const library = await libraries[name]();
const heapBefore = collectGarbage();
const startedAt = performance.now();
const held = texts.map((text, i) => library.hold(text, ZONES[i % ZONES.length]));
const register_ms = round(performance.now() - startedAt, 1);
const heap_mb = round((collectGarbage() - heapBefore) / 2 ** 20, 2);

const made = texts.slice(0, ASKED).map((text) => library.make(text, 'America/New_York'));
for (const one of made) if (!(library.next(one) > Date.now())) throw new Error('not in the future');
let asked = 0;
const nextFrom = performance.now();
while (performance.now() - nextFrom < NEXT_MS) library.next(made[asked++ % ASKED]);
const next_us = round((1000 * (performance.now() - nextFrom)) / asked, 3);
emit({ what: 'schedules', name, held: held.length, register_ms, heap_mb, next_us });
process.exit(0);
