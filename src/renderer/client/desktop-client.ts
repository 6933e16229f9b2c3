import type {
  ControlCenterClient,
  InputOf,
  LiveBatch,
  OperationName,
  OutputOf,
  WireAnswer,
} from '../../shared/contract/index.ts';
import type { DesktopSettings, DesktopSettingsChange } from '../../shared/model/desktop.ts';
import type { ChosenKeys } from '../../shared/model/shortcuts.ts';
import { openAnswer } from './wire-answer.ts';

/** What the menu of the desktop app, or the system, asks the page to show. */
export type HostCommand =
  | { readonly name: 'palette' | 'shortcuts' | 'doctor' | 'open-folder' }
  | { readonly name: 'open-project'; readonly path: string }
  | { readonly name: 'staged'; readonly uploadId: string; readonly title: string }
  | { readonly name: 'problem'; readonly message: string; readonly hint: string };

/** What only the desktop app can do with the machine; absent in a browser. */
export interface HostActions {
  pickFolder(): Promise<string | null>;
  openFile(runId: string, path: string): Promise<void> | void;
  revealFile(runId: string, path: string): Promise<void> | void;
  settings(): Promise<DesktopSettings>;
  /** Those that an administrator has set. */
  lockedSettings(): Promise<readonly string[]>;
  /** What is not one of them is refused. */
  changeSettings(some: DesktopSettingsChange): Promise<DesktopSettings>;
  /** The keys that a person has chosen, for the menu. */
  showKeys(keys: ChosenKeys): Promise<unknown>;
  /** One listener a page; hears also what came before it listened. */
  onCommand(listener: (command: HostCommand) => void): void;
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
