import { canonicalJson } from '../../../shared/json.ts';
import type { AuditEvent, AuditManifest, ExportVerdict } from '../../../shared/model/audit.ts';
import { startSha256 } from '../../crypto/index.ts';
import { FIRST_HASH, hashOfEvent } from '../../storage/index.ts';
import { type ChainFault, ChainWalk } from './chain-walk.ts';
import { isSignedBy } from './signing-key.ts';
import { beginsEvidence, EvidenceCheck } from './verify-evidence.ts';

interface Finding {
  readonly message: string;
  readonly seq: number | null;
}

/**
 * Checks an exported file by itself, without the project (SPEC §12.3): every event against its own hash, an unfiltered file as a chain
 * without gaps, and with the manifest also that nothing was taken away at its end and who signed it. Of a CSV file the manifest says
 * whether it is what was exported; its lines are for reading. An evidence pack needs no manifest: it seals itself.
 */
export async function verifyExport(
  pieces: AsyncIterable<string>,
  manifest: AuditManifest | null,
): Promise<ExportVerdict> {
  const hash = startSha256();
  const lines = new ExportedLines(manifest?.complete ?? true);
  const isCsv = manifest?.format === 'csv';
  let evidence: EvidenceCheck | null = null;
  let isBegun = false;
  let rest = '';
  for await (const piece of pieces) {
    hash.update(piece);
    if (isCsv) continue;
    const parts = (rest + piece).split('\n');
    rest = parts.pop() ?? '';
    for (const one of parts) {
      if (!isBegun && beginsEvidence(one)) evidence = new EvidenceCheck();
      isBegun = true;
      (evidence ?? lines).take(one);
    }
  }
  if (evidence !== null) return evidence.verdict(rest);
  if (rest !== '') lines.take(rest);
  const found = lines.finding ?? manifestFinding(manifest, hash.digestHex(), isCsv ? null : lines);
  return {
    valid: found === null,
    message: found?.message ?? lines.wholeMessage(manifest),
    checked: isCsv ? (manifest?.events ?? 0) : lines.checked,
    first_bad_seq: found?.seq ?? null,
    last_seq: isCsv ? (manifest?.last_seq ?? null) : lines.last,
    signed_by: manifest?.public_key ?? null,
  };
}

/** The lines of a file, checked one by one; after the first that is wrong nothing more is looked at. */
class ExportedLines {
  readonly #isChain: boolean;
  #walk: ChainWalk | null = null;
  #number = 0;
  #last: number | null = null;
  finding: Finding | null = null;

  constructor(isChain: boolean) {
    this.#isChain = isChain;
  }

  get checked(): number {
    return this.#number;
  }

  get last(): number | null {
    return this.#last;
  }

  take(line: string): void {
    if (this.finding !== null || line === '') return;
    this.#number += 1;
    const event = readEvent(line);
    if (event === null) this.finding = { message: `Line ${this.#number} is no event of an audit.`, seq: null };
    else this.finding = this.#check(event);
  }

  #check(event: AuditEvent): Finding | null {
    const { seq, prev_hash, hash } = event;
    // A filtered file has gaps: each event stands alone. A file that begins later was cut on purpose before it was exported.
    if (this.#walk === null || !this.#isChain) {
      if (this.#last !== null && seq <= this.#last) return { message: `Event ${seq} stands in the wrong place.`, seq };
      this.#walk = new ChainWalk({ seq, prevHash: seq === 1 ? FIRST_HASH : null });
    }
    const bad: ChainFault | null = this.#walk.step({ seq, prevHash: prev_hash, hash, computed: hashOfEvent(event) });
    if (bad === null) this.#last = seq;
    return bad;
  }

  wholeMessage(manifest: AuditManifest | null): string {
    if (manifest === null)
      return 'Every event fits. Without its manifest nobody can tell whether later events were taken away.';
    return manifest.complete
      ? 'The file is whole and signed.'
      : 'Every event fits and the file is signed. It was filtered: what it leaves out cannot be checked.';
  }
}

function readEvent(line: string): AuditEvent | null {
  try {
    const event = JSON.parse(line) as AuditEvent | null;
    const isEvent =
      Number.isSafeInteger(event?.seq) && typeof event?.hash === 'string' && typeof event.details === 'object';
    return isEvent ? event : null;
  } catch {
    return null;
  }
}

function manifestFinding(manifest: AuditManifest | null, sha256: string, lines: ExportedLines | null): Finding | null {
  if (manifest === null) return null;
  const { signature, ...said } = manifest;
  if (!isSignedBy(manifest.public_key, canonicalJson(said), signature))
    return { message: 'The manifest is not what was signed.', seq: null };
  if (lines !== null && lines.last !== manifest.last_seq)
    return {
      message: `The file ends with event ${lines.last ?? 0}, but event ${manifest.last_seq ?? 0} was exported.`,
      seq: (lines.last ?? 0) + 1,
    };
  if (sha256 !== manifest.sha256)
    return { message: 'The file is not what was exported: its sum does not fit.', seq: null };
  return null;
}
