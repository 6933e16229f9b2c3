import { DAYS_FIX, parseDays } from '../../shared/cron/parse-days.ts';
import { parseInstant } from '../../shared/cron/parse-instant.ts';
import { neverDueProblem, parseScheduleText } from '../../shared/cron/parse-schedule-text.ts';
import type { Json } from '../../shared/json.ts';
import type { TriggerDefinition } from '../../shared/model/workflow.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { findTimeZone, instantIn } from '../time/index.ts';
import { type MapEntry, type MapNode, scalarText, type YamlNode } from '../yaml/index.ts';
import { type Fields, fieldsOf, type Reporter } from './reporter.ts';
import { readCondition, type TextCollector } from './texts.ts';

type TriggerType = TriggerDefinition['type'];

const TYPES: readonly TriggerType[] = ['manual', 'schedule', 'webhook', 'file', 'event'];
const KEYS: Readonly<Record<TriggerType, readonly string[]>> = {
  manual: [],
  schedule: [
    'schedule',
    'cron',
    'timezone',
    'inputs',
    'catch_up',
    'overlap',
    'jitter',
    'starts_at',
    'ends_at',
    'catch_up_window',
    'exclude',
  ],
  webhook: ['path', 'events', 'methods', 'secret', 'scheme', 'inputs', 'insecure', 'rate_limit'],
  file: [
    'path',
    'patterns',
    'ignore',
    'ignore_patterns',
    'recursive',
    'events',
    'debounce_seconds',
    'inputs',
    'catch_up',
  ],
  event: ['name', 'match', 'inputs'],
};
const COMMON_KEYS = ['type', 'enabled', 'description', 'id'];
const CATCH_UP = ['none', 'last', 'all', 'ask'] as const;
const OVERLAP = ['skip', 'queue', 'queue_all', 'allow', 'cancel_previous'] as const;
const SCHEMES = ['github', 'generic', 'standard', 'slack'] as const;
const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const FILE_EVENTS: readonly string[] = ['created', 'modified', 'deleted', 'moved'];
const SECRET_NAME = /^(?:env:[A-Za-z_]\w*|[A-Z][A-Z0-9_]*)$/;

/** `triggers` as a list of maps or a map `type: {…}` (SPEC §1.7). Their texts are collected for the syntax check. */
export function readTriggers(
  entry: MapEntry | undefined,
  report: Reporter,
  texts: TextCollector,
): readonly TriggerDefinition[] {
  if (entry === undefined || entry.node.value === null) return [];
  const { node } = entry;
  const triggers: TriggerDefinition[] = [];
  if (node.kind === 'map') {
    for (const item of node.entries.values()) triggers.push(...readTyped(item, report, texts));
    return triggers;
  }
  if (node.kind === 'scalar') {
    report.wrong(node, "'triggers'", 'a list', 'Write for example - type: manual.');
    return [];
  }
  for (const item of node.items) {
    const word = scalarText(item);
    if (item.kind === 'map') triggers.push(readTrigger(item, undefined, report, texts));
    else if (word !== undefined) triggers.push({ type: readType(word, item.at, report), enabled: true, config: {} });
    else report.wrong(item, 'A trigger', 'a map');
  }
  return triggers;
}

/** One entry of the map form: the key is the type, the value its config, a list of configs or nothing. */
function readTyped(item: MapEntry, report: Reporter, texts: TextCollector): readonly TriggerDefinition[] {
  const type = readType(item.key, item.at, report);
  const { node } = item;
  if (node.kind === 'map') return [readTrigger(node, type, report, texts)];
  if (node.kind === 'list')
    return node.items.filter((inner) => inner.kind === 'map').map((inner) => readTrigger(inner, type, report, texts));
  if (node.value === null || node.value === true) return [{ type, enabled: true, config: {} }];
  if (node.value === false) return [{ type, enabled: false, config: {} }];
  report.wrong(node, `Trigger '${item.key.slice(0, 60)}'`, 'a map');
  return [];
}

