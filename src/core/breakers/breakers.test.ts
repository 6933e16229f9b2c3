import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AGENT_BREAKER, type BreakerRecord, type BreakerSettings, CLOSED_BREAKER } from './breaker.ts';
import { type BreakerPass, Breakers } from './breakers.ts';

const make = (settings: BreakerSettings = AGENT_BREAKER, stored = new Map<string, BreakerRecord>()) => {
  const clock = { now: 1_000 };
  const breakers = new Breakers({
    kind: 'agent',
    settings,
    store: {
      load: (kind, name) => stored.get(`${kind}/${name}`) ?? null,
      save: (kind, name, record) => void stored.set(`${kind}/${name}`, record),
    },
    now: () => clock.now,
    onSaveFailed: (error) => {
      throw error;
    },
  });
  return { breakers, clock, stored };
};

test('three failures in a row open it, a success in between begins the count anew', () => {
  const { breakers } = make();
  const end = (verdict: 'success' | 'failure') => breakers.count('a', verdict);
  end('failure');
  end('failure');
  end('success');
  end('failure');
  end('failure');
  expect(breakers.status('a')).toEqual({ state: 'closed', failures: 2, opensAgainAt: null });
  end('failure');
  expect(breakers.status('a')).toEqual({ state: 'open', failures: 3, opensAgainAt: 61_000 });
  expect(breakers.begin('a')).toBeNull();
  expect(breakers.allows('b')).toBe(true);
});

const opened = () => {
  const made = make();
  for (let count = 0; count < 3; count += 1) made.breakers.count('a', 'failure');
  return made;
};

test('after its pause one call tries; its success closes, its failure opens for another pause', () => {
  const { breakers, clock } = opened();
  clock.now += 59_999;
  expect(breakers.begin('a')).toBeNull();
  clock.now += 1;
  expect(breakers.status('a').state).toBe('half_open');
  const trial = breakers.begin('a');
  expect(trial).not.toBeNull();
  expect(breakers.begin('a')).toBeNull();
  breakers.end('a', trial as BreakerPass, true);
  expect(breakers.begin('a')).toBeNull();
  breakers.count('a', 'failure');
  expect(breakers.status('a')).toMatchObject({ state: 'open', opensAgainAt: clock.now + 60_000 });
  clock.now += 60_000;
  expect(breakers.begin('a')).not.toBeNull();
  breakers.count('a', 'success');
  expect(breakers.status('a')).toEqual({ state: 'closed', failures: 0, opensAgainAt: null });
});

test('a trial that ends without a verdict makes room for the next', () => {
  const { breakers, clock } = opened();
  clock.now += 60_000;
  breakers.end('a', breakers.begin('a') as BreakerPass, false);
  expect(breakers.begin('a')).not.toBeNull();
});

test('a trial whose verdict never comes does not hold the place for ever', () => {
  const { breakers, clock } = opened();
  clock.now += 60_000;
  breakers.end('a', breakers.begin('a') as BreakerPass, true);
  clock.now += 59_999;
  expect(breakers.allows('a')).toBe(false);
  clock.now += 1;
  expect(breakers.allows('a')).toBe(true);
});

test('a call that began before the breaker opened frees no place of a later trial', () => {
  const { breakers, clock } = make();
  const early = breakers.begin('a') as BreakerPass;
  for (let count = 0; count < 3; count += 1) breakers.count('a', 'failure');
  clock.now += 60_000;
  expect(breakers.begin('a')).not.toBeNull();
  breakers.end('a', early, false);
  expect(breakers.begin('a')).toBeNull();
});

test('it outlives the process; calls in flight do not', () => {
  const { breakers, clock, stored } = opened();
  clock.now += 60_000;
  expect(breakers.begin('a')).not.toBeNull();
  const next = make(AGENT_BREAKER, stored);
  next.clock.now = clock.now;
  expect(next.breakers.status('a').state).toBe('half_open');
  expect(next.breakers.begin('a')).not.toBeNull();
});

test('reset closes it by hand and is stored', () => {
  const { breakers, stored } = opened();
  breakers.reset('a');
  expect(breakers.begin('a')).not.toBeNull();
  expect(stored.get('agent/a')).toEqual(CLOSED_BREAKER);
});

