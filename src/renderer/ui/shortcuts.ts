interface Shortcut {
  /** As `KeyboardEvent.key` says it. */
  readonly key: string;
  /** Together with Ctrl, or the command key of a Mac. */
  readonly isHeld?: boolean;
  /** How the key is written, where its name is not what stands on it. */
  readonly sign?: string;
}

/** Every key of the app but those of the sections and of the widgets: who obeys a key and who lists it both read it here. */
export const SHORTCUTS = {
  palette: { key: 'k', isHeld: true, sign: 'K' },
  search: { key: '/' },
  next: { key: 'j' },
  previous: { key: 'k' },
  approve: { key: 'a' },
  reject: { key: 'r' },
  run: { key: 'Enter', isHeld: true, sign: '⏎' },
  firstError: { key: 'e' },
  help: { key: '?' },
  escape: { key: 'Escape', sign: 'Esc' },
} as const satisfies Readonly<Record<string, Shortcut>>;

export type ShortcutName = keyof typeof SHORTCUTS;

export const SHORTCUT_NAMES = Object.keys(SHORTCUTS) as readonly ShortcutName[];

/** Whether a key event asks for it. */
export function isShortcut(
  name: ShortcutName,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  const { key, isHeld = false }: Shortcut = SHORTCUTS[name];
  const pressed = isHeld ? event.key.toLowerCase() === key.toLowerCase() : event.key === key;
  return pressed && !event.altKey && (event.ctrlKey || event.metaKey) === isHeld;
}

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** `Ctrl K`, `/`. */
export function shortcutText(name: ShortcutName): string {
  const { key, isHeld = false, sign = key }: Shortcut = SHORTCUTS[name];
  return isHeld ? `${isMac() ? '⌘' : 'Ctrl'} ${sign}` : sign;
}
