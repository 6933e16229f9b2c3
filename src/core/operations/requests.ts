import type { ApprovalDetail, LiveEvent, OutputOf, ParsedInputOf, RequestedAct } from '../../shared/contract/index.ts';
import { AppError, ERROR_CATALOGUE, toErrorRecord } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { ApprovalDecision } from '../../shared/model/approval.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { Finding } from '../../shared/model/trust.ts';
import { randomHex } from '../crypto/index.ts';
import { failpoint, type RequestWord, type StoredRequest } from '../storage/index.ts';
import { startTimer } from '../time/index.ts';
import {
  type DeciderRules,
  hasOneUser,
  requireApprover,
  requireDeciders,
  requireHandOver,
} from './approval-deciders.ts';
import { changedSinceShown, notPending } from './approval-errors.ts';
import { ApprovalNotices } from './approval-notices.ts';
import type { ProjectSession } from './project-session.ts';
import { auditOf, narrowed, performedAs } from './request-audit.ts';
import { rulesOfKind, trustHash } from './request-kinds.ts';
import type { TakeChoice } from './run-copies.ts';
import { requireRead } from './trust-sheet.ts';

/** How often requests are looked at whose time has run out (SPEC §12.2). */
const SWEEP_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What somebody says about a request, and with which rights. */
export interface SaidWord {
  readonly id: string;
  readonly decision: Exclude<ApprovalDecision, 'revise'>;
  readonly comment: string;
  /** Of what was shown; null = it does not matter for this word. */
  readonly hash: string | null;
  readonly to?: string | undefined;
  /** Findings of a bundle that were read. */
  readonly read?: readonly string[];
  /** Of changes that a run made in a copy: which. */
  readonly choice?: TakeChoice;
}

interface Sayer {
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
}

/**
 * What people ask others to let happen (SPEC §12.2), beside the questions of runs. Invariants:
 * 1. A decision and its line of the audit are one transaction that looks at the request once more: of many at once one counts.
 * 2. What was approved is done once: what a crash left undone is done by whoever opens the project next, and each kind knows its own act
 *    again.
 * 3. A decision is bound to what was shown; where that is another by now the request is closed, and whoever wants it asks anew.
 */
export class Requests {
  readonly #session: ProjectSession;
  readonly #publish: (event: LiveEvent) => void;
  /** Tells channels of the project what becomes of requests, the questions of runs included. */
  readonly notices: ApprovalNotices;
  /** Ids of what is being done at this moment: the trust of a folder opens the project while it is. */
  readonly #doing = new Set<string>();
  #stopSweep: () => void = () => undefined;

  constructor(session: ProjectSession, publish: (event: LiveEvent) => void) {
    this.#session = session;
    this.#publish = publish;
    this.notices = new ApprovalNotices(session);
  }

  /** Does what was approved and not done, and looks after expired ones from now on. */
  async host(): Promise<void> {
    const left = this.#session.store.requests.undone().filter(({ id }) => !this.#doing.has(id));
    for (const request of left) await this.#perform(request);
    this.#sweep();
  }

  /** Looks after nothing more, and tells what is not told yet. */
  close(): void {
    this.#stopSweep();
    this.notices.flush();
  }

