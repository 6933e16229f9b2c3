import { canonicalJson } from '../../../shared/json.ts';
import type { EvidenceLine, EvidenceSeal } from '../../../shared/model/evidence.ts';
import { sha256Hex } from '../../crypto/index.ts';
import type { SigningKey } from './signing-key.ts';

/** What stands above the events of an evidence pack, and the sums of its lines. */
export function headOfEvidence(lines: readonly EvidenceLine[]): {
  readonly text: string;
  readonly sums: readonly string[];
} {
  const texts = lines.map((line) => JSON.stringify(line));
  return { text: texts.map((one) => `${one}\n`).join(''), sums: texts.map(sha256Hex) };
}

/** The signed last line. */
export function sealOfEvidence(said: Omit<EvidenceSeal, 'signature' | 'public_key'>, key: SigningKey): string {
  const named = { ...said, public_key: key.publicKey };
  return `${JSON.stringify({ ...named, signature: key.sign(canonicalJson(named)) })}\n`;
}
