import { canonicalJson } from '../../../shared/json.ts';
import type { AuditEvent, ExportVerdict } from '../../../shared/model/audit.ts';
import {
  EVIDENCE_FORMAT,
  type EvidenceAct,
  type EvidenceLine,
  type EvidenceSeal,
} from '../../../shared/model/evidence.ts';
import { sha256Hex, startSha256 } from '../../crypto/index.ts';
import { FIRST_HASH, hashOfEvent } from '../../storage/index.ts';
import { ChainWalk } from './chain-walk.ts';
import { isSignedBy } from './signing-key.ts';

interface Finding {
  readonly message: string;
  readonly seq: number | null;
}

interface Claim extends EvidenceAct {
  readonly line: number;
}

/** Whether a file that begins with this line is an evidence pack. */
export const beginsEvidence = (line: string): boolean => line.includes(`"format":"${EVIDENCE_FORMAT}"`);

/**
 * Checks an evidence pack by itself, line by line: each event of the audit against its own hash and the one before it, what is said above
 * them against them, and everything against the seal. After the first thing that is wrong nothing more is looked at.
 */
export class EvidenceCheck {
  readonly #hash = startSha256();
  readonly #sums: string[] = [];
  readonly #claims = new Map<number, Claim[]>();
  #walk: ChainWalk | null = null;
  #number = 0;
  #first: number | null = null;
  #seal: EvidenceSeal | null = null;
  #finding: Finding | null = null;

  /** The next line, without its end. */
  take(line: string): void {
    if (this.#finding !== null) return;
    this.#number += 1;
    this.#finding = this.#look(line);
  }

  /** All lines were taken; `rest` is what stands behind the last end of a line. */
  verdict(rest: string): ExportVerdict {
    const found =
      this.#finding ??
      (this.#seal === null || rest !== '' ? this.#wrong('the end of the pack is not what was sealed', null) : null);
    return {
      valid: found === null,
      message: found?.message ?? 'The evidence pack is whole and signed.',
      checked: this.#walk?.checked ?? 0,
      first_bad_seq: found?.seq ?? null,
      last_seq: this.#walk?.last?.seq ?? null,
      signed_by: this.#seal?.public_key ?? null,
    };
  }

  #look(line: string): Finding | null {
    if (this.#seal !== null) return this.#wrong('it stands behind the seal');
    const read = readLine(line);
    if (read === null) return this.#wrong('it is no line of an evidence pack');
    if ('part' in read && read.part === 'seal') return this.#checkSeal(read, line);
    this.#hash.update(`${line}\n`);
    if ('part' in read) return this.#takeFact(read, line);
    return this.#takeEvent(read);
  }

  #takeFact(fact: EvidenceLine, line: string): Finding | null {
    if (this.#walk !== null) return this.#wrong('it stands among the events');
    this.#sums.push(sha256Hex(line));
    for (const act of actsIn(fact)) {
      if (act.event === null) continue;
      this.#claims.set(act.event, [...(this.#claims.get(act.event) ?? []), { ...act, line: this.#number }]);
    }
    return null;
  }

  #takeEvent(event: AuditEvent): Finding | null {
    const { seq, prev_hash, hash } = event;
    this.#first ??= seq;
    this.#walk ??= new ChainWalk({ seq, prevHash: seq === 1 ? FIRST_HASH : null });
    const bad = this.#walk.step({ seq, prevHash: prev_hash, hash, computed: hashOfEvent(event) });
    if (bad !== null) return { message: `Line ${this.#number}: ${bad.message}`, seq: bad.seq };
    const claims = this.#claims.get(seq) ?? [];
    this.#claims.delete(seq);
    const other = claims.find(({ by, at }) => by !== event.user_id || at !== event.timestamp);
    if (other === undefined) return null;
    return { message: `Line ${other.line} says of event ${seq} what the event does not say.`, seq };
  }

  #checkSeal(seal: EvidenceSeal, line: string): Finding | null {
    this.#seal = seal;
    const { signature, ...said } = seal;
    if (JSON.stringify(seal) !== line || !isSignedBy(seal.public_key, canonicalJson(said), signature))
      return this.#wrong('the seal is not what was signed');
    const at = this.#sums.findIndex((sum, index) => sum !== seal.lines[index]);
    const changed = at === -1 && this.#sums.length < seal.lines.length ? this.#sums.length : at;
    if (changed !== -1) return this.#wrong('it is not what was sealed', changed + 1);
    const last = this.#walk?.last?.seq ?? null;
    if (last !== seal.last_seq || this.#first !== seal.first_seq)
      return {
        message: `Events ${seal.first_seq ?? 0} to ${seal.last_seq ?? 0} were sealed, not all are there.`,
        seq: last,
      };
    const [unseen] = [...this.#claims.values()].flat();
    if (unseen !== undefined) return this.#wrong(`event ${unseen.event}, which it names, is not there`, unseen.line);
    return this.#hash.digestHex() === seal.sha256 ? null : this.#wrong('what stands above it is not what was sealed');
  }

  #wrong(what: string, line: number | null = this.#number): Finding {
    return {
      message: line === null ? `${what.charAt(0).toUpperCase()}${what.slice(1)}.` : `Line ${line}: ${what}.`,
      seq: null,
    };
  }
}

/** What a line says that somebody did. */
function actsIn(line: EvidenceLine): readonly EvidenceAct[] {
  if (line.part === 'run') return [line.started, ...(line.ended === null ? [] : [line.ended])];
  if (line.part === 'raise') return [line.raised];
  return line.part === 'approval' ? [line.requested, ...line.decisions] : [];
}

const PARTS: readonly string[] = [
  'about',
  'run',
  'approval',
  'step',
  'raise',
  'cost',
  'chain',
  'not_proven',
  'seal',
] satisfies (EvidenceLine | EvidenceSeal)['part'][];

function readLine(line: string): EvidenceLine | EvidenceSeal | AuditEvent | null {
  try {
    const read = JSON.parse(line) as EvidenceLine | EvidenceSeal | AuditEvent | null;
    if (read === null || typeof read !== 'object') return null;
    if ('part' in read) return PARTS.includes(read.part) && hasShape(read) ? read : null;
    return Number.isSafeInteger(read.seq) && typeof read.hash === 'string' && typeof read.details === 'object'
      ? read
      : null;
  } catch {
    return null;
  }
}

/** Whether what is looked into is there. */
function hasShape(read: EvidenceLine | EvidenceSeal): boolean {
  switch (read.part) {
    case 'seal':
      return Array.isArray(read.lines) && typeof read.public_key === 'string' && typeof read.signature === 'string';
    case 'run':
      return typeof read.started === 'object' && read.ended !== undefined;
    case 'approval':
      return typeof read.requested === 'object' && Array.isArray(read.decisions);
    case 'raise':
      return typeof read.raised === 'object';
    default:
      return true;
  }
}
