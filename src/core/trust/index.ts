/** What a bundle could do, read from its files, and how that differs from the version that a person accepted (SPEC §6.7). */
export { compareTrust, type TrustComparison, type TrustVersion } from './compare-trust.ts';
export { findHidden, type HiddenCharacter } from './hidden-characters.ts';
export { idIn, type LibraryReach, readProject, type ToolReach, withLibrary } from './read-project.ts';
export { declaredOf, isCode, readTrust, type TrustReading, variablesThatLoad, writtenOf } from './read-trust.ts';
export { type Signing, signerFindings, signerWord } from './signer.ts';
export { readTree, type TreeFile, textOfFile } from './tree.ts';
export {
  type AcceptedReach,
  type ArmableTrigger,
  type LibraryChange,
  type ProjectOrigin,
  TrustStore,
} from './trust-store.ts';
