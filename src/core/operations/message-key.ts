/** The key by which a message has one run (SPEC §3.1). */
export const startKeyOf = (messageId: string): string => `queue:${messageId}`;

const KEY_START = startKeyOf('');
/** The message that a run was started for; null = for none. */
export const messageOf = (startKey: string | null): string | null =>
  startKey?.startsWith(KEY_START) ? startKey.slice(KEY_START.length) : null;
