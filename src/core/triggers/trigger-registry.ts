import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../shared/errors.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { WorkflowPin } from '../../shared/model/events.ts';
import type { Consent, Trigger, TriggerStatus } from '../../shared/model/trigger.ts';
import type { AcceptedVersion } from '../../shared/model/trust.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import type { StoredPause, StoredTrigger, TriggerRepository } from '../storage/index.ts';
import type { TrustStore } from '../trust/index.ts';
import { pauseAt, type TriggerPause } from './pauses.ts';
import type { ArmedTrigger } from './ports.ts';
import type { WrittenTrigger, WrittenTriggers } from './read-triggers.ts';

/** What the registry is made of. */
export interface RegistryOptions {
  readonly read: () => Promise<WrittenTriggers>;
  /** Content hash of a workflow as it is now; reads its files. */
  readonly hashOf: (trigger: WrittenTrigger) => Promise<string>;
  /** Keeps the version as it is now with all that it calls, so that it can be started later whatever becomes of the files. */
  readonly pin: (
    trigger: WrittenTrigger,
  ) => Promise<{ readonly hash: string; readonly label: string; readonly pins: readonly WorkflowPin[] }>;
  /** Whether a run by hand of the version has succeeded. */
  readonly isProven: (workflowId: string, hash: string) => boolean;
  /** Which versions a person accepted, and which triggers are armed. */
  readonly trust: TrustStore;
  /** Throws where a person has to look at a version before anything may start it. */
  readonly requireTrusted: (trigger: WrittenTrigger, hash: string, pins: readonly WorkflowPin[]) => void;
  /** Since when a user may do nothing any more, UTC ms; null = he may, or is not known. */
  readonly stoppedAt: (userId: string) => number | null;
  readonly rows: TriggerRepository;
  readonly now: () => number;
  /** Does the act that ends pauses, and keeps what was ended, in one. */
  readonly onPausesEnded: (end: () => EndedPauses) => void;
  /** Told after each change of what may start. */
  readonly onChange: () => void;
}

/** What ended by itself: the pause of all, and the own ones of some triggers. */
export type EndedPauses = ReturnType<TriggerRepository['endPauses']>;

/** A trigger with all that decides whether it may start something. */
export interface KnownTrigger {
  readonly trigger: WrittenTrigger;
  readonly status: TriggerStatus;
  /** Why it is not armed, or what is the matter; null = nothing. */
  readonly reason: string | null;
  readonly consent: Consent | null;
  readonly stored: StoredTrigger | null;
  /** What stands in its way now; `pauses` has those that have just ended too. */
  readonly pause: TriggerPause | null;
  readonly pauses: readonly TriggerPause[];
  /** Its last starts failed, one after the other (SPEC §7.1). */
  readonly isFailing: boolean;
}

/** From so many failures in a row on a trigger is *failing* wherever it is shown. */
const FAILING = 2;

/** In these a trigger acts, or would without what stands in its way. */
const STARTING: ReadonlySet<TriggerStatus> = new Set(['armed', 'paused', 'unavailable']);

/**
 * The triggers of the project as they are written, beside who armed them. Invariants: (1) only a person's act arms, and only what that
 * person was shown; (2) a changed definition is not armed until it is armed anew; (3) a changed workflow goes on being started in the
 * version that was accepted last, or with `version_policy: pin` in the one with which the trigger itself was armed.
 */
