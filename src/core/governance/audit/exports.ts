import { AppError } from '../../../shared/errors.ts';
import { canonicalJson } from '../../../shared/json.ts';
import type { AuditHead, AuditManifest } from '../../../shared/model/audit.ts';
import type { EvidenceLine } from '../../../shared/model/evidence.ts';
import { randomHex, type Sha256, startSha256 } from '../../crypto/index.ts';
import { type AuditFilter, type AuditRepository, toAuditEvent } from '../../storage/index.ts';
import { headOfEvidence, sealOfEvidence } from './evidence-lines.ts';
import { type AuditFormat, headOfFile, lineOf } from './export-text.ts';
import type { SigningKey } from './signing-key.ts';

/** A piece of an export; `cursor` comes with every one but the last. `manifest` comes with the last one, but of a pack that seals itself. */
export interface ExportPiece {
  readonly text: string;
  readonly cursor: string | null;
  readonly manifest: AuditManifest | null;
}

export interface ExportRequest {
  readonly filter: AuditFilter;
  readonly format: AuditFormat;
}

interface OpenExport extends ExportRequest {
  readonly hash: Sha256;
  /** What is written from now on is not part of it. */
  readonly through: number;
  readonly head: AuditHead | null;
  readonly startedAt: number;
  /** Sums of the lines above the events, of an evidence pack; null = it is none. */
  readonly evidence: readonly string[] | null;
  after: number;
  events: number;
  first: number | null;
  last: number | null;
}

const MOST_OPEN = 8;

/** Exports that are being read, piece by piece. The oldest is forgotten when there are too many. */
export class AuditExports {
  readonly #audit: AuditRepository;
  readonly #key: SigningKey;
  readonly #open = new Map<string, OpenExport>();

  constructor(audit: AuditRepository, key: SigningKey) {
    this.#audit = audit;
    this.#key = key;
  }

  /** Begins an export of what is there now. */
  begin(request: ExportRequest, at: number): ExportPiece {
    const head = this.#audit.head();
    const one: OpenExport = {
      ...request,
      hash: startSha256(),
      through: head?.seq ?? 0,
      head,
      startedAt: at,
      evidence: null,
      after: 0,
      events: 0,
      first: null,
      last: null,
    };
    return this.#read(one, headOfFile(request.format));
  }

  /** Begins an evidence pack: what is said, the events from one number to another, and a seal over both. */
  beginEvidence(
    lines: readonly EvidenceLine[],
    { from, through }: { readonly from: number; readonly through: number },
    at: number,
  ): ExportPiece {
    const { text, sums } = headOfEvidence(lines);
    const read = { filter: {}, format: 'jsonl', head: null, hash: startSha256(), startedAt: at } as const;
    return this.#read({ ...read, evidence: sums, after: from - 1, through, events: 0, first: null, last: null }, text);
  }

  /** The next piece. `contract.invalid_input` for a cursor that is none, or whose export was forgotten. */
  next(cursor: string): ExportPiece {
    const one = this.#open.get(cursor);
    if (one === undefined)
      throw new AppError('contract.invalid_input', 'This export is no longer open.', { hint: 'Begin it again.' });
    this.#open.delete(cursor);
    return this.#read(one, '');
  }

  #read(one: OpenExport, before: string): ExportPiece {
    const rows = this.#audit.matching(one.filter, { after: one.after, through: one.through });
    let text = before;
    for (const row of rows) {
      text += lineOf(toAuditEvent(row), one.format);
      one.first ??= row.seq;
      one.last = row.seq;
      one.after = row.seq;
    }
    one.events += rows.length;
    one.hash.update(text);
    if (rows.length === 0) {
      if (one.evidence !== null) return { text: text + this.#seal(one, one.evidence), cursor: null, manifest: null };
      return { text, cursor: null, manifest: this.#manifest(one) };
    }
    const cursor = randomHex(16);
    this.#open.set(cursor, one);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
    return { text, cursor, manifest: null };
  }

  #seal({ events, first, last, hash }: OpenExport, lines: readonly string[]): string {
    const said = { events, first_seq: first, last_seq: last, sha256: hash.digestHex() };
    return sealOfEvidence({ part: 'seal', lines, ...said }, this.#key);
  }

  #manifest(one: OpenExport): AuditManifest {
    const [cut] = this.#audit.cuts();
    const isComplete = Object.values(one.filter).every((value) => value === undefined);
    const said = {
      format: one.format,
      exported_at: new Date(one.startedAt).toISOString(),
      events: one.events,
      complete: isComplete,
      first_seq: one.first,
      last_seq: one.last,
      head: one.head,
      cut_through: cut?.throughSeq ?? null,
      sha256: one.hash.digestHex(),
      public_key: this.#key.publicKey,
    };
    return { ...said, signature: this.#key.sign(canonicalJson(said)) };
  }
}
