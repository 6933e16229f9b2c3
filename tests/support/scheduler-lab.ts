import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArmedTrigger,
  type ScheduleDefaults,
  Scheduler,
  type StartFromTrigger,
} from '../../src/core/triggers/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import type { Actor } from '../../src/shared/model/run.ts';
import type { Occurrence } from '../../src/shared/model/trigger.ts';
import { type HarnessOptions, openHarness, workflowText } from './engine-harness.ts';
import { settle, VirtualMachine } from './virtual-machine.ts';

const SCHEDULE: Actor = { kind: 'system', id: 'schedule', door: 'engine' };
const DEFAULTS: ScheduleDefaults = { timezone: 'UTC', catchUp: 'last', catchUpWindowMs: 86_400_000, overlap: 'skip' };
const QUICK = workflowText([['action: t.do']]);

/** How a lab is set up; `start` wraps the way to the engine. */
export interface LabOptions extends Omit<HarnessOptions, 'clock' | 'dir'> {
  readonly at?: string;
  readonly start?: (start: StartFromTrigger) => StartFromTrigger;
}

/** A scheduler over a real store and a real engine, on a computer whose time is the test's. */
export class SchedulerLab {
  readonly machine: VirtualMachine;
  readonly bugs: unknown[] = [];
  /** What was said of a trigger, one after the other. */
  readonly notices: [key: string, notice: string | null][] = [];
  readonly #options: LabOptions;
  readonly #dir = mkdtempSync(join(tmpdir(), 'aiw-schedules-'));
  readonly #flows = new Map<string, string>();
  #harness: ReturnType<typeof openHarness>;
  #scheduler: Scheduler;
  #triggers: ArmedTrigger[] = [];
  #start: NonNullable<LabOptions['start']>;

  constructor(options: LabOptions = {}) {
    this.#options = options;
    this.machine = new VirtualMachine(options.at ?? '2026-01-22T08:00:00Z');
    this.#start = options.start ?? ((start) => start);
    this.#harness = openHarness({ ...options, clock: this.machine, dir: this.#dir });
    this.#scheduler = this.#newScheduler();
  }

  get store() {
    return this.#harness.store;
  }

  get engine() {
    return this.#harness.engine;
  }

  get scheduler(): Scheduler {
    return this.#scheduler;
  }