function readType(word: string, at: number, report: Reporter): TriggerType {
  const type = TYPES.find((known) => known === word);
  if (type !== undefined) return type;
  const fix = didYouMean(word, TYPES) ?? `Use one of ${TYPES.join(', ')}.`;
  report.error('workflow.unknown_word', `Unknown trigger type '${word.slice(0, 60)}'`, at, fix);
  return 'manual';
}

function readTrigger(
  node: MapNode,
  given: TriggerType | undefined,
  report: Reporter,
  texts: TextCollector,
): TriggerDefinition {
  const fields = fieldsOf(node, report);
  const written = fields.text('type');
  const type =
    given ?? (written === undefined ? 'manual' : readType(written, fields.get('type')?.node.at ?? node.at, report));
  const isUnknown = given === undefined && written !== undefined && written !== type;
  return readTriggerItem(node, { type, keys: isUnknown ? null : [], report, texts });
}

/** How one trigger is read: `keys` are known beside those of its type, null = whatever is written. */
export interface TriggerItemReading {
  readonly type: TriggerType;
  readonly keys: readonly string[] | null;
  readonly report: Reporter;
  readonly texts: TextCollector;
}

/** One trigger of a known type; problems are reported at their places. */
export function readTriggerItem(node: MapNode, { type, keys, report, texts }: TriggerItemReading): TriggerDefinition {
  const fields = fieldsOf(node, report);
  if (keys !== null) fields.checkKeys([...KEYS[type], ...keys], COMMON_KEYS);
  const inputs = fields.map(keys?.includes('workflow_inputs') ? 'workflow_inputs' : 'inputs');
  if (inputs !== undefined) texts.template(inputs.node);
  CHECKS[type](fields, texts);
  const config: Record<string, Json> = {};
  for (const { key, node: value } of node.entries.values())
    if (key !== 'type' && key !== 'enabled') config[key] = configValue(key, value);
  return { type, enabled: fields.flag('enabled') ?? true, config };
}

/** Keys of triggers that are texts, or lists of them, whatever is written there. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  ...['id', 'description', 'workflow_id', 'regex', 'schedule', 'cron', 'timezone', 'starts_at', 'ends_at'],
  'exclude',
  ...['path', 'events', 'methods', 'secret', 'scheme', 'patterns', 'ignore', 'ignore_patterns', 'name'],
]);

/** A value as written; where a text is wanted, as it is spelled (SPEC §3.3). */
function configValue(key: string, node: YamlNode): Json {
  if (!TEXT_KEYS.has(key)) return node.value;
  return node.kind === 'list'
    ? node.items.map((item) => scalarText(item) ?? item.value)
    : (scalarText(node) ?? node.value);
}

const CHECKS: Readonly<Record<TriggerType, (fields: Fields, texts: TextCollector) => void>> = {
  manual: () => {},
  schedule: checkSchedule,
  webhook: checkWebhook,
  file: checkFile,
  event: checkEvent,
};

function invalid(fields: Fields, entry: MapEntry | undefined, message: string, fix?: string): void {
  fields.report.error('workflow.invalid_trigger', message, entry?.node.at ?? fields.node.at, fix);
}

function checkSchedule(fields: Fields): void {
  const entry = fields.get('schedule') ?? fields.get('cron');
  const cron = fields.text('schedule') ?? fields.text('cron');
  if (entry === undefined)
    invalid(fields, undefined, "A schedule trigger needs 'schedule'", 'Write for example schedule: "0 9 * * MON-FRI".');
  if (entry !== undefined && cron !== undefined) checkScheduleText(fields, entry, cron);
  const zone = fields.text('timezone');
  if (zone !== undefined && findTimeZone(zone) === null) {
    invalid(
      fields,
      fields.get('timezone'),
      `Unknown time zone '${zone.slice(0, 60)}'`,
      'Use a name such as Europe/Berlin or UTC.',
    );
  }
  fields.word('catch_up', CATCH_UP);
  fields.word('overlap', OVERLAP);
  fields.duration('jitter');
  fields.duration('catch_up_window');
  for (const text of fields.texts('exclude') ?? []) {
    const days = parseDays(text);
    if ('problem' in days) invalid(fields, fields.get('exclude'), days.problem, DAYS_FIX);
  }
  checkBounds(fields, zone);
}