test('a store that fails is heard and does not end the step', () => {
  const heard: unknown[] = [];
  const breakers = new Breakers({
    kind: 'agent',
    settings: AGENT_BREAKER,
    store: {
      load: () => null,
      save: () => {
        throw new Error('disk full');
      },
    },
    now: () => 0,
    onSaveFailed: (error) => heard.push(error),
  });
  for (let count = 0; count < 3; count += 1) breakers.count('a', 'failure');
  expect(breakers.status('a').state).toBe('open');
  expect(heard).toHaveLength(3);
});

type Command = 'begin' | 'succeed' | 'fail' | 'abandon' | { readonly pass: number };

/** A slow oracle of SPEC §3.5 that keeps every call by itself. */
class Oracle {
  state: 'closed' | 'open' | 'half_open' = 'closed';
  failures = 0;
  openedAt = 0;
  done = 0;
  readonly inFlight: boolean[] = [];
  readonly settings: BreakerSettings;

  constructor(settings: BreakerSettings) {
    this.settings = settings;
  }

  tick(now: number): void {
    if (this.state !== 'open' || now - this.openedAt < this.settings.recoveryTimeoutMs) return;
    this.state = 'half_open';
    this.done = 0;
    this.inFlight.fill(false);
  }

  /** Trials of this half-open time that are in flight. */
  get trials(): number {
    return this.inFlight.filter(Boolean).length;
  }

  begin(): boolean {
    if (this.state === 'open') return false;
    if (this.state === 'half_open' && this.trials + this.done >= this.settings.halfOpenMaxCalls) return false;
    this.inFlight.push(this.state === 'half_open');
    return true;
  }

  end(verdict: 'success' | 'failure' | 'abandoned', now: number): void {
    const isTrial = this.inFlight.shift() ?? false;
    if (verdict === 'abandoned' || this.state === 'open') return;
    if (verdict === 'failure') {
      this.failures += 1;
      if (this.state === 'closed' && this.failures < this.settings.failureThreshold) return;
      this.state = 'open';
      this.openedAt = now;
      return;
    }
    if (this.state === 'closed') this.failures = 0;
    else if (isTrial) {
      this.done += 1;
      if (this.done >= this.settings.halfOpenMaxCalls) Object.assign(this, { state: 'closed', failures: 0 });
    }
  }
}

test('any order of calls and pauses: never more trials than allowed, and the state of the oracle', () => {
  const command = fc.oneof(
    fc.constantFrom<Command>('begin', 'succeed', 'fail', 'abandon'),
    fc.integer({ min: 1, max: 20_000 }).map((pass): Command => ({ pass })),
  );
  const settings = fc.record({
    failureThreshold: fc.integer({ min: 1, max: 4 }),
    recoveryTimeoutMs: fc.constant(15_000),
    halfOpenMaxCalls: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(settings, fc.array(command, { maxLength: 80 }), (given, commands) => {
      const { breakers, clock } = make(given);
      const oracle = new Oracle(given);
      const passes: BreakerPass[] = [];
      for (const one of commands) {
        oracle.tick(clock.now);
        if (typeof one === 'object') clock.now += one.pass;
        else if (one === 'begin') {
          const pass = breakers.begin('a');
          expect(pass !== null).toBe(oracle.begin());
          if (pass !== null) passes.push(pass);
        } else {
          const pass = passes.shift();
          if (pass === undefined) continue;
          // A call that began before this half-open time is no trial of it: the oracle leaves its success out.
          const verdict = one === 'abandon' ? 'abandoned' : one === 'fail' ? 'failure' : 'success';
          const isOldSuccess = verdict === 'success' && oracle.state === 'half_open' && oracle.inFlight[0] !== true;
          const isHeard = verdict !== 'abandoned' && !isOldSuccess;
          breakers.end('a', pass, isHeard);
          if (isHeard) breakers.count('a', verdict);
          oracle.end(verdict, clock.now);
        }
        oracle.tick(clock.now);
        expect(breakers.status('a').state).toBe(oracle.state);
        expect(oracle.trials + oracle.done).toBeLessThanOrEqual(
          oracle.state === 'half_open' ? given.halfOpenMaxCalls : Number.POSITIVE_INFINITY,
        );
      }
    }),
    { numRuns: 300, seed: 20_260_101 },
  );
});
