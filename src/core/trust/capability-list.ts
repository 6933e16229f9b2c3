import { canonicalJson } from '../../shared/json.ts';
import type { Capability, CapabilityKind } from '../../shared/model/trust.ts';
import { sha256Hex } from '../crypto/index.ts';

/** What a capability is found by. */
type Said = Omit<Capability, 'fingerprint' | 'source'> & {
  readonly source?: Capability['source'];
  /** What it is made of, beside its name; another value is *changed*. */
  readonly made?: unknown;
};

/** Collects what a bundle could do: each thing once, with every purpose that was found for it. */
export class CapabilityList {
  readonly #found = new Map<string, { said: Said; purposes: Set<string>; made: unknown[] }>();

  add(said: Said): void {
    if (said.name === '') return;
    const key = capabilityKey(said);
    const known = this.#found.get(key);
    const made = said.made === undefined ? [] : [said.made];
    if (known === undefined) {
      this.#found.set(key, { said, purposes: new Set([said.purpose]), made });
      return;
    }
    known.purposes.add(said.purpose);
    known.made.push(...made);
    // What the bundle itself says goes before what was read from its code.
    if (said.source !== 'code') known.said = { ...known.said, source: said.source ?? 'declared' };
  }

  /** Whether something is declared, not only found in code. */
  declares(kind: CapabilityKind, name: string): boolean {
    const known = this.#found.get(capabilityKey({ kind, name }));
    return known !== undefined && known.said.source !== 'code';
  }

  list(): readonly Capability[] {
    return [...this.#found.values()].map(({ said, purposes, made }) => ({
      kind: said.kind,
      name: said.name,
      purpose: [...purposes].slice(0, 4).join('; ') + (purposes.size > 4 ? ' …' : ''),
      source: said.source ?? 'declared',
      fingerprint: sha256Hex(canonicalJson(made)),
    }));
  }
}

/** One key for one thing of one kind. */
export const capabilityKey = ({ kind, name }: { readonly kind: CapabilityKind; readonly name: string }): string =>
  `${kind} ${name}`;