/** `starts_at` and `ends_at`: what they say without an offset is what the clock of the zone shows. */
function checkBounds(fields: Fields, zoneName: string | undefined): void {
  const [startsAt, endsAt] = ['starts_at', 'ends_at'].map((key) => {
    const text = fields.text(key);
    const read = text === undefined ? undefined : parseInstant(text);
    if (read === null) {
      invalid(
        fields,
        fields.get(key),
        `'${key}' is not an instant: '${text?.slice(0, 60)}'`,
        'Write for example 2026-01-31T09:00:00Z.',
      );
    }
    return read ?? undefined;
  });
  const zone = findTimeZone(zoneName ?? 'UTC');
  if (startsAt === undefined || endsAt === undefined || zone === null) return;
  if (instantIn(zone, startsAt) < instantIn(zone, endsAt)) return;
  const message = "'ends_at' is not after 'starts_at': nothing is ever due between them";
  invalid(fields, fields.get('ends_at'), message, "Write an 'ends_at' that is later, or leave it out.");
}

function checkScheduleText(fields: Fields, { node }: MapEntry, text: string): void {
  const reading = parseScheduleText(text);
  const problem = 'problem' in reading ? reading.problem : neverDueProblem(reading.schedule, text);
  if (problem !== null) fields.report.error('workflow.invalid_cron', problem.message, node.at, problem.fix);
}

function checkWebhook(fields: Fields): void {
  const path = fields.text('path');
  if (path === undefined || path.trim() === '') {
    if (fields.get('path') === undefined || path !== undefined)
      invalid(fields, fields.get('path'), "A webhook trigger needs 'path'", 'Write for example path: /github.');
  }
  fields.texts('events');
  fields.word('scheme', SCHEMES);
  fields.flag('insecure');
  checkWords(fields, 'methods', METHODS, (word) => word.toUpperCase());
  // Several are a rotation.
  const secrets = fields.texts('secret') ?? [];
  if (secrets.some((secret) => !SECRET_NAME.test(secret))) {
    const message = "'secret' should be the name of a stored secret, such as GITHUB_WEBHOOK";
    fields.report.warning(
      'workflow.literal_secret',
      message,
      fields.spot('secret').at,
      'Store the secret and write its name here.',
    );
  }
}

function checkFile(fields: Fields): void {
  fields.text('path');
  for (const key of ['patterns', 'ignore', 'ignore_patterns']) fields.texts(key);
  fields.flag('recursive');
  fields.word('catch_up', CATCH_UP);
  fields.number('debounce_seconds', { min: 0, max: 86_400 });
  checkWords(fields, 'events', FILE_EVENTS, (word) => word);
}

function checkEvent(fields: Fields, texts: TextCollector): void {
  const name = fields.text('name');
  if (fields.get('name') === undefined || name?.trim() === '')
    invalid(fields, undefined, "An event trigger needs 'name'", 'Write for example name: run.failed.');
  const match = fields.get('match');
  if (match !== undefined) readCondition(match.node, 'match', fields.report, texts, 'open');
}

function checkWords(fields: Fields, key: string, words: readonly string[], fold: (word: string) => string): void {
  for (const word of fields.texts(key) ?? []) {
    if (words.includes(fold(word))) continue;
    const fix = didYouMean(word, words) ?? `Use ${words.join(', ')}.`;
    invalid(fields, fields.get(key), `'${word.slice(0, 60)}' is not valid in '${key}'`, fix);
  }
}