  /** Arms a schedule of the workflow `flow`, whose text is `text`. */
  async arm(
    id: string,
    config: JsonMap,
    { flow = id, text = QUICK }: { flow?: string; text?: string } = {},
  ): Promise<string> {
    const key = `${flow}/${id}`;
    this.#flows.set(flow, text.replace('  id: test', `  id: ${flow}`));
    const { now } = this.machine;
    const stored = this.store.triggers.ensure({ key, kind: 'schedule', workflowId: flow }, now);
    const consent = {
      definitionHash: JSON.stringify(config),
      contentHash: 'x',
      versionLabel: '1',
      by: 'tester',
      at: now,
    };
    this.#triggers.push({
      ...{
        key,
        id,
        alias: `${flow}_1`,
        kind: 'schedule',
        workflowId: flow,
        workflowName: flow,
        workflowPath: `${flow}.md`,
      },
      ...{ source: `${flow}.md`, isEnabled: true, config, definitionHash: consent.definitionHash, contentHash: 'x' },
      ...{ versionLabel: '1', versionPolicy: 'latest', consent, stored, pauses: [] },
    });
    await this.update();
    return key;
  }

  /** Tells the scheduler what is armed, each trigger changed as said. */
  async update(change: (trigger: ArmedTrigger) => ArmedTrigger | null = (trigger) => trigger): Promise<void> {
    this.#triggers = this.#triggers.flatMap((trigger) => {
      const changed = change(trigger);
      const stored = changed === null ? null : this.store.triggers.find(changed.key);
      return changed === null || stored === null ? [] : [{ ...changed, stored }];
    });
    this.#scheduler.update(this.#triggers);
    await settle();
  }

  /** A second scheduler over the same store, told of the same triggers, as if the lease were of no use; the caller closes it. */
  async rival(): Promise<Scheduler> {
    const rival = this.#newScheduler();
    rival.update(this.#triggers);
    await settle();
    return rival;
  }

  /** Starts the workflow by hand. */
  async byHand(flow: string): Promise<string> {
    const { runId } = await this.engine.start({
      ...{ version: this.#version(flow), inputs: {}, trigger: { type: 'manual' } },
      actor: { kind: 'user', id: 'tester', door: 'cli' },
    });
    return runId;
  }

  /** The app is closed in good order, by a person where `quitBy` says so, and opened again after `ms` of the computer being off. */
  async closeFor(
    ms: number,
    {
      meanwhile = () => undefined,
      quitBy = null,
    }: { readonly meanwhile?: () => void; readonly quitBy?: string | null } = {},
  ): Promise<void> {
    await this.#scheduler.close(quitBy);
    await this.#harness.engine.close(0);
    meanwhile();
    await this.#reopen(ms);
  }

  /** The process is killed; whatever was under way goes nowhere. Opened again after `ms`. */
  async killFor(ms: number): Promise<void> {
    await this.#reopen(ms);
  }

  /** From now on starts go this way. */
  starts(start: NonNullable<LabOptions['start']>): void {
    this.#start = start;
  }

  rows(key?: string): readonly Occurrence[] {
    return this.store.occurrences.list({ triggerKey: key, limit: 1_000_000 }).toReversed();
  }

  /** `state: reason` of each row, in order. */
  ends(key?: string): readonly string[] {
    return this.rows(key).map(({ state, reason }) => `${state}: ${reason}`);
  }

  /** How many rows ended how. */
  counts(key?: string): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const end of this.ends(key)) counts[end] = (counts[end] ?? 0) + 1;
    return counts;
  }

  runCount(): number {
    return Object.values(this.store.runs.countByStatus()).reduce((sum, count) => sum + count, 0);
  }

  async close(): Promise<void> {
    await this.#scheduler.close();
    await this.#harness.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #reopen(ms: number): Promise<void> {
    const dead = this.#harness;
    this.machine.forgetTimers();
    dead.store.close();
    this.machine.sleep(ms);
    this.#harness = openHarness({ ...this.#options, clock: this.machine, dir: this.#dir });
    for (const [hash, version] of dead.versions) this.#harness.versions.set(hash, version);
    this.#scheduler = this.#newScheduler();
    await this.engine.recoverAll();
    await this.update();
  }

  #version(flow: string) {
    const known = [...this.#harness.versions.values()].find(({ workflow }) => workflow.id === flow);
    return known ?? this.#harness.versionOf(this.#flows.get(flow) ?? QUICK);
  }

  #newScheduler(): Scheduler {
    const { store, engine } = this.#harness;
    const start: StartFromTrigger = ({ trigger, startKey, at, plannedAt }) =>
      engine.start({
        ...{ version: this.#version(trigger.workflowId), inputs: {}, actor: SCHEDULE, startKey, keyedAt: at },
        trigger: { type: 'schedule', key: trigger.key, ...(plannedAt === undefined ? {} : { plannedAt }) },
      });
    const scheduler = new Scheduler({
      ...{ clock: this.machine.ports, elapsed: this.machine.elapsed, defaults: DEFAULTS },
      ...{ triggers: store.triggers, occurrences: store.occurrences, periods: store.hostPeriods },
      runs: {
        openOf: (workflowId) => store.runs.openOf(workflowId),
        freeLanes: () => engine.places.freeLanes,
        findByStartKey: (startKey) => store.runs.findByStartKey(startKey),
        cancel: (runId) => engine.cancel(runId, SCHEDULE),
      },
      start: (request) => this.#start(start)(request),
      noteStart: (key, runId) => {
        if (runId !== null) store.triggers.noteStart(key, runId, this.machine.now);
        else store.triggers.change(key, { failures: (store.triggers.find(key)?.failures ?? 0) + 1 });
      },
      notice: (key, notice) => {
        this.notices.push([key, notice]);
        store.triggers.change(key, { notice });
      },
      onChange: () => undefined,
      onBug: (error) => this.bugs.push(error),
    });
    return scheduler;
  }
}