  /** Asks. Errors: those of the act, `approval.unsatisfiable`. */
  async ask(input: ParsedInputOf<'approvals.request'>, actor: Actor): Promise<OutputOf<'approvals.request'>> {
    const { store, clock, access } = this.#session;
    const { asked, comment, approvers, minApprovals, expiresInHours } = input;
    const { type, permission, ask } = rulesOfKind(asked.kind);
    const act = await ask(this.#session, asked, actor);
    const now = clock.now();
    const request: StoredRequest = {
      ...act,
      id: randomHex(16),
      kind: asked.kind,
      type,
      description: comment,
      needs: access.directory.permissionsOf(actor.id).includes(permission) ? null : permission,
      requester: actor.id,
      door: actor.door,
      approvers,
      minApprovals,
      allowsSelf: input.allowSelfApproval,
      status: 'pending',
      createdAt: now,
      expiresAt: expiresInHours === undefined ? null : now + Math.ceil(expiresInHours * HOUR_MS),
      resolvedAt: null,
      outcome: null,
      problem: null,
      runId: null,
    };
    requireDeciders(access, this.rulesOf(request), minApprovals);
    const details = {
      title: act.title,
      asked: act.fields,
      comment,
      required_approvers: approvers,
      min_approvals: minApprovals,
    };
    store.requests.add(request, auditOf(request, 'request', actor, details as JsonMap));
    this.#tell();
    return { id: request.id, title: request.title };
  }

  /** Who decides about a request. */
  rulesOf(request: StoredRequest, words: readonly RequestWord[] = []): DeciderRules {
    const { approvers, requester, allowsSelf, needs } = request;
    return {
      approvers,
      requester,
      needs,
      allowsSelf: allowsSelf && this.#session.config.governance.allowSelfApproval,
      handedOver: handedOverIn(words),
    };
  }

  /** Takes a word. What was approved with it is done when this resolves. Errors: `approval.*`, `access.denied`, `trust.unread`. */
  async decide(said: SaidWord, { actor, permissions }: Sayer): Promise<StoredRequest> {
    const { store, clock } = this.#session;
    const { id, decision, hash, comment, to = null } = said;
    this.expire();
    const request = this.require(id);
    this.#check(request, store.requests.words(id), said, actor);
    if (decision === 'approve') {
      const { needs } = request;
      if (needs !== null && !permissions.has(needs)) throw denied(actor.id, needs);
      await this.#requireStill(request, hash);
      requireRead({ findings: await this.#findings(request) }, said.read ?? []);
      await rulesOfKind(request.kind).check?.(this.#session, request, said.choice ?? {});
    }
    const at = clock.now();
    const changed = store.requests.change(id, at, (now, words) => {
      if (now === null) throw notFound(id);
      this.#check(now, words, said, actor);
      const word: RequestWord = { at, by: actor.id, decision, comment, to };
      const given = approvalsIn(words).length + (decision === 'approve' ? 1 : 0);
      const status = statusAfter(decision, given >= now.minApprovals);
      const more = { ...(comment === '' ? {} : { comment }), ...(to === null ? {} : { to }) };
      const own = decision === 'approve' && actor.id === now.requester ? { self_approval: true } : {};
      const audit = auditOf(now, decision, actor, { ...more, ...own });
      const asked = status === 'approved' ? narrowed(now, said.choice) : null;
      return { word, ...(status === null ? {} : { status }), ...(asked === null ? {} : { asked }), audit };
    });
    if (changed === null) throw notFound(id);
    failpoint('request.decided');
    this.#tell();
    if (changed.status === 'rejected') await rulesOfKind(changed.kind).refuse?.(this.#session, changed, actor);
    return changed.status === 'approved' ? this.#perform(changed) : changed;
  }

  /**
   * A run has ended, and what it changed in its copy is to be decided about: asks for it once, and does what a crash has left undone. Where
   * nobody could decide, nobody is asked; it stands on the page of the run.
   */
  async offered(runId: string): Promise<void> {
    const { store, host } = this.#session;
    const hash = host.copies.hashOf(runId);
    const run = store.runs.find(runId);
    if (hash === null || run === null) return;
    const last = store.requests.latest('changes', runId);
    const isSame = last !== null && last.hash === hash;
    if (isSame && last.status === 'rejected')
      return host.copies.decline(runId, hash, { kind: 'user', id: this.#lastWord(last), door: last.door });
    // What could not be done, or only in part, is asked about once more.
    if (isSame && !(last.status === 'approved' && last.outcome === 'failed')) return;
    const by: Actor = { kind: 'user', id: run.actor, door: 'engine' };
    const input = { asked: { kind: 'changes', runId, hash }, comment: '', approvers: [], minApprovals: 1 } as const;
    await this.ask({ ...input, approvers: [], allowSelfApproval: true }, by).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError) || thrown.code !== 'approval.unsatisfiable') throw thrown;
    });
  }

  /** The request by which what a run changed in its copy is decided; null = nobody is asked. */
  askedAbout(runId: string): string | null {
    const hash = this.#session.host.copies.hashOf(runId);
    const found = this.#session.store.requests.pending({ kind: 'changes', subject: runId });
    return found.find((one) => one.hash === hash)?.id ?? null;
  }

  #lastWord({ id, requester }: StoredRequest): string {
    return this.#session.store.requests.words(id).at(-1)?.by ?? requester;
  }

  /** A bundle, or the folder, was trusted without a look at who had asked for it: that is the answer to the question. */
  trusted(path: string, contentHash: string, actor: Actor): void {
    const { store, clock } = this.#session;
    const hash = trustHash(path, contentHash);
    const at = clock.now();
    for (const { id } of store.requests
      .pending({ kind: 'bundle_trust', subject: path })
      .filter((one) => one.hash === hash)) {
      store.requests.change(id, at, (now) => {
        if (now?.status !== 'pending') return null;
        const word: RequestWord = { at, by: actor.id, decision: 'approve', comment: '', to: null };
        return { word, status: 'approved', audit: auditOf(now, 'approve', actor, {}) };
      });
      store.requests.settle(id, { outcome: 'done', problem: null, runId: null });
    }
    this.#tell();
  }

  /** Writes down which requests have run out of time. */
  expire(): void {
    const { store, clock } = this.#session;
    const now = clock.now();
    const over = store.requests.pending().filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
    for (const { id } of over)
      store.requests.change(id, now, (one) =>
        one?.status === 'pending' ? { word: null, status: 'expired', audit: auditOf(one, 'expire', SYSTEM, {}) } : null,
      );
    if (over.length > 0) this.#tell();
  }

  /** Errors: `approval.not_found`. */
  require(id: string): StoredRequest {
    const found = this.#session.store.requests.find(id);
    if (found === null) throw notFound(id);
    return found;
  }

  /** What a request adds to all that its row says. */
  async detail(
    request: StoredRequest,
  ): Promise<Pick<ApprovalDetail, 'approvals' | 'rejections' | 'handedOver'> & { readonly act: RequestedAct }> {
    const words = this.#session.store.requests.words(request.id);
    const at = (one: RequestWord): string => new Date(one.at).toISOString();
    return {
      approvals: approvalsIn(words).map((one) => ({ approver_id: one.by, comment: one.comment, timestamp: at(one) })),
      rejections: words
        .filter(({ decision }) => decision === 'reject')
        .map((one) => ({ rejector_id: one.by, reason: one.comment, timestamp: at(one) })),
      handedOver: words
        .filter(({ decision }) => decision === 'delegate')
        .map((one) => ({ delegator_id: one.by, delegate_id: one.to ?? '', comment: one.comment, timestamp: at(one) })),
      act: {
        ...{ kind: request.kind, fields: request.fields, outcome: request.outcome, problem: request.problem },
        findings: request.status === 'pending' ? await this.#findings(request) : [],
      },
    };
  }

  /** What has to be read before it is approved; what cannot be read any more has nothing, and its approval says why. */
  async #findings(request: StoredRequest): Promise<readonly Finding[]> {
    try {
      return (await rulesOfKind(request.kind).findings?.(this.#session, request)) ?? [];
    } catch (thrown) {
      if (thrown instanceof AppError) return [];
      throw thrown;
    }
  }

  #check(request: StoredRequest, words: readonly RequestWord[], said: SaidWord, actor: Actor): void {
    const { access } = this.#session;
    const { decision, hash, to } = said;
    if (request.status !== 'pending') throw notPending(request.status);
    const rules = this.rulesOf(request, words);
    const isForOthers = decision === 'approve' || decision === 'delegate';
    if (decision !== 'cancel')
      requireApprover(access, isForOthers ? rules : { ...rules, needs: null, allowsSelf: true }, actor.id);
    if (hash !== null && hash !== request.hash) throw changedSinceShown();
    const given = approvalsIn(words).map(({ by }) => by);
    if (isForOthers && given.includes(actor.id))
      throw new AppError('approval.already_decided', `User ${actor.id} has already approved`);
    if (to !== undefined)
      requireHandOver(access, { ...rules, given, needed: request.minApprovals }, { from: actor.id, to });
  }

  /** Whoever asked may still do so, and what was asked is what would be done. Closes the request where it is not. */
  async #requireStill(request: StoredRequest, hash: string | null): Promise<void> {
    const { store, clock, access } = this.#session;
    const { permission, hashNow, isAskedByRun } = rulesOfKind(request.kind);
    const mayNow = access.directory.permissionsOf(request.requester);
    const wanted: Permission = request.needs === null ? permission : 'approval:request';
    if (isAskedByRun !== true && !hasOneUser(access) && !mayNow.includes(wanted))
      throw denied(request.requester, wanted);
    const now = await hashNow(this.#session, request).catch((thrown: unknown) => {
      if (thrown instanceof AppError && ERROR_CATALOGUE[thrown.code].kind === 'not_found') return null;
      throw thrown;
    });
    if (now === request.hash || hash === null) return;
    store.requests.change(request.id, clock.now(), (one) =>
      one?.status === 'pending'
        ? { word: null, status: 'cancelled', audit: auditOf(one, 'void', SYSTEM, { reason: 'changed' }) }
        : null,
    );
    this.#tell();
    throw new AppError(
      'approval.changed',
      'What would be done has changed since it was asked: the request is closed.',
      {
        hint: 'Whoever wants it can ask anew.',
      },
    );
  }

