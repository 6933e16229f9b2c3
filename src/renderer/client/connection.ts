import { create } from 'zustand';

/** Whether the live events of the engine reach this window. In the desktop app it is always `online`. */
export type Connection = 'connecting' | 'online' | 'lost';

export const useConnection = create<{ readonly state: Connection }>()(() => ({ state: 'connecting' }));

export const setConnection = (state: Connection): void => {
  if (useConnection.getState().state !== state) useConnection.setState({ state });
};
