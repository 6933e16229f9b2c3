import { isJsonMap, type Json, type JsonMap } from '../../shared/json.ts';
import { type Notes, scheduleProblem } from './draft-plan.ts';
import type { N8nNode } from './n8n-graph.ts';

/** What starts a workflow: null = the node is no trigger. What nothing here is like stands in `notes`. */
export function n8nTriggers(node: N8nNode, timezone: string, notes: Notes): readonly JsonMap[] | null {
  const { type, parameters, name } = node;
  if (type === 'executeWorkflowTrigger')
    notes.changed(name, 'another workflow calls this one by a workflow step: declare the inputs that it hands over');
  if (type === 'manualTrigger' || type === 'start' || type === 'executeWorkflowTrigger') return [];
  if (type === 'scheduleTrigger' || type === 'cron' || type === 'interval') {
    const schedules =
      type === 'scheduleTrigger'
        ? ruleSchedules(parameters)
        : type === 'cron'
          ? cronSchedules(parameters)
          : [everyOf(parameters)];
    if (schedules.length === 0) notes.lost(name, 'it has no schedule: it names no rule');
    return schedules.flatMap((schedule) => {
      const problem = schedule === null ? 'this rule is not known' : scheduleProblem(schedule);
      if (problem === null) return [{ type: 'schedule', schedule, timezone, catch_up: 'none', overlap: 'allow' }];
      notes.lost(name, `it has no schedule: ${problem}`);
      return [];
    });
  }
  if (type === 'webhook') {
    const path = typeof parameters['path'] === 'string' ? parameters['path'] : name;
    const method = typeof parameters['httpMethod'] === 'string' ? parameters['httpMethod'] : 'GET';
    notes.changed(name, 'a webhook needs a secret here: store N8N_WEBHOOK; the answer is that the run was accepted');
    return [
      {
        type: 'webhook',
        path: `/${path.replace(/^\/+/, '')}`,
        methods: [method === 'GET' ? 'POST' : method],
        secret: 'N8N_WEBHOOK',
      },
    ];
  }
  if (!/Trigger$/.test(type)) return null;
  notes.lost(name, `nothing here starts a run as '${type}' does`);
  return [];
}

const listAt = (map: Json | undefined, key: string): readonly JsonMap[] => {
  const list = isJsonMap(map) ? map[key] : undefined;
  return Array.isArray(list) ? (list as readonly Json[]).filter((one) => isJsonMap(one)) : [];
};

const numberAt = (map: JsonMap, key: string, fallback: number): number => {
  const value = map[key];
  return typeof value === 'number' ? value : fallback;
};

/** The rules of the Schedule Trigger. */
function ruleSchedules({ rule }: JsonMap): readonly (string | null)[] {
  return listAt(rule, 'interval').map((one) => {
    const hour = numberAt(one, 'triggerAtHour', 0);
    const minute = numberAt(one, 'triggerAtMinute', 0);
    const { field = 'days', expression, triggerAtDay } = one;
    if (field === 'cronExpression') return typeof expression === 'string' ? withoutSeconds(expression) : null;
    if (field === 'seconds') return `@every ${numberAt(one, 'secondsInterval', 30)}s`;
    if (field === 'minutes')
      return stepped(numberAt(one, 'minutesInterval', 5), 60, (every) => `${every} * * * *`, 'm');
    if (field === 'hours')
      return stepped(numberAt(one, 'hoursInterval', 1), 24, (every) => `${minute} ${every} * * *`, 'h');
    if (field === 'days') return `${minute} ${hour} ${everyOrStep(numberAt(one, 'daysInterval', 1))} * *`;
    if (field === 'months')
      return `${minute} ${hour} ${numberAt(one, 'triggerAtDayOfMonth', 1)} ${everyOrStep(numberAt(one, 'monthsInterval', 1))} *`;
    if (field !== 'weeks' || numberAt(one, 'weeksInterval', 1) !== 1) return null;
    const days = Array.isArray(triggerAtDay) ? (triggerAtDay as readonly Json[]) : [0];
    return `${minute} ${hour} * * ${days.join(',')}`;
  });
}

const everyOrStep = (count: number): string => (count === 1 ? '*' : `*/${count}`);

/** A step that divides the hour or the day is a field of cron; another one is an interval. */
const stepped = (count: number, whole: number, cron: (every: string) => string, unit: string): string =>
  whole % count === 0 ? cron(everyOrStep(count)) : `@every ${count}${unit}`;

/** The Cron node of older workflows. */
function cronSchedules({ triggerTimes }: JsonMap): readonly (string | null)[] {
  return listAt(triggerTimes, 'item').map((one) => {
    const hour = numberAt(one, 'hour', 0);
    const minute = numberAt(one, 'minute', 0);
    const { mode, cronExpression, weekday, unit } = one;
    if (mode === 'everyMinute') return '* * * * *';
    if (mode === 'everyHour') return `${minute} * * * *`;
    if (mode === 'everyWeek') return `${minute} ${hour} * * ${String(weekday ?? '1')}`;
    if (mode === 'everyMonth') return `${minute} ${hour} ${numberAt(one, 'dayOfMonth', 1)} * *`;
    if (mode === 'everyX') return `@every ${numberAt(one, 'value', 1)}${unit === 'minutes' ? 'm' : 'h'}`;
    if (mode === 'custom') return typeof cronExpression === 'string' ? withoutSeconds(cronExpression) : null;
    return `${minute} ${hour} * * *`;
  });
}

const everyOf = (parameters: JsonMap): string => {
  const { unit } = parameters;
  return `@every ${numberAt(parameters, 'interval', 1)}${unit === 'hours' ? 'h' : unit === 'minutes' ? 'm' : 's'}`;
};

/** n8n writes a field of seconds in front; only 0 is meant by it nearly always. */
function withoutSeconds(expression: string): string {
  const fields = expression.trim().replace(/^=/, '').split(/\s+/);
  return fields.length === 6 && fields[0] === '0' ? fields.slice(1).join(' ') : expression.trim();
}
