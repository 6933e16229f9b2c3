import { AppError } from '../../../shared/errors.ts';
import { canonicalJson, type JsonMap } from '../../../shared/json.ts';
import type { AuditEvent, AuditMonth, AuditVerdict } from '../../../shared/model/audit.ts';
import type { EvidenceLine } from '../../../shared/model/evidence.ts';
import type { Actor } from '../../../shared/model/run.ts';
import { createTurns } from '../../../shared/turns.ts';
import {
  type AuditCut,
  type AuditDraft,
  type AuditFilter,
  type AuditPage,
  type AuditRepository,
  actorText,
  failpoint,
  toAuditEvent,
} from '../../storage/index.ts';
import { AuditExports, type ExportPiece, type ExportRequest } from './exports.ts';
import { SignedHeadFile } from './signed-head.ts';
import { SigningKey } from './signing-key.ts';
import { verifyAudit } from './verify-audit.ts';

/** Where the key and the signed head of a project lie, both outside of it. */
export interface AuditFiles {
  readonly keyFile: string;
  readonly headFile: string;
}

interface AuditLogOptions {
  readonly audit: AuditRepository;
  readonly files: AuditFiles;
  /** UTC ms. */
  readonly now: () => number;
  readonly onBug: (error: unknown) => void;
}

/** The head is signed at most once in this time: a process that is killed leaves no more than that unsigned. */
const SIGN_AFTER_MS = 500;
/** Pages of one reading are one reading. */
const SAME_READING_MS = 300_000;
const MOST_READINGS = 1000;

/**
 * The audit of an open project: written, read, checked, exported, cut (SPEC §12.3). Checks and cuts follow each other: nobody walks along
 * a chain while its beginning goes.
 */
export class AuditLog {
  readonly #audit: AuditRepository;
  readonly #now: () => number;
  readonly #onBug: (error: unknown) => void;
  readonly #key: SigningKey;
  readonly #head: SignedHeadFile;
  readonly #exports: AuditExports;
  readonly #readings = new Map<string, number>();
  readonly #inTurn = createTurns();
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  private constructor({ audit, now, onBug }: AuditLogOptions, key: SigningKey, head: SignedHeadFile) {
    this.#audit = audit;
    this.#now = now;
    this.#onBug = onBug;
    this.#key = key;
    this.#head = head;
    this.#exports = new AuditExports(audit, key);
  }

