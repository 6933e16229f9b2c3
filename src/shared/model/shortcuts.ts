/** A key of the app. */
interface Shortcut {
  /** As {@link keysOf} writes it. */
  readonly keys: string;
  /** It works while somebody types: it needs Ctrl (the command key of a Mac), or a function key. */
  readonly isHeld?: boolean;
  /** Only in the desktop app, by its menu. */
  readonly isOfDesktop?: boolean;
}

/**
 * Every key of the app that a person may change, with what it is for somebody who has changed none: who obeys a key, the menu that shows it and
 * who lists it all read it here. Those of the sections and of the widgets stay as they are.
 */
export const SHORTCUTS = {
  palette: { keys: 'Mod+K', isHeld: true },
  search: { keys: '/' },
  next: { keys: 'j' },
  previous: { keys: 'k' },
  approve: { keys: 'a' },
  reject: { keys: 'r' },
  run: { keys: 'Mod+Enter', isHeld: true },
  firstError: { keys: 'e' },
  help: { keys: '?' },
  settings: { keys: 'Mod+,', isHeld: true, isOfDesktop: true },
  openFolder: { keys: 'Mod+O', isHeld: true, isOfDesktop: true },
} as const satisfies Readonly<Record<string, Shortcut>>;

export type ShortcutName = keyof typeof SHORTCUTS;
/** The names of all shortcuts. */
export const SHORTCUT_NAMES = Object.keys(SHORTCUTS) as readonly ShortcutName[];

/** What a person has chosen in place of the keys that came with the app. */
export type ChosenKeys = Readonly<Partial<Record<ShortcutName, string>>>;

/** A shortcut by its name. */
export const shortcut = (name: ShortcutName): Shortcut => SHORTCUTS[name];

/** The keys that count. */
export const keysFor = (name: ShortcutName, chosen: ChosenKeys): string => chosen[name] ?? SHORTCUTS[name].keys;

/** What of a key event decides. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Keys as text: `j`, `?`, `F2`, `Mod+K`, `Mod+Shift+K` (Mod = Ctrl, or the command key of a Mac); null for Ctrl, Shift and the like alone. */
export function keysOf({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string | null {
  if (['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'Dead', 'CapsLock', 'Unidentified', 'Process'].includes(key))
    return null;
  const isHeld = ctrlKey || metaKey;
  if (!isHeld && !altKey) return key;
  const name = key.length === 1 ? key.toUpperCase() : key;
  return `${isHeld ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${name}`;
}

/** Who has a key already, so that nobody else may: what it does is a word of `shell:shortcuts.reserved`. */
const RESERVED: Readonly<Record<string, readonly string[]>> = {
  tabs: ['Mod+T', 'Mod+Shift+T', 'Mod+N', 'Mod+Shift+N', 'Mod+W', 'Mod+Shift+W', 'Mod+Tab', 'Mod+Shift+Tab'],
  page: ['Mod+R', 'Mod+Shift+R', 'F5', 'Mod+L', 'Mod+P', 'Mod+S', 'Mod+F', 'Mod+G', 'Mod+D', 'Mod+H', 'Mod+J', 'Mod+U'],
  window: ['Mod+Q', 'Mod+M', 'F11', 'F12', 'Mod+Shift+I', 'Mod+Shift+J', 'Mod+Shift+C', 'F1', 'F3', 'F6', 'F7', 'F10'],
  zoom: ['Mod+0', 'Mod++', 'Mod+-', 'Mod+=', 'Mod+Shift++', 'Mod+Shift+=', 'Mod+Shift+-'],
  editing: ['Mod+A', 'Mod+C', 'Mod+V', 'Mod+X', 'Mod+Z', 'Mod+Y', 'Mod+Shift+Z', 'Mod+Shift+V', 'Mod+B', 'Mod+I'],
  sections: Array.from({ length: 9 }, (_, at) => `Mod+${at + 1}`),
};

/** Why keys may not be a shortcut. `conflict` and `reserved` name who has them. */
export type KeysProblem =
  | { readonly kind: 'reserved'; readonly by: string }
  | { readonly kind: 'conflict'; readonly with: ShortcutName }
  | { readonly kind: 'needs_held' | 'needs_plain' | 'alt' | 'moving' };

const isFunctionKey = (keys: string): boolean => /^F([1-9]|1\d|2[0-4])$/.test(keys);

/** Why a shortcut may not have these keys; null = it may. */
export function keysProblem(name: ShortcutName, keys: string, chosen: ChosenKeys): KeysProblem | null {
  for (const [by, taken] of Object.entries(RESERVED)) if (taken.includes(keys)) return { kind: 'reserved', by };
  if (keys.includes('Alt+')) return { kind: 'alt' };
  const isHeld = keys.startsWith('Mod+');
  const last = keys.replace(/^Mod\+(?:Shift\+)?/, '');
  // A key with a name moves, edits or presses what has the focus, wherever the app is; Ctrl and Enter is the one that sends.
  const isNamed = last === ' ' || (last.length > 1 && !isFunctionKey(keys));
  if (isNamed && keys !== 'Mod+Enter') return { kind: 'moving' };
  if (shortcut(name).isHeld === true && !isHeld && !isFunctionKey(keys)) return { kind: 'needs_held' };
  if (shortcut(name).isHeld !== true && isHeld) return { kind: 'needs_plain' };
  const other = SHORTCUT_NAMES.find((one) => one !== name && keysFor(one, chosen) === keys);
  return other === undefined ? null : { kind: 'conflict', with: other };
}

/** The chosen keys out of stored or foreign data; what is no shortcut, may not be one, or is what came with the app is left out. */
export function readChosenKeys(stored: unknown): ChosenKeys {
  if (typeof stored !== 'object' || stored === null) return {};
  const given = stored as Readonly<Record<string, unknown>>;
  let chosen: ChosenKeys = {};
  for (const name of SHORTCUT_NAMES) {
    const keys = Object.hasOwn(given, name) ? given[name] : undefined;
    if (typeof keys === 'string' && keys.length <= 40 && keys !== SHORTCUTS[name].keys)
      chosen = { ...chosen, [name]: keys };
  }
  // Two that have exchanged their keys are fine together, each alone is not: all are taken, then what stands in another's way goes.
  for (const name of SHORTCUT_NAMES) {
    const keys = chosen[name];
    if (keys === undefined || keysProblem(name, keys, chosen) === null) continue;
    const { [name]: _bad, ...rest } = chosen;
    chosen = rest;
  }
  return chosen;
}

/** The keys as a menu of the system writes them. */
export const acceleratorFor = (name: ShortcutName, chosen: ChosenKeys): string =>
  keysFor(name, chosen)
    .replace('Mod+', 'CmdOrCtrl+')
    .replace('CmdOrCtrl++', 'CmdOrCtrl+Plus')
    .replace(/Enter$/, 'Return');
