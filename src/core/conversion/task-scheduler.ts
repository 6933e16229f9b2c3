import type { Json, JsonMap } from '../../shared/json.ts';
import {
  type Conversion,
  type ConversionPlace,
  collectNotes,
  type DraftScript,
  type DraftStep,
  missingStep,
  type Notes,
  toolName,
  uniqueNames,
} from './draft-plan.ts';
import { programScript } from './script-text.ts';
import { taskTriggers } from './task-triggers.ts';
import { child, childText, type XmlElement } from './xml.ts';

/** What happens to a start while a run is under way, in our words. */
const INSTANCES: Readonly<Record<string, string>> = {
  IgnoreNew: 'skip',
  Parallel: 'allow',
  Queue: 'queue',
  StopExisting: 'cancel_previous',
};
/** Settings that ask for something when they are `true`. */
const CONDITIONS: Readonly<Record<string, string>> = {
  RunOnlyIfNetworkAvailable: 'a run does not wait for the network',
  RunOnlyIfIdle: 'a run does not wait until nobody works at the machine',
  DisallowStartIfOnBatteries: 'a run starts on batteries, too',
  StopIfGoingOnBatteries: 'a run goes on when the machine changes to batteries',
  WakeToRun: 'the machine is not woken for it',
  DeleteExpiredTaskAfter: 'the workflow stays',
};

/** One task, given as the XML of its export. */
export function convertTask(task: XmlElement, place: ConversionPlace): Conversion {
  const notes = collectNotes();
  const info = child(task, 'RegistrationInfo');
  const uri = childText(info, 'URI').split('\\').at(-1) ?? '';
  const title = uri || place.name.replace(/\.xml$/i, '');
  const settings = child(task, 'Settings');
  const { steps, scripts } = actionsOf(child(task, 'Actions'), notes);
  readPrincipals(child(task, 'Principals'), notes);
  return {
    format: 'task_scheduler',
    plans: [
      {
        title,
        description: childText(info, 'Description'),
        triggers: taskTriggers(child(task, 'Triggers'), {
          timezone: place.timezone,
          catchUp: childText(settings, 'StartWhenAvailable') === 'true' ? 'last' : 'none',
          notes,
        }),
        inputs: {},
        execution: executionOf(settings, notes),
        steps,
        scripts,
        notes: notes.all,
      },
    ],
  };
}

function executionOf(settings: XmlElement | undefined, notes: Notes): JsonMap {
  for (const { name, text, line, children } of settings?.children ?? []) {
    const why = CONDITIONS[name];
    if (why !== undefined && text !== 'false') notes.lost(name, why, line);
    if (name === 'RestartOnFailure')
      notes.lost(`${name} ${children.map((one) => one.text).join(', ')}`, 'give the step a retry of its own', line);
    if (name === 'Enabled' && text === 'false')
      notes.changed('Enabled', 'it was off there; here nothing is armed either', line);
  }
  const limit = duration(childText(settings, 'ExecutionTimeLimit'));
  return {
    ...(limit === null ? {} : { timeout: limit }),
    concurrency: INSTANCES[childText(settings, 'MultipleInstancesPolicy')] ?? 'skip',
  };
}

/** `PT72H` and `P1DT30M` in our way to write them; null for none and for PT0S, which is no limit. */
export function duration(text: string): string | null {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (match === null) return null;
  const parts = ['d', 'h', 'm', 's'].map((unit, index) => ({ unit, count: Number(match[index + 1] ?? 0) }));
  const made = parts.flatMap(({ unit, count }) => (count === 0 ? [] : [`${count}${unit}`])).join('');
  return made === '' ? null : made;
}

function readPrincipals(principals: XmlElement | undefined, notes: Notes): void {
  for (const principal of principals?.children ?? []) {
    const user = childText(principal, 'UserId') || childText(principal, 'GroupId');
    if (user !== '') notes.changed(user, 'it ran as this user there; here as whoever runs the app', principal.line);
    if (childText(principal, 'RunLevel') === 'HighestAvailable')
      notes.lost(
        'HighestAvailable',
        'a run never has the rights of an administrator that the app has not',
        principal.line,
      );
  }
}

function actionsOf(
  actions: XmlElement | undefined,
  notes: Notes,
): { readonly steps: readonly DraftStep[]; readonly scripts: readonly DraftScript[] } {
  const free = uniqueNames('-');
  const scripts: DraftScript[] = [];
  const steps = (actions?.children ?? []).map((action): DraftStep => {
    if (action.name !== 'Exec') {
      notes.lost(action.name, 'only programs can be started', action.line);
      return missingStep(action.name, action.name);
    }
    const program = childText(action, 'Command').replace(/^"(.*)"$/, '$1');
    const args: Json = childText(action, 'Arguments');
    const folder = childText(action, 'WorkingDirectory');
    if (/%\w+%/.test(`${program}${args}${folder}`))
      notes.changed(
        `${program} ${args}`,
        'names between % stand for themselves here: write what they mean',
        action.line,
      );
    const stem = (program.split(/[\\/]/).at(-1) ?? '').replace(/\.\w+$/, '');
    const tool = free(toolName(stem));
    const start = { command: program, args: args === '' ? [] : [args], env: {}, isVerbatim: true };
    scripts.push({ file: `${tool}.mjs`, text: programScript(folder === '' ? start : { ...start, cwd: folder }) });
    return { title: `Run ${stem}`, prose: `${program} ${args}`, block: { action: `${tool}.run` } };
  });
  if (steps.length === 0) steps.push(missingStep('Nothing to do', 'the task has no action'));
  return { steps, scripts };
}
