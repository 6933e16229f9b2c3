const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_MIN = 1440;

const pad = (value: number): string => String(value).padStart(2, '0');

/** How long something took, as it is said: which two units, and how many of each. */
export type DurationParts =
  | { readonly form: 'milliseconds'; readonly value: number }
  | { readonly form: 'seconds'; readonly value: number | string }
  | { readonly form: 'minutes'; readonly minutes: number; readonly seconds: string }
  | { readonly form: 'hours'; readonly hours: number; readonly minutes: string }
  | { readonly form: 'days'; readonly days: number; readonly hours: number };

/** The same for screens and terminals: milliseconds below 0.1 s, tenths below 10 s, then the two largest units; never negative. */
export function durationParts(durationMs: number): DurationParts {
  const ms = Math.max(0, durationMs);
  if (ms < 0.5) return { form: 'seconds', value: 0 };
  if (ms < 100) return { form: 'milliseconds', value: Math.round(ms) };
  if (ms < 9_950) return { form: 'seconds', value: (Math.round(ms / 100) / 10).toFixed(1) };
  const seconds = Math.round(ms / 1000);
  if (seconds < MINUTE_S) return { form: 'seconds', value: seconds };
  if (seconds < HOUR_S)
    return { form: 'minutes', minutes: Math.floor(seconds / MINUTE_S), seconds: pad(seconds % MINUTE_S) };
  const minutes = Math.round(seconds / MINUTE_S);
  if (minutes < DAY_MIN) return { form: 'hours', hours: Math.floor(minutes / 60), minutes: pad(minutes % 60) };
  const hours = Math.round(minutes / 60);
  return { form: 'days', days: Math.floor(hours / 24), hours: hours % 24 };
}
