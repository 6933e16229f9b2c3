import type { AuditState } from '../../../shared/model/audit.ts';

/** One event of a chain as a walk sees it: what it says of itself, and the hash that it must have. */
export interface Link {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly computed: string;
}

/** What is wrong with a chain, and from which event on. */
export interface ChainFault {
  readonly state: Exclude<AuditState, 'ok' | 'prune_pending'>;
  readonly seq: number;
  readonly message: string;
}

const fault = (state: ChainFault['state'], seq: number, message: string): ChainFault => ({ state, seq, message });

/** Walks along a chain, event by event, and stops at the first that is not what it must be. */
export class ChainWalk {
  #next: { readonly seq: number; readonly prevHash: string | null };
  #last: Link | null = null;
  #checked = 0;

  /** The first event must have this number and follow this hash; null = whatever it says. */
  constructor(first: { readonly seq: number; readonly prevHash: string | null }) {
    this.#next = first;
  }

  /** The last event that was right. */
  get last(): Link | null {
    return this.#last;
  }

  get checked(): number {
    return this.#checked;
  }

  /** Looks at the next event; null = it is right. */
  step(link: Link): ChainFault | null {
    this.#checked += 1;
    const { seq, prevHash } = this.#next;
    const isItself = link.computed === link.hash;
    if (link.seq > seq)
      return fault('missing', seq, `Event ${seq} is missing: the next one that is there is event ${link.seq}.`);
    if (link.seq < seq) return fault('changed', link.seq, `Event ${link.seq} stands where none was written.`);
    if (!isItself) return fault('changed', seq, `Event ${seq} is not what was written: its hash does not fit.`);
    if (prevHash !== null && link.prevHash !== prevHash) {
      // It is what was written and says what stood before it: so the one before was made anew, with a hash of its own.
      const bad = this.#last === null ? seq : this.#last.seq;
      return fault('changed', bad, `Event ${bad} is not what was written: event ${seq} follows another one.`);
    }
    this.#last = link;
    this.#next = { seq: seq + 1, prevHash: link.hash };
    return null;
  }
}
