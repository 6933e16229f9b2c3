/** The channels between the window and this process; `src/preload/index.ts` names the same (a test compares them). */
export const IPC_CHANNELS = {
  /** invoke (name, input) -> WireAnswer */
  call: 'aiworkflow:call',
  /** invoke () -> WireAnswer; events follow on `events`. */
  subscribe: 'aiworkflow:subscribe',
  /** send LiveBatch */
  events: 'aiworkflow:events',
  /** invoke (action, input) -> WireAnswer */
  host: 'aiworkflow:host',
  /** send PageCommand, to a page that has said it listens */
  command: 'aiworkflow:command',
} as const;