  /** Does what was approved, with the rights of whoever asked, or of whoever approved last where his do not reach. */
  async #perform(request: StoredRequest): Promise<StoredRequest> {
    const { store, audit } = this.#session;
    const { id, kind, requester, door, needs } = request;
    const last = approvalsIn(store.requests.words(id)).at(-1);
    const { perform, does, isAskedByRun } = rulesOfKind(kind);
    // What a run asks for is done by whoever approves it.
    const isOwn = needs === null && isAskedByRun !== true;
    const by: Actor = { kind: 'user', id: isOwn ? requester : (last?.by ?? requester), door };
    let settled: Parameters<typeof store.requests.settle>[1];
    this.#doing.add(id);
    try {
      const { runId = null } = await perform(this.#session, request, { by });
      settled = { outcome: 'done', problem: null, runId };
    } catch (thrown) {
      const { code, message, hint } = toErrorRecord(thrown);
      if (code === 'engine.stopped') return request;
      settled = { outcome: 'failed', problem: [message, hint ?? ''].join(' ').trim(), runId: null };
    } finally {
      this.#doing.delete(id);
    }
    // A run says itself that it was started.
    if (kind !== 'run' || settled.outcome === 'failed')
      audit.write({
        ...auditOf(request, 'approve', by, { outcome: settled.outcome }),
        type: performedAs(kind),
        action: does,
        success: settled.outcome === 'done',
        error: settled.problem,
      });
    store.requests.settle(id, settled);
    this.#tell();
    if (kind === 'bundle_trust') this.#publish({ kind: 'library' });
    if (kind === 'changes' && settled.outcome === 'failed') await this.offered(request.subject);
    return this.require(id);
  }

