import type { WorkflowPin } from './events.ts';

/** How the folder of the project is named where trust is asked for, shown or given. */
export const PROJECT_FOLDER = '.';

/** What a bundle could do, in the order in which people are shown it (SPEC §6.7). */
export const CAPABILITY_KINDS = [
  'runs',
  'asks',
  'reaches',
  'reads',
  'writes',
  'environment',
  'secrets',
  'tools',
  'agents',
  'workflows',
  'declares',
  'starts',
] as const;
export type CapabilityKind = (typeof CAPABILITY_KINDS)[number];

/** One thing that a bundle could do, or a safeguard that it has (`asks`). */
export interface Capability {
  readonly kind: CapabilityKind;
  /** The script, host, folder, secret … as it is written: by this two versions are compared. */
  readonly name: string;
  /** What for, in plain words. */
  readonly purpose: string;
  /** Whether the bundle says so itself, or reading its code showed it. */
  readonly source: 'declared' | 'code';
  /** What it is made of; another one under the same name is *changed*. */
  readonly fingerprint: string;
}

/**
 * What a version from outside says that it uses (SPEC §6.7), as its sheet shows it: when it runs, nothing else is given to it. Agents are
 * not among it: a run asks those that its files name and those that a person chose, never one whose name it made up.
 */
export interface Declared {
  /** Tools of the project; servers of MCP are such tools. */
  readonly tools: readonly string[];
  readonly secrets: readonly string[];
  /** Hosts, beside those of the tools that it names. */
  readonly hosts: readonly string[];
}

/** How something stands against the version that is accepted. */
export type CapabilityMark = 'new' | 'changed' | 'same' | 'gone';

/** A line of the sheet. `findings` are numbers of findings, from 1. */
export interface CapabilityRow {
  readonly kind: CapabilityKind;
  readonly name: string;
  readonly purpose: string;
  readonly source: Capability['source'];
  readonly mark: CapabilityMark;
  readonly findings: readonly number[];
}

/** `high` has to be read before anybody can consent. */
export type FindingSeverity = 'high' | 'watch';

/** Something that reading the files showed and a person should know. */
export interface Finding {
  /** Stays the same as long as the finding does: code and place. */
  readonly id: string;
  readonly code: string;
  readonly severity: FindingSeverity;
  readonly title: string;
  readonly text: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** The line as it stands, hidden characters as their numbers. */
  readonly excerpt?: string;
  /** What of the list it is about. */
  readonly about?: { readonly kind: CapabilityKind; readonly name: string };
}

/** A value that is another one than in the accepted version. */
export interface ParameterChange {
  readonly place: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A bundle against the version that is accepted. */
export interface TrustDifference {
  /** Only values are different: nothing that it runs, reaches, reads, writes, needs or asks. */
  readonly parametersOnly: boolean;
  /** At most 50. */
  readonly parameters: readonly ParameterChange[];
  /** Files that came, went or are different, at most 500. */
  readonly files: readonly { readonly path: string; readonly mark: Exclude<CapabilityMark, 'same'> }[];
}

/** A version that a person accepted: what starts by itself starts this one (SPEC §6.7, §7). `at` in UTC ms. */
export interface AcceptedVersion {
  readonly contentHash: string;
  readonly versionLabel: string;
  /** What the version calls, as it was accepted; missing in what was consented to before this was kept. */
  readonly pins?: readonly WorkflowPin[];
  readonly by: string;
  readonly at: number;
}

/** What is known of a workflow of the library outside of the project. */
export interface TrustSubject {
  /** It was imported: it runs nothing before a person accepts it. Null = it was made here. */
  readonly outside: {
    readonly contentHash: string;
    readonly by: string;
    readonly at: number;
    /** What it took the place of, among the removed. */
    readonly replaced?: string | undefined;
    /** Public key of whoever signed this content. */
    readonly signer?: string | undefined;
  } | null;
  readonly accepted: AcceptedVersion | null;
  /** Who had signed the version that was accepted first, and each after it: another one is a serious finding. */
  readonly signer?: string;
  /** The version before, where it started well by hand: it goes on until the new one did (`features.progressive_rollout`). */
  readonly before?: AcceptedVersion;
}

/** `own` was made here and is trusted without a question; `changed` another version of it was accepted. */
export type TrustState = 'own' | 'trusted' | 'untrusted' | 'changed';
