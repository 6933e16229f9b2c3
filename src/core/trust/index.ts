/** What a bundle could do, read from its files, and how that differs from the version that a person accepted (SPEC §6.7). */
export { compareTrust, type TrustComparison, type TrustVersion } from './compare-trust.ts';
export { findHidden, type HiddenCharacter } from './hidden-characters.ts';
export { declaredOf, readTrust, type TrustReading } from './read-trust.ts';
export { type Signing, signerFindings, signerWord } from './signer.ts';
export { readTree, type TreeFile } from './tree.ts';
export { type ArmableTrigger, type LibraryChange, TrustStore } from './trust-store.ts';
