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

export type FromTest =
  /** The next answer of a dialog or of the shell; answers queue up by name. */
  | { readonly kind: 'answer'; readonly what: string; readonly value: unknown }
  /** An event of the system, as if it came from there; `quit` and `close` = somebody wants the app, the window to end, `click-notice` = a click on the newest notice. */
  | { readonly kind: 'emit'; readonly event: 'second-instance' | 'activate' | 'quit' | 'close' | 'click-notice' };

const answers = new Map<string, unknown[]>();
const emitted = new Map<string, () => void>();

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

export function onSystemEvent(event: Extract<FromTest, { kind: 'emit' }>['event'], act: () => void): void {
  emitted.set(event, act);
}

process.on('message', (message: FromTest) => {
  if (message.kind === 'answer') answers.set(message.what, [...(answers.get(message.what) ?? []), message.value]);
  else emitted.get(message.event)?.();
});
// The channel must not keep an app alive that has quit.
process.channel?.unref();
