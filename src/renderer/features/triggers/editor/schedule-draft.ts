import type { Foreseen, InputOf, TriggerDetail, TriggerSummary } from '../../../../shared/contract/index.ts';
import { isJsonMap, type Json, type JsonMap } from '../../../../shared/json.ts';
import type { InputDefinition } from '../../../../shared/model/workflow.ts';
import { isTemplate } from '../../../ui/form-values.ts';
import { NEW_WHEN, readWhen, scheduleText, type When } from './when.ts';

export type Overlap = Foreseen['rules']['overlap'];
export type CatchUp = Foreseen['rules']['catchUp'];

/** A schedule while it is written; empty = not said. */
export type ScheduleDraft = {
  /** The definition that it was read from; null = it is new. */
  readonly base: string | null;
  readonly id: string;
  readonly workflow: string;
  readonly description: string;
  readonly when: When;
  /** The text that `when` was read from, which stays as it is until somebody changes it. */
  readonly written: string | null;
  readonly timezone: string;
  /** Null: as the settings of the project say. */
  readonly overlap: Overlap | null;
  readonly catchUp: CatchUp | null;
  readonly catchUpWindow: string;
  readonly jitter: string;
  readonly startsAt: string;
  readonly endsAt: string;
  /** Days and ranges of days, one a line. */
  readonly exclude: string;
  readonly isOff: boolean;
};

/** An empty schedule of a workflow, in the zone of whoever writes it. */
export const newDraft = (workflow: string, timezone: string): ScheduleDraft => ({
  ...{ base: null, id: '', workflow, description: '', when: NEW_WHEN, written: null, timezone },
  ...{ overlap: null, catchUp: null, catchUpWindow: '', jitter: '', startsAt: '', endsAt: '', exclude: '' },
  isOff: false,
});

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** What stands in the file. */
export function draftOf({ id, workflowId, config, definitionHash, isEnabled }: TriggerDetail): ScheduleDraft {
  const written = textOf(config.schedule ?? config.cron);
  const { exclude } = config;
  return {
    ...{ base: definitionHash, id, workflow: workflowId, description: textOf(config.description) },
    ...{ when: readWhen(written), written, timezone: textOf(config.timezone) },
    overlap: (textOf(config.overlap) || null) as Overlap | null,
    catchUp: (textOf(config.catch_up) || null) as CatchUp | null,
    ...{ catchUpWindow: textOf(config.catch_up_window), jitter: textOf(config.jitter) },
    ...{ startsAt: textOf(config.starts_at), endsAt: textOf(config.ends_at) },
    exclude: Array.isArray(exclude) ? exclude.map(String).join('\n') : textOf(exclude),
    isOff: !isEnabled,
  };
}

/** The text of its schedule: the very one of the file while it means the same. */
export const textOfDraft = ({ when, written }: ScheduleDraft): string =>
  written !== null && JSON.stringify(readWhen(written)) === JSON.stringify(when) ? written : scheduleText(when);

const daysOf = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map((day) => day.trim())
    .filter((day) => day !== '');

const said = <K extends string>(key: K, value: string): { readonly [key in K]?: string } =>
  value.trim() === '' ? {} : ({ [key]: value.trim() } as { readonly [key in K]: string });

/** What both the look at its next starts and the saving of it want. */
function timingOf(draft: ScheduleDraft) {
  const exclude = daysOf(draft.exclude);
  return {
    ...said('timezone', draft.timezone),
    ...said('startsAt', draft.startsAt),
    ...said('endsAt', draft.endsAt),
    ...(exclude.length === 0 ? {} : { exclude }),
  };
}

/** What `schedules.foresee` is asked about it; null while there is no text to ask about. */
export function foreseeInput(draft: ScheduleDraft, inputs: JsonMap): InputOf<'schedules.foresee'> | null {
  const schedule = textOfDraft(draft);
  if (schedule === '') return null;
  return { schedule, ...timingOf(draft), ...(draft.workflow === '' ? {} : { workflow: draft.workflow, inputs }) };
}

/** What `schedules.save` writes of it. */
export function saveInput(draft: ScheduleDraft, inputs: JsonMap): InputOf<'schedules.save'> {
  const { id, workflow, overlap, catchUp, isOff } = draft;
  return {
    ...{ id: id.trim(), workflow, schedule: textOfDraft(draft) },
    ...said('description', draft.description),
    ...timingOf(draft),
    ...(overlap === null ? {} : { overlap }),
    ...(catchUp === null ? {} : { catchUp }),
    ...said('catchUpWindow', draft.catchUpWindow),
    ...said('jitter', draft.jitter),
    ...(isOff ? { enabled: false } : {}),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
  };
}

/** Schedules that stand in a file of their own are edited here; the others where their workflow is written. */
export const isOwnSchedule = ({ kind, source }: Pick<TriggerSummary, 'kind' | 'source'>): boolean =>
  kind === 'schedule' && /(^|[\\/])triggers[\\/]schedules\.yaml$/.test(source);

/** What is wrong with its name or its workflow, as keys of words; everything else the engine says. */
export function nameProblem(
  draft: ScheduleDraft,
  triggers: readonly TriggerSummary[],
): 'idEmpty' | 'idForm' | 'idTaken' | null {
  const id = draft.id.trim();
  if (id === '') return 'idEmpty';
  if (id.length > 200 || /[/]/.test(id)) return 'idForm';
  const isTaken = draft.base === null && triggers.some((known) => isOwnSchedule(known) && known.id === id);
  return isTaken ? 'idTaken' : null;
}

/** A name that no other schedule has: the workflow's own, or that with a number. */
export function freeName(workflow: string, triggers: readonly TriggerSummary[]): string {
  const taken = new Set(triggers.filter(isOwnSchedule).map(({ id }) => id));
  const names = [workflow, ...Array.from({ length: taken.size + 1 }, (_, at) => `${workflow}-${at + 2}`)];
  return names.find((name) => !taken.has(name)) ?? workflow;
}

/** The inputs that are written, apart: those that a form can show, and those that stay as they are. */
export interface WrittenInputs {
  readonly given: JsonMap;
  /** A template where no text is wanted, a secret, or one that the workflow does not know. */
  readonly kept: JsonMap;
}

export function splitInputs(config: JsonMap, definitions: readonly InputDefinition[]): WrittenInputs {
  const inputs = isJsonMap(config.inputs) ? Object.entries(config.inputs) : [];
  const isShown = ([name, value]: readonly [string, Json]): boolean => {
    const definition = definitions.find((each) => each.name === name);
    if (definition === undefined || definition.secret) return false;
    return !isTemplate(value) || (definition.type === 'string' && definition.enum === undefined);
  };
  return {
    given: Object.fromEntries(inputs.filter(isShown)),
    kept: Object.fromEntries(inputs.filter((one) => !isShown(one))),
  };
}

/** Of a filled form what has to be written: what the workflow says by itself is left to it, unless it was written before. */
export function ownInputs(inputs: JsonMap, definitions: readonly InputDefinition[], given: JsonMap): JsonMap {
  const isOwn = ([name, value]: readonly [string, Json]): boolean => {
    if (given[name] !== undefined) return true;
    const definition = definitions.find((each) => each.name === name);
    const without = definition?.default ?? (definition?.type === 'boolean' && !definition.required ? false : undefined);
    return JSON.stringify(value) !== JSON.stringify(without);
  };
  return Object.fromEntries(Object.entries(inputs).filter(isOwn));
}
