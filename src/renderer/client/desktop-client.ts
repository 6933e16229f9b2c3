import type {
  ControlCenterClient,
  InputOf,
  LiveBatch,
  OperationName,
  OutputOf,
  WireAnswer,
} from '../../shared/contract/index.ts';
import { openAnswer } from './wire-answer.ts';

/** What only the desktop app can do with the machine; absent in a browser. */
export interface HostActions {
  pickFolder(): Promise<string | null>;
  openFile(runId: string, path: string): Promise<void> | void;
  revealFile(runId: string, path: string): Promise<void> | void;
}

/** The shape of `window.aiworkflow`: plain functions, nothing of Electron crosses. */
export interface DesktopBridge {
  call(name: string, input: unknown): Promise<WireAnswer>;
  subscribe(listener: (batch: LiveBatch) => void): () => void;
  readonly host?: HostActions;
}

export function createDesktopClient(bridge: DesktopBridge): ControlCenterClient {
  return {
    async call<N extends OperationName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
      return openAnswer<OutputOf<N>>(await bridge.call(name, input));
    },
    subscribe: (listener) => bridge.subscribe(listener),
  };
}