  #sweep(): void {
    this.expire();
    this.#stopSweep = startTimer(SWEEP_MS, () => this.#sweep(), false);
  }

  #tell(): void {
    this.#publish({ kind: 'approvals' });
  }
}

const SYSTEM: Actor = { kind: 'system', id: 'approvals', door: 'engine' };

const approvalsIn = (words: readonly RequestWord[]): readonly RequestWord[] =>
  words.filter(({ decision }) => decision === 'approve');

const handedOverIn = (words: readonly RequestWord[]): NonNullable<DeciderRules['handedOver']> =>
  words.flatMap(({ by, to }) => (to === null ? [] : [{ delegator_id: by, delegate_id: to }]));

function statusAfter(decision: SaidWord['decision'], isEnough: boolean): 'approved' | 'rejected' | 'cancelled' | null {
  switch (decision) {
    case 'approve':
      return isEnough ? 'approved' : null;
    case 'reject':
      return 'rejected';
    case 'cancel':
      return 'cancelled';
    case 'delegate':
      return null;
  }
}

const notFound = (id: string): AppError =>
  new AppError('approval.not_found', `Request not found: ${id}`, {
    hint: "List the requests with 'aiworkflow approvals list'.",
  });

const denied = (user: string, permission: Permission): AppError =>
  new AppError('access.denied', `User ${user} does not have permission ${permission}`, {
    hint: 'Somebody who has it decides, or asks.',
    details: { user, permission },
  });
