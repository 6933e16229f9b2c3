/** A new passphrase of a vault has so many characters or more, whichever way it is said. */
export const LEAST_PASSPHRASE_CHARS = 12;

/** What is known of a stored secret: everything but its value, which no operation gives (SPEC §12.4). Instants are UTC ms. */
export interface SecretInfo {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Who may use it: ids of workflows, `tool:NAME`, `agent:NAME`, `channel:NAME`, or `*` for all. */
  readonly allowed: readonly string[];
  readonly createdAt: number;
  /** When its value or what is said about it was changed last. */
  readonly updatedAt: number;
  /** When its value was replaced last; null = it is the first one. */
  readonly rotatedAt: number | null;
  readonly lastUsedAt: number | null;
  /** Null = it does not expire. */
  readonly expiresAt: number | null;
  /** How near the end is: a fortnight before it is `soon`. */
  readonly expiry: 'none' | 'far' | 'soon' | 'over';
  /** What names it now: `workflow:ID`, `tool:NAME`, `agent:NAME`, `channel:NAME`. */
  readonly usedBy: readonly string[];
}

/** What keeps the key that all secrets of a project are sealed with; `desktop` = the app with a window seals it, and alone opens it. */
export type KeyKeeperKind = 'keychain' | 'desktop' | 'vault' | 'file';

/** Whether secrets can be used now. `none` = there is no key yet: the first secret makes one. */
export type SecretStoreState = 'none' | 'open' | 'locked' | 'unreachable';

/** How the secrets of a project are protected, and whether they can be used now. */
export interface SecretStoreInfo {
  /** What keeps the key; where there is none yet, what would keep it. */
  readonly keeper: KeyKeeperKind;
  readonly state: SecretStoreState;
  /** Why it is locked or cannot be reached: one sentence; null = it can be used. */
  readonly problem: string | null;
  /** There is no key yet, a vault would keep it, and nobody has said its passphrase. */
  readonly needsPassphrase: boolean;
  /** The settings ask for a key that lies open in a file. */
  readonly isUnprotected: boolean;
}
