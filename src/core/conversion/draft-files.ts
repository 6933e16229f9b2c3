import { isJsonMap, type JsonMap } from '../../shared/json.ts';
import type { ConversionNote, ForeignFormat } from '../../shared/model/conversion.ts';
import { sanitizeId } from '../workflow/index.ts';
import { writeYaml } from '../yaml/index.ts';
import type { DraftPlan, DraftStep } from './draft-plan.ts';

/** How the formats are called. */
export const FORMAT_NAMES: Readonly<Record<ForeignFormat, string>> = {
  crontab: 'a crontab',
  launchd: 'a launchd job',
  task_scheduler: 'a task of the Task Scheduler',
  github_actions: 'a workflow of GitHub Actions',
  n8n: 'a workflow of n8n',
  goose_recipe: 'a recipe of Goose',
  claude_command: 'a command of Claude Code',
};

/** Where a plan comes from and how its folder is called. */
export interface DraftOrigin {
  readonly format: ForeignFormat;
  readonly file: string;
  readonly name: string;
}

/** The files of a draft bundle, by their paths in it: the workflow, its scripts, and what did not map in `README.md`. */
export function draftFiles(plan: DraftPlan, origin: DraftOrigin): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ['workflow.md', workflowText(plan, origin)],
    ['config.yaml', writeYaml({ name: origin.name, version: '1.0.0' })],
    ['README.md', reportText(plan, origin)],
  ]);
  for (const { file, text } of plan.scripts) files.set(`tools/${file}`, text);
  return files;
}

/** The name that a draft's folder and workflow get: what its title says, without what no folder may be called. */
export const draftName = (title: string): string =>
  sanitizeId(oneLine(title).normalize('NFKD'))
    .replace(/-{2,}/g, '-')
    .slice(0, 60)
    .replace(/[-.]+$/, '') || 'workflow';

/** A text on one line, at most 200 characters. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200);

function workflowText(plan: DraftPlan, { format, file, name }: DraftOrigin): string {
  const head: JsonMap = {
    workflow: {
      id: name,
      name: oneLine(plan.title),
      version: '1.0.0',
      description: oneLine(plan.description),
      tags: ['imported', format.replaceAll('_', '-')],
    },
    ...(isEmpty(plan.execution) ? {} : { execution: plan.execution }),
    ...(isEmpty(plan.inputs) ? {} : { inputs: plan.inputs }),
    ...(plan.triggers.length === 0 ? {} : { triggers: [...plan.triggers] }),
  };
  return [
    '---',
    `${writeYaml(head)}---`,
    '',
    `# ${oneLine(plan.title)}`,
    '',
    `A draft, made of ${FORMAT_NAMES[format]} (${oneLine(file)}). What did not map stands in README.md.`,
    '',
    ...plan.steps.map((step, index) => stepText(step, index + 1)),
  ].join('\n');
}

const isEmpty = (map: JsonMap): boolean => Object.keys(map).length === 0;

function stepText({ title, prose, block }: DraftStep, number: number): string {
  const yaml = writeYaml(block);
  const longest = Math.max(2, ...[...yaml.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const said = prose === undefined ? '' : `${quote(prose)}\n\n`;
  return `## Step ${number}: ${oneLine(title).slice(0, 100) || 'Step'}\n\n${said}${fence}yaml\n${yaml}${fence}\n`;
}

/** Words of the foreign file: as a quote they are neither headings nor fences of ours. */
const quote = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `> ${line.trim()}`)
    .join('\n');

function reportText(plan: DraftPlan, { format, file }: DraftOrigin): string {
  const lost = plan.notes.filter(({ severity }) => severity === 'warning');
  const changed = plan.notes.filter(({ severity }) => severity !== 'warning');
  return [
    `# ${oneLine(plan.title)}`,
    '',
    `A draft, made of ${FORMAT_NAMES[format]} (${oneLine(file)}).`,
    '',
    ...listed('Did not map', lost),
    ...listed('Is another here', changed),
    ...(plan.notes.length === 0 ? ['Everything mapped.', ''] : []),
    'Nothing of it is armed: read the workflow, try it by hand, then enable its triggers.',
    '',
  ].join('\n');
}

function listed(title: string, notes: readonly ConversionNote[]): readonly string[] {
  if (notes.length === 0) return [];
  const lines = notes.map(({ message, line }) => `- ${line === undefined ? '' : `line ${line}, `}${message}`);
  return [`## ${title}`, '', ...lines, ''];
}

/** What a trigger says of when it starts something, in a few words. */
export function triggerDetail(trigger: JsonMap): string {
  const { schedule, timezone, path, events } = trigger;
  if (typeof schedule === 'string') return typeof timezone === 'string' ? `${schedule} (${timezone})` : schedule;
  const at = typeof path === 'string' ? path : '';
  return Array.isArray(events) && !isJsonMap(events) ? `${at} ${events.join(', ')}`.trim() : at;
}
