import i18next from 'i18next';
import type { Json } from '../../../shared/json.ts';
import type { TriggerDefinition } from '../../../shared/model/workflow.ts';

/** Words of a trigger: key in the namespace `workflow` and its values. `code` is shown as it is written. */
export interface TriggerWords {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
}

const text = (value: Json | undefined, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const list = (value: Json | undefined): string =>
  Array.isArray(value) ? value.map((item) => String(item)).join(', ') : text(value, '');

const word = (key: string, values: Record<string, string | number> = {}): string =>
  i18next.t(`workflow:cron.${key}`, values);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const pad = (value: string): string => value.padStart(2, '0');
const isNumber = (field: string): boolean => /^\d{1,2}$/.test(field);

/** The time part of a cron line, or null when it is none of the usual ones. */
function timeWords(minute: string, hour: string): string | null {
  const every = /^\*\/(\d+)$/.exec(minute)?.[1];
  const hours = /^(\d{1,2})-(\d{1,2})$/.exec(hour);
  if (isNumber(minute) && isNumber(hour)) return word('at', { time: `${pad(hour)}:${pad(minute)}` });
  if (isNumber(minute) && hour === '*') return word('hourly', { minute });
  if (isNumber(minute) && /^\*\/\d+$/.test(hour)) return word('everyHours', { value: hour.slice(2) });
  if (isNumber(minute) && hours !== null)
    return word('hourlyFrom', { from: `${hours[1]}:${pad(minute)}`, to: `${hours[2]}:${pad(minute)}` });
  if (minute === '*' && hour === '*') return word('everyMinute');
  if (every !== undefined && hour === '*') return word('everyMinutes', { value: every });
  if (every !== undefined && hours !== null)
    return word('everyMinutesFrom', { value: every, from: `${hours[1]}:00`, to: `${hours[2]}:59` });
  return null;
}

const dayName = (field: string): string | null => {
  const index = isNumber(field)
    ? Number(field) % 7
    : DAYS.findIndex((day) => day.toLowerCase() === field.toLowerCase());
  const name = DAYS[index];
  return name === undefined ? null : word(name.toLowerCase());
};

function dayWords(day: string, month: string, weekday: string): string | null {
  if (month !== '*') return null;
  if (day === '*' && weekday === '*') return '';
  if (isNumber(day) && weekday === '*') return word('dayOfMonth', { day });
  if (day !== '*') return null;
  if (/^(1-5|mon-fri)$/i.test(weekday)) return word('weekdays');
  const names = weekday.split(',').map(dayName);
  return names.every((name) => name !== null) ? word('on', { days: names.join(', ') }) : null;
}

/** A cron line in words; the line itself when it is unusual. */
export function cronWords(cron: string): string {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = cron.trim().split(/\s+/);
  if (weekday === '' || more.length > 0) return cron;
  const time = timeWords(minute, hour);
  const days = dayWords(day, month, weekday);
  if (time === null || days === null) return cron;
  const when = days === '' && isNumber(minute) && isNumber(hour) ? word('daily') : days;
  return [time, when].filter((part) => part !== '').join(', ');
}

/** What starts a workflow by itself, in words; null for `manual`. */
export function triggerWords({ type, config }: TriggerDefinition): TriggerWords | null {
  if (type === 'manual') return null;
  if (type === 'schedule') {
    const when = cronWords(text(config.schedule ?? config.cron, ''));
    return { key: 'trigger.schedule', values: { when, zone: text(config.timezone, 'UTC') } };
  }
  if (type === 'file')
    return { key: 'trigger.file', values: { patterns: list(config.patterns) || '*', path: text(config.path, '.') } };
  if (type === 'webhook') return { key: 'trigger.webhook', values: { path: text(config.path, '/') } };
  return { key: 'trigger.event', values: { name: text(config.name, '') } };
}