export class TriggerRegistry {
  readonly #options: RegistryOptions;
  #written: WrittenTriggers = { triggers: [], problems: [] };
  #shape = '';
  #refreshing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Reads what is written now; tells when that changed. Error: `engine.stopped` once it is closed. */
  refresh(): Promise<void> {
    const refreshed = this.#refreshing.then(async () => {
      if (this.#isClosed) throw new AppError('engine.stopped', 'The project is closed.');
      this.#written = await this.#options.read();
      this.#tellChange();
    });
    this.#refreshing = refreshed.catch(() => undefined);
    return refreshed;
  }

  /** Resolves when nothing is read any more: what is read asks the store, which is closed next. Nobody is told of a change from now on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#refreshing;
  }

  /** What is wrong with how triggers are written. */
  get problems(): readonly Diagnostic[] {
    return this.#written.problems;
  }

  /** All triggers, in the order in which they are written. */
  list(): readonly KnownTrigger[] {
    const off = this.#options.rows.switchedOff();
    const all = this.#options.rows.pauseOfAll();
    const stored = new Map(this.#options.rows.list().map((row) => [row.key, row]));
    return this.#written.triggers.map((trigger) =>
      this.#know(trigger, { off, all, stored: stored.get(trigger.key) ?? null }),
    );
  }

  /** Those that may start something, paused ones included. */
  armed(): readonly ArmedTrigger[] {
    return this.list().flatMap((known) => toArmed(known) ?? []);
  }

  /** The armed trigger of a key, without a look at all the others; null = it is not armed. */
  armedOf(key: string): ArmedTrigger | null {
    const trigger = this.#written.triggers.find((one) => one.key === key);
    if (trigger === undefined) return null;
    const { rows } = this.#options;
    return toArmed(this.#know(trigger, { off: rows.switchedOff(), all: rows.pauseOfAll(), stored: rows.find(key) }));
  }

  /** By key, id, or `{workflow_id}_{i}`. Errors: `trigger.not_found`, `trigger.ambiguous`. */
  find(name: string): KnownTrigger {
    return findIn(this.list(), name);
  }

  /** The same of several, with one look at all. */
  findAll(names: readonly string[]): readonly KnownTrigger[] {
    const all = this.list();
    const byKey = new Map(all.map((known) => [known.trigger.key, known]));
    return names.map((name) => byKey.get(name) ?? findIn(all, name));
  }

  /** The trigger with the content hash of its workflow as it is in the folder now. */
  async withHash({ trigger }: KnownTrigger): Promise<Trigger> {
    return { ...trigger, contentHash: await this.#options.hashOf(trigger) };
  }

  /**
   * Arms a trigger as it was shown. Errors: `trigger.changed` when its definition or its workflow is another one by now, and those of
   * keeping a version.
   */
  async arm(name: string, shown: Pick<Consent, 'definitionHash' | 'contentHash'>, by: string): Promise<void> {
    const { trust, rows, now } = this.#options;
    await this.refresh();
    const { trigger } = this.find(name);
    const { hash, label, pins } = await this.#options.pin(trigger);
    const wasArmed = STARTING.has(this.find(name).status);
    if (hash !== shown.contentHash || trigger.definitionHash !== shown.definitionHash)
      throw new AppError('trigger.changed', 'The workflow or the trigger was changed since it was shown.', {
        hint: 'Look at it again, then arm it.',
      });
    this.#options.requireTrusted(trigger, hash, pins);
    const at = now();
    const version: AcceptedVersion = { contentHash: hash, versionLabel: label, pins, by, at };
    if (trust.subject(trigger.workflowPath)?.accepted?.contentHash !== hash || this.#callsOther(trigger, pins))
      await this.accept(trigger, version);
    const pinned = trigger.versionPolicy === 'pin' ? { pinned: { path: trigger.workflowPath, version } } : {};
    await trust.arm(trigger.key, { definitionHash: trigger.definitionHash, by, at, ...pinned });
    rows.ensure({ key: trigger.key, kind: trigger.kind, workflowId: trigger.workflowId }, at);
    // What would have been due while nobody had armed it was never planned.
    rows.change(trigger.key, { isOff: false, failures: 0, ...(wasArmed ? {} : { plannedUntil: at }) });
    this.#tellChange();
  }

  /** Whether a called workflow is another one than was accepted. */
  #callsOther({ workflowPath }: WrittenTrigger, pins: readonly WorkflowPin[]): boolean {
    const known = this.#options.trust.subject(workflowPath)?.accepted?.pins;
    return known !== undefined && !isDeepStrictEqual(known, pins);
  }

  /**
   * Accepts a version of a workflow: what is armed of it goes on with that one. Until it is proven the version before goes on where the
   * project says so. Errors: `file.*`.
   */
  async accept(workflow: Pick<WrittenTrigger, 'workflowId' | 'workflowPath'>, version: AcceptedVersion): Promise<void> {
    await this.#options.trust.accept(workflow.workflowPath, version, this.#before(workflow, version.contentHash));
    this.#tellChange();
  }

  /** Nothing of a path is accepted any more: what was armed of it starts nothing. Errors: `file.*`. */
  async withdraw(path: string): Promise<void> {
    await this.#options.trust.withdraw(path);
    this.#tellChange();
  }

  /** The version that goes on while the new one is not proven. */
  #before(
    { workflowPath, workflowId }: Pick<WrittenTrigger, 'workflowId' | 'workflowPath'>,
    hash: string,
  ): AcceptedVersion | undefined {
    const { trust, isProven } = this.#options;
    const known = trust.subject(workflowPath);
    if (known === null || known.accepted === null) return undefined;
    const { accepted, before } = known;
    if (accepted.contentHash === hash || !isProven(workflowId, accepted.contentHash))
      return before?.contentHash === hash ? undefined : before;
    return accepted;
  }

  /** Switches a trigger off until it is armed again. */
  async disarm(name: string): Promise<void> {
    const { trigger } = this.find(name);
    await this.#options.trust.disarm(trigger.key);
    this.#options.rows.change(trigger.key, { isOff: true, plannedUntil: null });
    this.#tellChange();
  }

  /** Null goes on. Errors: `trigger.not_armed`. */
  pause(name: string, pause: StoredPause | null): void {
    const { trigger, stored } = this.find(name);
    if (stored === null)
      throw new AppError('trigger.not_armed', `${trigger.workflowName}: this trigger was never armed.`);
    this.#options.rows.change(trigger.key, { pause });
    this.#tellChange();
  }

  /** Pauses every trigger without touching its own flags; null goes on. */
  pauseAll(pause: StoredPause | null): void {
    if (pause === null) this.#options.rows.resumeAll();
    else this.#options.rows.pauseAll(pause);
    this.#tellChange();
  }

  /** What stands in the way of every trigger now; null = nothing. */
  pauseOfAll(): StoredPause | null {
    const pause = this.#options.rows.pauseOfAll();
    return pause === null ? null : pauseAt([{ ...pause, isOfAll: true }], this.#options.now()) && pause;
  }

  /** When the next pause ends by itself, UTC ms; null = none does. */
  nextPauseEnd(): number | null {
    const { rows } = this.#options;
    const ends = [rows.pauseOfAll(), ...rows.list().map(({ pause }) => pause)].flatMap((pause) => pause?.until ?? []);
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** Takes off every pause that has ended, once, whoever else does so; whoever writes the ledger was told of them before. */
  endPauses(): void {
    const { rows, now, onPausesEnded } = this.#options;
    onPausesEnded(() => rows.endPauses(now()));
    this.#tellChange();
  }

  /** A start of it: the run, or null where it failed. */
  noteStart(key: string, runId: string | null): void {
    const { rows, now } = this.#options;
    if (runId !== null) rows.noteStart(key, runId, now());
    else rows.change(key, { failures: (rows.find(key)?.failures ?? 0) + 1 });
  }

  /** What whoever watches or listens for a trigger has to say; null = nothing. */
  notice(key: string, notice: string | null): void {
    if (this.#options.rows.find(key)?.notice === notice) return;
    this.#options.rows.change(key, { notice });
    this.#tellChange();
  }

  /** Switches all triggers of a workflow. */
  switchWorkflow(workflowId: string, { isOff, by }: { readonly isOff: boolean; readonly by: string }): void {
    const { rows, now } = this.#options;
    rows.switchWorkflow(workflowId, { isOff, by, at: now() });
    for (const row of rows.list())
      if (row.workflowId === workflowId && isOff) rows.change(row.key, { plannedUntil: null });
    this.#tellChange();
  }

  #know(
    trigger: WrittenTrigger,
    facts: {
      readonly off: ReadonlySet<string>;
      readonly all: StoredPause | null;
      readonly stored: StoredTrigger | null;
    },
  ): KnownTrigger {
    const { stored, all } = facts;
    const consent = this.#options.trust.consentOf(trigger);
    const own = stored?.pause ?? null;
    const pauses: readonly TriggerPause[] = [
      ...(all === null ? [] : [{ ...all, isOfAll: true }]),
      ...[own, this.#pauseOfArmer(consent)].flatMap((one) => (one === null ? [] : [{ ...one, isOfAll: false }])),
    ];
    const pause = pauseAt(pauses, this.#options.now());
    const known = (status: TriggerStatus, reason: string | null): KnownTrigger => ({
      ...{ trigger, status, reason, consent, stored, pause, pauses },
      isFailing: (stored?.failures ?? 0) >= FAILING,
    });
    if (facts.off.has(trigger.workflowId)) return known('off', 'The workflow is switched off.');
    if (!trigger.isEnabled) return known('off', 'Its definition says enabled: false.');
    if (consent === null)
      return stored?.isOff === true
        ? known('off', 'It was switched off.')
        : known('not_armed', 'Nobody has armed it yet.');
    if (consent.definitionHash !== trigger.definitionHash)
      return known('changed', 'It was changed since it was armed: look at it and arm it again.');
    if (pause !== null) return known('paused', pause.reason);
    if (stored !== null && stored.notice !== null) return known('unavailable', stored.notice);
    return known('armed', null);
  }

  /** Nobody answers any more for what a user armed who is switched off. */
  #pauseOfArmer(consent: Consent | null): StoredPause | null {
    const at = consent === null ? null : this.#options.stoppedAt(consent.by);
    if (consent === null || at === null) return null;
    const { by } = consent;
    return {
      at,
      until: null,
      by,
      reason: `User ${by}, who armed it, is disabled or removed: somebody else has to arm it.`,
    };
  }

  #tellChange(): void {
    if (this.#isClosed) return;
    const shape = JSON.stringify(this.list());
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#options.onChange();
  }
}

function toArmed({ trigger, status, consent, stored, pauses }: KnownTrigger): ArmedTrigger | null {
  if (!STARTING.has(status) || consent === null || stored === null) return null;
  return { ...trigger, contentHash: consent.contentHash, consent, stored, pauses };
}

function findIn(all: readonly KnownTrigger[], name: string): KnownTrigger {
  const exact = all.find(({ trigger }) => trigger.key === name || trigger.alias === name);
  if (exact !== undefined) return exact;
  const named = all.filter(({ trigger }) => trigger.id === name);
  if (named.length > 1)
    throw new AppError('trigger.ambiguous', `Several workflows have a trigger '${name}'.`, {
      hint: `Name one of ${named.map(({ trigger }) => trigger.key).join(', ')}.`,
    });
  if (named[0] !== undefined) return named[0];
  throw new AppError('trigger.not_found', `Trigger not found: ${name.slice(0, 200)}`, {
    hint:
      didYouMean(
        name,
        all.map(({ trigger }) => trigger.key),
      ) ?? 'Look at the list of triggers.',
  });
}
