/** What the stand-in's process and the test that launched it say to each other, over Node's own channel. */

/** Something the app asked of the desktop; the test looks at it. */
export interface Recorded {
  readonly what: string;
  readonly args: readonly unknown[];
}

export type FromApp =
  | { readonly kind: 'recorded'; readonly entry: Recorded }
  /** A window has loaded its page; `pageUrl` is where Chromium has it. */
  | { readonly kind: 'window'; readonly pageUrl: string };

/** What can come from the system, and what comes with it. */
export interface SystemEvents {
  /** Somebody starts the app once more, with this command line. */
  'second-instance': [argv?: readonly string[]];
  activate: [];
  /** Somebody wants the app, the window to end. */
  quit: [];
  close: [];
  'open-url': [url: string];
  'open-file': [path: string];
  /** A click on the notice that was shown last, or on one of its buttons. */
  'click-notice': [];
  'press-notice': [button: number];
  /** A toast that has left is clicked, or a button of it pressed: `Notification.handleActivation`. */
  'activate-notice': [details: { readonly type: string; readonly arguments: string; readonly actionIndex?: number }];
  'click-tray': [];
  /** An entry of the menu of the app or of the tray, by its labels (or roles) from the outside in. */
  'click-menu': [of: 'app' | 'tray', ...labels: string[]];
  power: [event: 'suspend' | 'resume' | 'on-ac' | 'on-battery' | 'shutdown' | 'lock-screen' | 'unlock-screen'];
  /** The process of the page is gone, or hangs. */
  'page-gone': [reason: string];
  'page-hangs': [];
  /** A person moves the window, or gives it another size. */
  place: [bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }];
  maximize: [];
}
type Emit<N extends keyof SystemEvents = keyof SystemEvents> = {
  [K in N]: { readonly kind: 'emit'; readonly event: K; readonly args?: SystemEvents[K] };
}[N];

export type FromTest =
  /** The next answer of a dialog or of the shell; answers queue up by name. */
  | { readonly kind: 'answer'; readonly what: string; readonly value: unknown }
  /** An event of the system, as if it came from there. */
  | Emit;

const answers = new Map<string, unknown[]>();
const emitted = new Map<string, (...args: never[]) => void>();

export function record(what: string, ...args: readonly unknown[]): void {
  tellTest({ kind: 'recorded', entry: { what, args } });
}

export function tellTest(message: FromApp): void {
  if (process.connected) process.send?.(message);
}

/** The answer that the test scripted for `what`, or `otherwise`. */
export function takeAnswer<T>(what: string, otherwise: T): T {
  const queued = answers.get(what) ?? [];
  return queued.length === 0 ? otherwise : (queued.shift() as T);
}

export function onSystemEvent<N extends keyof SystemEvents>(event: N, act: (...args: SystemEvents[N]) => void): void {
  emitted.set(event, act as (...args: never[]) => void);
}

process.on('message', (message: FromTest) => {
  if (message.kind === 'answer') answers.set(message.what, [...(answers.get(message.what) ?? []), message.value]);
  else emitted.get(message.event)?.(...((message.args ?? []) as never[]));
});
// The channel must not keep an app alive that has quit.
process.channel?.unref();
