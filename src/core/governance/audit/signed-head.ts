import { readFileSync } from 'node:fs';
import { canonicalJson } from '../../../shared/json.ts';
import type { AuditHead } from '../../../shared/model/audit.ts';
import { writeFileAtomic } from '../../files/index.ts';
import type { SigningKey } from './signing-key.ts';

/** The end of a chain as it was at an instant. */
export interface SignedHead extends AuditHead {
  /** ISO 8601. */
  readonly signed_at: string;
}

/**
 * How far the audit of a project went when it was signed last, in a file outside the project. Without it nobody could tell a chain whose
 * end was cut off from one that never went further, nor a backup from the present.
 */
export class SignedHeadFile {
  readonly #file: string;
  readonly #key: SigningKey;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, key: SigningKey) {
    this.#file = file;
    this.#key = key;
  }

  /** What was signed last; null = nothing, or what stands there was not signed with this key. */
  read(): SignedHead | null {
    try {
      const { signature, ...head } = JSON.parse(readFileSync(this.#file, 'utf8')) as SignedHead & {
        readonly signature: string;
      };
      return this.#key.hasSigned(canonicalJson(head), signature) ? head : null;
    } catch {
      return null;
    }
  }

  /** Durable when it resolves; one after the other. Never goes back: what says less than what was signed is not written. */
  write(head: AuditHead, at: number): Promise<void> {
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(async () => {
        if ((this.read()?.seq ?? 0) >= head.seq) return;
        const said = { seq: head.seq, hash: head.hash, signed_at: new Date(at).toISOString() };
        const signed = { ...said, signature: this.#key.sign(canonicalJson(said)) };
        await writeFileAtomic(this.#file, `${JSON.stringify(signed)}\n`, 0o600);
      });
    return this.#writing;
  }
}
