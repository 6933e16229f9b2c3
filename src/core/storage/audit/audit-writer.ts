import type { Statement } from 'better-sqlite3';
import { canonicalJson, type Json, type JsonMap } from '../../../shared/json.ts';
import type { AuditHead, AuditType } from '../../../shared/model/audit.ts';
import { randomHex, sha256Hex } from '../../crypto/index.ts';
import type { Connection } from '../database.ts';
import { canonicalDetails, canonicalEvent, chainHash, FIRST_HASH, wellFormed } from './audit-chain.ts';

/** What is to be written down; its number, id and hashes come with the writing. */
export interface AuditDraft {
  readonly type: AuditType;
  readonly userId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly action: string;
  readonly details: JsonMap;
  readonly door: string | null;
  readonly sourceIp?: string | null;
  readonly userAgent?: string | null;
  readonly success?: boolean;
  readonly error?: string | null;
}

export interface AuditWriterOptions {
  /** Takes secrets out of details. */
  readonly redact: (details: JsonMap) => JsonMap;
  /** Hears that something was written, before its transaction is committed. */
  readonly onWritten: () => void;
}

/** Longer values are said by their hash: the audit says what was done, the journal and the files with what. */
const MOST_CHARS = 4096;
const MOST_LINE_CHARS = 1000;

interface Last {
  readonly height: number | null;
  readonly seq: number;
  readonly hash: string;
}

/**
 * The one writer of the audit. Invariants:
 * 1. The end of the chain is read in the transaction that writes, so processes that write at once never follow the same event.
 * 2. A number is never given again, also when rows are gone: SQLite keeps the highest one beside the table.
 * 3. What cannot be written throws, and with it fails the transaction of the change that it describes.
 */
export class AuditWriter {
  readonly #db: Connection;
  readonly #options: AuditWriterOptions;
  readonly #last: Statement;
  readonly #height: Statement;
  readonly #insert: Statement;

  constructor(db: Connection, options: AuditWriterOptions) {
    this.#db = db;
    this.#options = options;
    const height = `SELECT seq FROM sqlite_sequence WHERE name = 'audit'`;
    this.#height = db.prepare(height).pluck();
    this.#last = db.prepare(`SELECT (${height}) AS height, seq, hash FROM audit ORDER BY seq DESC LIMIT 1`);
    this.#insert =
      db.prepare(`INSERT INTO audit(seq, id, event_type, user_id, resource_type, resource_id, action, details,
      source_ip, user_agent, door, at, success, error_message, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  /** Writes it within the transaction that is open. `at` in UTC ms. Returns where the chain ends now, and the id of the event. */
  append(draft: AuditDraft, at: number): AuditHead & { readonly id: string } {
    const last = this.#last.get() as Last | undefined;
    const before = last?.hash ?? FIRST_HASH;
    const seq = Math.max(last?.seq ?? 0, last?.height ?? (this.#height.get() as number | undefined) ?? 0) + 1;
    const id = randomHex(16);
    const details = textOf(this.#options.redact(draft.details));
    const event = {
      action: line(draft.action),
      details,
      door: draft.door,
      error_message: draft.error === undefined || draft.error === null ? null : line(this.#redactText(draft.error)),
      event_type: draft.type,
      id,
      resource: `${draft.resourceType}:${line(draft.resourceId)}`,
      resource_id: line(draft.resourceId),
      resource_type: draft.resourceType,
      seq,
      source_ip: draft.sourceIp ?? null,
      success: draft.success ?? true,
      timestamp: new Date(at).toISOString(),
      user_agent: draft.userAgent === undefined || draft.userAgent === null ? null : line(draft.userAgent),
      user_id: line(draft.userId),
    };
    const hash = chainHash(before, canonicalEvent(event));
    this.#insert.run(
      seq,
      id,
      event.event_type,
      event.user_id,
      event.resource_type,
      event.resource_id,
      event.action,
      details,
      event.source_ip,
      event.user_agent,
      event.door,
      at,
      event.success ? 1 : 0,
      event.error_message,
      before,
      hash,
    );
    this.#options.onWritten();
    return { seq, hash, id };
  }

  /** Writes it in a transaction of its own; durable when it returns. Errors: those of the store. */
  write(draft: AuditDraft, at: number): AuditHead & { readonly id: string } {
    return this.#db.transaction(() => this.append(draft, at)).immediate();
  }

  #redactText(value: string): string {
    const { text } = this.#options.redact({ text: value });
    return String(text);
  }
}

const line = (value: string): string =>
  wellFormed(value.length > MOST_LINE_CHARS ? value.slice(0, MOST_LINE_CHARS) : value);

/** The details as one text. What is short as a whole has no value that is too long: most are not looked into. */
function textOf(details: JsonMap): string {
  const whole = canonicalDetails(details);
  return whole.length <= MOST_CHARS ? whole : canonicalDetails(shorten(details));
}

/** Values that are too long for the audit, by their hash; a map is looked into once, so that of many inputs only the long ones go. */
function shorten(details: JsonMap, depth = 0): JsonMap {
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [key, shortenValue(value, depth)]));
}

function shortenValue(value: Json, depth: number): Json {
  if (typeof value !== 'object' && typeof value !== 'string') return value;
  if (value === null) return value;
  const text = typeof value === 'string' ? value : canonicalJson(value);
  if (text.length <= MOST_CHARS) return value;
  const isMap = typeof value === 'object' && !Array.isArray(value);
  if (isMap && depth === 0 && Object.keys(value).length <= 100) return shorten(value as JsonMap, 1);
  return { omitted_chars: text.length, sha256: sha256Hex(text) };
}
