import type { AuditVerdict } from '../../../shared/model/audit.ts';
import { type AuditCut, type AuditRepository, type AuditRow, FIRST_HASH, hashOfRow } from '../../storage/index.ts';
import { type ChainFault, ChainWalk, type Link } from './chain-walk.ts';
import type { SignedHead } from './signed-head.ts';

/** What a chain is held against. */
export interface Evidence {
  /** What was signed last outside the project. */
  readonly signed: SignedHead | null;
  /** Whether a cut was made by somebody who has the key. */
  readonly isSigned: (cut: AuditCut) => boolean;
}

/**
 * Walks the whole chain and says what is wrong, by the first event that is (SPEC §12.3). Goes on while others write: what is written
 * meanwhile belongs to the chain. Other work has its turn after each thousand events.
 */
export async function verifyAudit(audit: AuditRepository, { signed, isSigned }: Evidence): Promise<AuditVerdict> {
  const [newest] = audit.cuts();
  const cut = newest !== undefined && isSigned(newest) ? newest : null;
  const walk = new ChainWalk(beginning(audit, cut));
  let atSigned: string | null = null;
  const noted = (row: AuditRow): void => {
    if (row.seq === signed?.seq) atSigned = row.hash;
  };
  const { broken, height } = await walkRows(audit, walk, noted);
  const bad = broken ?? faultAtCut(audit, cut) ?? faultAtEnd(walk, height, signed);
  const head = walk.last === null ? null : { seq: walk.last.seq, hash: walk.last.hash };
  const isRewritten = bad === null && signed !== null && atSigned !== null && atSigned !== signed.hash;
  const found: ChainFault | null = isRewritten
    ? {
        state: 'rewritten',
        seq: signed.seq,
        message: `The chain was written anew: event ${signed.seq} is not the one that was signed on ${signed.signed_at}.`,
      }
    : bad;
  const isPending = cut !== null && !cut.isDone;
  const forged =
    newest !== undefined && cut === null ? ' A cut of the chain is not signed with the key of this computer.' : '';
  return {
    valid: found === null,
    state: found?.state ?? (isPending ? 'prune_pending' : 'ok'),
    message: found === null ? wholeMessage(walk, isPending) : `${found.message}${forged}`,
    checked: walk.checked,
    first_bad_seq: found?.seq ?? null,
    head,
    signed_head: signed,
    cut_through: cut?.throughSeq ?? null,
  };
}

const wholeMessage = ({ checked }: ChainWalk, isPending: boolean): string =>
  isPending
    ? 'The chain is whole. A cut was interrupted and goes on when the project is opened again.'
    : checked === 0
      ? 'Nothing was written yet.'
      : 'The chain is whole.';

/** Where the chain begins: at its first event, or behind what was cut; while a cut is going on, with whatever is left. */
function beginning(audit: AuditRepository, cut: AuditCut | null): ConstructorParameters<typeof ChainWalk>[0] {
  if (cut === null) return { seq: 1, prevHash: FIRST_HASH };
  const [first] = cut.isDone ? [] : audit.after(0);
  if (first !== undefined && first.seq <= cut.throughSeq) return { seq: first.seq, prevHash: null };
  return { seq: cut.throughSeq + 1, prevHash: cut.throughHash };
}

async function walkRows(
  audit: AuditRepository,
  walk: ChainWalk,
  noted: (row: AuditRow) => void,
): Promise<{ readonly broken: ChainFault | null; readonly height: number }> {
  let rows = audit.after(0);
  while (rows.length > 0) {
    for (const row of rows) {
      const bad = walk.step(toLink(row));
      if (bad !== null) return { broken: bad, height: 0 };
      noted(row);
    }
    await new Promise(setImmediate);
    rows = audit.after(walk.last?.seq ?? 0);
  }
  // In the same breath in which no more rows were found: a moment later there may be more.
  return { broken: null, height: audit.height() };
}

const toLink = (row: AuditRow): Link => ({
  seq: row.seq,
  prevHash: row.prev_hash,
  hash: row.hash,
  computed: hashOfRow(row),
});

/** While a cut is going on, its last event is still there or gone: if it is there it is the one that was signed. */
function faultAtCut(audit: AuditRepository, cut: AuditCut | null): ChainFault | null {
  const row = cut === null || cut.isDone ? null : audit.find(cut.throughSeq);
  if (cut === null || row === null || row.hash === cut.throughHash) return null;
  return { state: 'changed', seq: row.seq, message: `Event ${row.seq} is not the one up to which a cut was signed.` };
}

function faultAtEnd(walk: ChainWalk, height: number, signed: SignedHead | null): ChainFault | null {
  const last = walk.last?.seq ?? 0;
  if (last < height)
    return walk.last === null
      ? { state: 'emptied', seq: 1, message: `The audit is empty, but ${height} events were written.` }
      : {
          state: 'cut_off',
          seq: last + 1,
          message: `The end is missing: events ${last + 1} to ${height} were written.`,
        };
  if (signed === null || signed.seq <= last) return null;
  const message = `The audit is older than the signed head: it ends with event ${last}, but event ${signed.seq} was signed on ${signed.signed_at}. A backup may have been restored.`;
  return { state: 'older_than_head', seq: last + 1, message };
}
