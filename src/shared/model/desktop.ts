import { z } from 'zod';
import { isJsonMap, type Json } from '../json.ts';
import { LANGUAGES } from '../languages.ts';

/** What the desktop app tells of, each kind to be switched on and off. */
export const NOTICE_KINDS = ['approval', 'in_doubt', 'run_failed', 'budget', 'missed', 'trust', 'own_run'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Minutes of the day as `18:30`. */
const timeField = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const noticeField = z.strictObject({ shows: z.boolean(), sounds: z.boolean() });

const fields = {
  /** Of menus, dialogs, notices and the icon beside the clock; the window tells its own. */
  language: z.enum(['system', ...LANGUAGES]),
  startsAtLogin: z.boolean(),
  /** What the button that closes the window does while something is armed or runs. */
  closing: z.enum(['keep_running', 'quit']),
  /** Somebody was told that the app goes on, and wants to hear it no more. */
  isClosingExplained: z.boolean(),
  /** While runs go on, on mains power. */
  keepsAwake: z.boolean(),
  notices: z.strictObject({
    approval: noticeField,
    in_doubt: noticeField,
    run_failed: noticeField,
    budget: noticeField,
    missed: noticeField,
    trust: noticeField,
    own_run: noticeField,
  }),
  quiet: z.strictObject({
    isOn: z.boolean(),
    from: timeField,
    until: timeField,
    /** 0 = Sunday; the day on which it begins. */
    days: z.array(z.number().int().min(0).max(6)).max(7),
    /** All day on Saturday and Sunday. */
    weekend: z.boolean(),
  }),
  updates: z.enum(['off', 'daily']),
  channel: z.enum(['latest', 'beta']),
};

/** Some of the settings of the desktop app, to be changed. */
export const desktopSettingsChange = z.strictObject(fields).partial();
export type DesktopSettingsChange = z.output<typeof desktopSettingsChange>;

/** What a person has set for the desktop app on this computer; a project knows nothing of it. */
export type DesktopSettings = z.output<z.ZodObject<typeof fields>>;
export type QuietHours = DesktopSettings['quiet'];

/** The settings of somebody who has set nothing. */
export const DEFAULT_DESKTOP_SETTINGS: DesktopSettings = {
  language: 'system',
  startsAtLogin: false,
  closing: 'keep_running',
  isClosingExplained: false,
  keepsAwake: false,
  notices: {
    approval: { shows: true, sounds: true },
    in_doubt: { shows: true, sounds: true },
    run_failed: { shows: true, sounds: false },
    budget: { shows: true, sounds: false },
    missed: { shows: true, sounds: false },
    trust: { shows: true, sounds: false },
    own_run: { shows: false, sounds: false },
  },
  quiet: { isOn: false, from: '18:30', until: '07:30', days: [1, 2, 3, 4, 5], weekend: false },
  updates: 'off',
  channel: 'latest',
};

/** Settings out of what stands in a file: what is not there, or is no value of its setting, is the default. */
export function readDesktopSettings(stored: Json): DesktopSettings {
  const given = isJsonMap(stored) ? stored : {};
  const read = Object.entries(fields).flatMap(([key, field]) => {
    const parsed = field.safeParse(given[key]);
    return parsed.success ? [[key, parsed.data] as const] : [];
  });
  return { ...DEFAULT_DESKTOP_SETTINGS, ...Object.fromEntries(read) };
}

/**
 * What an administrator has set, out of what stands in his file; `wrong` names the keys that are no settings or have no value of theirs, `*` =
 * the file as a whole.
 */
export function readDesktopPolicy(stored: Json): {
  readonly policy: DesktopSettingsChange;
  readonly wrong: readonly string[];
} {
  if (!isJsonMap(stored)) return { policy: {}, wrong: ['*'] };
  const read = Object.entries(stored).map(([key, value]) => {
    const field = Object.hasOwn(fields, key) ? fields[key as keyof typeof fields] : undefined;
    return [key, field?.safeParse(value)] as const;
  });
  const good = read.flatMap(([key, parsed]) => (parsed?.success === true ? [[key, parsed.data] as const] : []));
  return {
    policy: Object.fromEntries(good),
    wrong: read.flatMap(([key, parsed]) => (parsed?.success === true ? [] : [key])),
  };
}
