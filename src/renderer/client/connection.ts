import { create } from 'zustand';

/**
 * Whether the live events of the engine reach this window. In the desktop app it is always `online`. `signed_out`: the app answers,
 * but does not know this page.
 */
export type Connection = 'connecting' | 'online' | 'lost' | 'signed_out';

interface ConnectionState {
  readonly state: Connection;
  /** Of when the newest thing on the screen is, UTC ms: nothing was heard since. Null while all that happens is heard. */
  readonly heardUntil: number | null;
}

export const useConnection = create<ConnectionState>()(() => ({ state: 'connecting', heardUntil: null }));

export const setConnection = (state: Connection): void =>
  useConnection.setState((before) => {
    if (before.state === state) return before;
    const isBlind = state === 'lost' || state === 'signed_out';
    return { state, heardUntil: isBlind ? (before.heardUntil ?? Date.now()) : null };
  });
