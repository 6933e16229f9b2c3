import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/shared/errors.ts';
import { CrashProject, readTraces } from '../support/crash-project.ts';
import {
  type Answers,
  askAll,
  copyProject,
  DAMAGES,
  type Damage,
  damage,
  isError,
  openCenter,
  type RunAnswers,
  STORE_FILES,
} from '../support/damage-lab.ts';
import { randomOf } from '../support/process-lab.ts';

/** `DAMAGE_RUNS=300 npm test -- tests/crash/damaged-store` is the full proof; a failing one is had again with TEST_SEED. */
const COUNT = Number(process.env.DAMAGE_RUNS ?? 24);
const SEED = Number(process.env.TEST_SEED ?? 20_261_129);
const STEPS = 5;

/** A project as a killed engine left it, and what it says when nothing is damaged. */
interface Base {
  readonly name: string;
  readonly project: CrashProject;
  truth: Answers;
}
const bases: Base[] = [];

/** Runs that have ended and runs in the middle; `kill` says what is killed there. */
async function makeBase(
  name: string,
  kill: 'engine' | 'engine and helper' | 'nothing',
  pauseMs: number,
): Promise<Base> {
  const project = new CrashProject(STEPS);
  await project.launch(2).ends;
  const host = project.launch(kill === 'nothing' ? 1 : 3);
  await host.started;
  if (kill !== 'nothing') {
    await delay(pauseMs);
    host.child.kill('SIGKILL');
    if (kill === 'engine and helper') project.killHelpers();
  }
  await host.ends;
  // Whoever watches a step writes down its end before it goes.
  await delay(500);
  project.killHelpers();
  return { name, project, truth: { runs: new Map(), listError: null } };
}

beforeAll(async () => {
  bases.push(
    await makeBase('engine killed', 'engine', 60),
    await makeBase('engine killed later', 'engine', 200),
    await makeBase('engine and helper killed', 'engine and helper', 120),
    await makeBase('closed', 'nothing', 0),
  );
  for (const base of bases) {
    const copy = copyProject(base.project.path, join(base.project.root, 'truth'));
    const center = await openCenter(copy, false);
    base.truth = await askAll(center);
    await center.close();
    expect(base.truth.runs.size).toBeGreaterThanOrEqual(3);
  }
});
afterAll(() => {
  for (const { project } of bases) project.remove();
});

const isTyped = (error: { readonly code: string }): boolean => /^(store|file|lease)\./.test(error.code);

/** What is wrong with the answers about a run; null = each is what was stored, or an error that says that it is damaged. */
function findLie(truth: RunAnswers, said: RunAnswers, areLogsNew: boolean): string | null {
  const isEnded = truth.summary.completedAt !== null;
  if (isEnded && !same(truth.summary, said.summary)) return 'summary';
  if (isError(said.result) ? !isTyped(said.result) : isEnded && !same(truth.result, said.result)) return 'result';
  if (isError(said.events)) {
    if (!isTyped(said.events)) return `events: ${said.events.code}`;
  } else if (!isError(truth.events) && !same(truth.events, said.events.slice(0, truth.events.length))) return 'events';
  if (isError(said.lines)) return isTyped(said.lines) ? null : `lines: ${said.lines.code}`;
  if (isError(truth.lines) || areLogsNew) return null;
  return same(truth.lines, said.lines.slice(0, truth.lines.length)) ? null : 'lines';
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Opens a damaged copy, lets it go on, and gives what it came to. Throws for a wrong answer and for an effect that came twice. */
async function tryDamage(base: Base, wanted: Damage, copy: string): Promise<string> {
  copyProject(base.project.path, copy);
  if (!damage(copy, wanted)) return 'nothing to damage';
  const center = await openCenter(copy, true).catch((error: unknown) => error);
  if (!('call' in (center as object))) {
    expect(center).toBeInstanceOf(AppError);
    expect(isTyped(center as AppError), String(center)).toBe(true);
    expect((center as AppError).message).toMatch(/(state|logs|lease)\.db/);
    expect((center as AppError).hint).toBeTruthy();
    expect([...readTraces(copy)]).toEqual([...readTraces(base.project.path)]);
    return `refused: ${(center as AppError).code}`;
  }
  const opened = center as Awaited<ReturnType<typeof openCenter>>;
  try {
    await opened.drained();
    const report = (await opened.call('doctor.run', {}, { kind: 'user', id: 'tester', door: 'cli' })) as {
      value: { checks: { name: string; message: string }[] };
    };
    const setAside = report.value.checks.filter((check) => check.name === 'Set Aside').map((check) => check.message);
    const areLogsNew = setAside.some((message) => message.includes('logs.db'));
    const said = await askAll(opened);
    if (said.listError !== null) {
      expect(said.listError.code).toBe('store.corrupt');
      return 'list refused';
    }
    let errors = 0;
    for (const [runId, truth] of base.truth.runs) {
      const answers = said.runs.get(runId);
      if (answers === undefined) throw new Error(`the run ${runId} is gone without a word`);
      expect(findLie(truth, answers, areLogsNew)).toBeNull();
      if ([answers.result, answers.events, answers.lines].some(isError)) errors += 1;
    }
    if (errors > 0) return 'answers refused';
    return setAside.length > 0 ? 'set aside and made anew' : 'no harm';
  } finally {
    await opened.close();
    const twice = [...readTraces(copy)].filter(([, [begins]]) => begins > 1);
    expect(twice).toEqual([]);
  }
}

describe('a damaged store', () => {
  it(`${COUNT} damages: never a wrong answer without a word, no step twice (seed ${SEED})`, {
    timeout: 60_000 + COUNT * 6_000,
  }, async () => {
    const random = randomOf(SEED);
    const tally = new Map<string, number>();
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    for (let count = 0; count < COUNT; ) {
      const base = pick(bases);
      const wanted: Damage = { file: pick(STORE_FILES), kind: pick(DAMAGES), random };
      const copy = join(base.project.root, `copy-${count}`);
      const said = `${count}: ${base.name}, ${wanted.kind} ${wanted.file}`;
      const came = await tryDamage(base, wanted, copy).catch((error: unknown) => {
        throw new Error(`${said}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
      rmSync(copy, { recursive: true, force: true });
      if (came === 'nothing to damage') continue;
      const file = wanted.file.replace('workflow-state/', '');
      tally.set(`${file} ${came}`, (tally.get(`${file} ${came}`) ?? 0) + 1);
      count += 1;
    }
    console.info(
      [...tally]
        .sort()
        .map(([what, times]) => `${String(times).padStart(4)}  ${what}`)
        .join('\n'),
    );
  });
});