  /** Opens it and goes on with a cut that was interrupted. Errors: `file.io`, those of the store. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const key = await SigningKey.open(options.files.keyFile);
    const log = new AuditLog(options, key, new SignedHeadFile(options.files.headFile, key));
    await log.#finishCuts();
    return log;
  }

  /** Something was written: its end is signed soon. */
  noteWritten(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#sign().catch(this.#onBug);
    }, SIGN_AFTER_MS).unref();
  }

  /** Durable when it returns. Throws when it cannot be written: then what it says must not be done. */
  write(draft: AuditDraft): { readonly id: string } {
    return this.#audit.writer.write(draft, this.#now());
  }

  /** Writes down that somebody reads; further pages of the same are the same reading. */
  noteReading(actor: Actor, action: string, what: JsonMap): void {
    const key = `${actorText(actor)} ${action} ${canonicalJson(what)}`;
    const now = this.#now();
    if (now - (this.#readings.get(key) ?? Number.NEGATIVE_INFINITY) < SAME_READING_MS) return;
    if (this.#readings.size >= MOST_READINGS) this.#readings.clear();
    this.noteAccess(actor, action, what);
    this.#readings.set(key, now);
  }

  /** Writes down that somebody reads or takes a file along, each time. */
  noteAccess(actor: Actor, action: string, what: JsonMap): void {
    this.write({
      type: 'custom',
      userId: actorText(actor),
      resourceType: 'audit',
      resourceId: 'log',
      action,
      details: what,
      door: actor.door,
    });
  }

  /** Events that meet the filter, newest first, and how many there are. */
  query(filter: AuditFilter, page: AuditPage): { readonly events: readonly AuditEvent[]; readonly total: number } {
    return { events: this.#audit.query(filter, page), total: this.#audit.count(filter) };
  }

  /** Walks the whole chain; see `verifyAudit`. */
  verify(): Promise<AuditVerdict> {
    return this.#inTurn(() =>
      verifyAudit(this.#audit, { signed: this.#head.read(), isSigned: (cut) => this.#hasSigned(cut) }),
    );
  }

  /** The months that the chain goes over, in its order. */
  months(): readonly AuditMonth[] {
    return this.#audit.months();
  }

  /** Begins an export. */
  beginExport(request: ExportRequest): ExportPiece {
    return this.#exports.begin(request, this.#now());
  }

  /**
   * Begins the evidence pack of a run: what `tell` says of it, and the part of the chain that reaches from the first event about it, or that meets
   * one of `others`, to the last.
   * Refused on a chain that is broken (`audit.broken`): it would prove nothing.
   */
  async beginEvidence(
    { runId, others }: { readonly runId: string; readonly others: readonly AuditFilter[] },
    tell: (events: readonly AuditEvent[], chain: AuditVerdict) => readonly EvidenceLine[],
  ): Promise<ExportPiece> {
    await this.#sign();
    const chain = await this.verify();
    if (!chain.valid)
      throw new AppError('audit.broken', 'An audit that is not whole proves nothing.', { hint: chain.message });
    const through = this.#audit.height();
    const found = others.flatMap((filter) => this.#audit.matching(filter, { after: 0, through }));
    const events = [...found, ...this.#audit.ofRun(runId)].toSorted((a, b) => a.seq - b.seq).map(toAuditEvent);
    const range = { from: events[0]?.seq ?? 1, through: events.at(-1)?.seq ?? 0 };
    return this.#exports.beginEvidence(tell(events, chain), range, this.#now());
  }

  /** The next piece of one. */
  continueExport(cursor: string): ExportPiece {
    return this.#exports.next(cursor);
  }

  /**
   * Removes the events that are older than an instant: a signed cut whose last hash the first event that is left attests. Refused on a
   * chain that is broken (`audit.broken`): a cut would hide it. Once begun it is finished, after a crash when the project is opened next.
   */
  deleteBefore(
    before: number,
    actor: Actor,
  ): Promise<{ readonly removed: number; readonly throughSeq: number | null }> {
    return this.#inTurn(async () => {
      const verdict = await verifyAudit(this.#audit, {
        signed: this.#head.read(),
        isSigned: (cut) => this.#hasSigned(cut),
      });
      if (!verdict.valid)
        throw new AppError('audit.broken', 'Nothing is removed from an audit that is not whole.', {
          hint: verdict.message,
        });
      const last = this.#audit.find(this.#audit.lastBefore(before));
      if (last === null) return { removed: 0, throughSeq: null };
      const said = { throughSeq: last.seq, throughHash: last.hash, at: this.#now(), by: actorText(actor) };
      const cut = { ...said, signature: this.#key.sign(textOf(said)), isDone: false };
      const { removed } = this.#begin(cut, actor);
      failpoint('audit.cutBegun');
      await this.#sign();
      await this.#remove(cut);
      return { removed, throughSeq: last.seq };
    });
  }

  /** Signs the end and stops. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#inTurn(async () => undefined);
    await this.#sign();
  }

  #begin(cut: AuditCut, actor: Actor): { readonly removed: number } {
    const removed = this.#audit.countThrough(cut.throughSeq);
    this.#audit.beginCut(cut, () => {
      const details = { change: 'audit_cut', through_seq: cut.throughSeq, through_hash: cut.throughHash, removed };
      const place = { resourceType: 'audit', resourceId: 'log', action: 'audit.deleteBefore', door: actor.door };
      this.#audit.writer.append({ type: 'config.changed', userId: cut.by, ...place, details }, cut.at);
    });
    return { removed };
  }

  async #finishCuts(): Promise<void> {
    for (const cut of this.#audit.cuts()) if (!cut.isDone && this.#hasSigned(cut)) await this.#remove(cut);
  }

  async #remove(cut: AuditCut): Promise<void> {
    while (this.#audit.removeSome(cut)) {
      failpoint('audit.cutRemoving');
      await new Promise(setImmediate);
    }
    failpoint('audit.cutRemoved');
    this.#audit.endCut(cut);
  }

  #hasSigned({ signature, ...cut }: AuditCut): boolean {
    return this.#key.hasSigned(textOf(cut), signature);
  }

  async #sign(): Promise<void> {
    const head = this.#audit.head();
    if (head !== null) await this.#head.write(head, this.#now());
  }
}

/** What of a cut is signed. */
const textOf = ({ throughSeq, throughHash, at, by }: Omit<AuditCut, 'signature' | 'isDone'>): string =>
  canonicalJson({ through_seq: throughSeq, through_hash: throughHash, at, by });
