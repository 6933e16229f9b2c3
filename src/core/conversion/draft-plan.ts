import { neverDueProblem, parseScheduleText } from '../../shared/cron/parse-schedule-text.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { ConversionNote, ForeignFormat } from '../../shared/model/conversion.ts';

/** One step of a draft: its heading, what people read below it, its block. */
export interface DraftStep {
  readonly title: string;
  readonly prose?: string;
  readonly block: JsonMap;
}

/** A script that a draft brings; its tool is called after the file. */
export interface DraftScript {
  /** File name below `tools/`. */
  readonly file: string;
  readonly text: string;
}

/** A workflow as a converter has understood it. */
export interface DraftPlan {
  readonly title: string;
  readonly description: string;
  readonly triggers: readonly JsonMap[];
  readonly inputs: Readonly<Record<string, Json>>;
  readonly execution: JsonMap;
  readonly steps: readonly DraftStep[];
  readonly scripts: readonly DraftScript[];
  readonly notes: readonly ConversionNote[];
}

/** What a foreign file came to. */
export interface Conversion {
  readonly format: ForeignFormat;
  readonly plans: readonly DraftPlan[];
}

/** Where a foreign file is read. */
export interface ConversionPlace {
  /** How the file is named, without folders. */
  readonly name: string;
  /** IANA zone of this machine: what names no zone means this one. */
  readonly timezone: string;
}

/** Collects what did not map. */
export interface Notes {
  /** Has no counterpart here: it is missing in the draft. */
  lost(what: string, why: string, line?: number): void;
  /** Is in the draft, and is not the same. */
  changed(what: string, how: string, line?: number): void;
  readonly all: readonly ConversionNote[];
}

const MAX_NOTES = 200;
const MAX_QUOTED = 120;

/** Takes the notes of a conversion, each once and a bounded number of them. */
export function collectNotes(): Notes {
  const all: ConversionNote[] = [];
  const add = (severity: 'warning' | 'notice', what: string, said: string, line: number | undefined): void => {
    if (all.length >= MAX_NOTES) return;
    const code = severity === 'warning' ? 'conversion.lost' : 'conversion.changed';
    const message = `${quoted(what)}: ${said}`;
    if (all.some((known) => known.message === message && known.line === line)) return;
    all.push({ severity, code, message, ...(line === undefined ? {} : { line }) });
  };
  return {
    lost: (what, why, line) => add('warning', what, why, line),
    changed: (what, how, line) => add('notice', what, how, line),
    all,
  };
}

/** Why a text is no schedule here, or null when it is one. */
export function scheduleProblem(text: string): string | null {
  const reading = parseScheduleText(text);
  const problem = 'problem' in reading ? reading.problem : neverDueProblem(reading.schedule, text);
  return problem?.message ?? null;
}

/** A piece of the foreign file on one line. */
function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('`', "'").trim();
  return `'${line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line}'`;
}

/** A step that stands where something did not map: the run ends there, with words, until somebody replaces it. */
export function missingStep(title: string, what: string): DraftStep {
  return {
    title,
    prose: 'This had no counterpart. Replace the step, or remove it.',
    block: { action: 'workflow.fail', inputs: { message: literal(`Not converted: ${what}`) } },
  };
}

/** A text of the foreign file that must not be taken for a template of ours. */
export function literal(text: string): string {
  return /\{[{%#]|\{[A-Za-z_]/.test(text) ? `{% raw %}${text.replaceAll('{% endraw', '{%  endraw')}{% endraw %}` : text;
}

/** An identifier made of a name that need not be one: what the templates of a workflow may use. */
export function identifier(name: string): string {
  const made = name
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  if (made === '') return 'value';
  return /^\d/.test(made) || TAKEN.has(made) ? `the_${made}` : made;
}

/** Words of the language of templates, and names that stand for something in it. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'in', 'is', 'if', 'else', 'true', 'false', 'none', 'null'],
  ...[
    'inputs',
    'variables',
    'steps',
    'now',
    'run',
    'run_id',
    'workflow',
    'workflow_context',
    'trigger',
    'loop',
    'error',
    'output',
  ],
  ...['secrets', 'env', 'range', 'dict', 'namespace', 'cycler', 'joiner', 'timedelta'],
]);

/** Gives each name once: `name`, `name_2`, `name_3` …. */
export function uniqueNames(glue: '_' | '-'): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name}${glue}${count}`;
    taken.add(free);
    return free;
  };
}

/** The name of a tool's file without its ending: letters, digits and dashes, begins with a letter. */
export function toolName(text: string): string {
  const name = identifier(text).replaceAll('_', '-').slice(0, 40).replace(/-+$/, '');
  // These two are tools of the product.
  return name === 'agent' || name === 'workflow' ? `run-${name}` : name;
}
