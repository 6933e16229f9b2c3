import type { Step, StepKind } from '../../shared/model/workflow.ts';
import type { MapNode, YamlNode } from '../yaml/index.ts';
import { readIf, readParallel, readSwitch, readTry } from './kinds/branches.ts';
import type { GroupCondition, KindHost, KindParts } from './kinds/kind-host.ts';
import { readForEach, readWhile, splitLoopBlock } from './kinds/loops.ts';
import { readApproval, readWait } from './kinds/pauses.ts';
import { readAction, readCall, readSavepoint, readTransaction } from './kinds/scopes.ts';
import { READER_LIMITS } from './limits.ts';
import { type Fields, fieldsOf, type Reporter } from './reporter.ts';
import { readCommonKeys } from './shared-step-keys.ts';
import type { GroupDraft, StepDraft } from './step-draft.ts';
import { readInputs } from './step-inputs.ts';
import { type KindReading, readKind } from './step-kind.ts';
import { collectTexts } from './texts.ts';
import { AGENT_KEYS, STEP_KEYS } from './words.ts';

/** Where a step stands and what it is called when it does not say. */
export interface StepSetting {
  readonly report: Reporter;
  readonly depth: number;
  readonly defaultId: string;
  readonly name?: string;
  readonly description?: string;
  /** The YAML of the block has an error. */
  readonly broken: boolean;
}

/** Reads one step block with everything nested in it (SPEC §1.4, §1.5). It always gives a step. */
export function readStep(node: MapNode, setting: StepSetting): StepDraft {
  const id = readId(fieldsOf(node, setting.report)) ?? setting.defaultId;
  const report = setting.report.forStep(id);
  const fields = fieldsOf(node, report);
  const reading = readKind(node, report);
  const texts = collectTexts();
  const host = createHost({ node, fields, id, reading, setting, texts });
  const shared = reading?.sugar === 'loop_body' ? splitLoopBlock(node) : undefined;
  const parts = readParts(host, reading, shared?.body);
  const isAction = reading?.kind === 'action';
  const common = readCommonKeys(shared === undefined ? fields : fieldsOf(shared.loop, report), texts, {
    kind: reading?.kind,
    conditionAlias: reading?.sugar === 'condition',
  });
  const inputs = shared !== undefined ? undefined : readInputs(fields, texts, isAction ? parts.action : undefined);
  if (shared === undefined) checkStepKeys(fields, reading, parts);
  // The reader of a kind gives the detail of that kind.
  const step = {
    id,
    kind: reading?.kind ?? 'action',
    name: fields.text('name') ?? setting.name ?? parts.action ?? id,
    description: fields.text('description') ?? setting.description ?? '',
    place: report.source.place(reading?.entry?.at ?? node.at),
    enabled: fields.flag('enabled') ?? true,
    inputs: inputs?.value ?? {},
    ...(inputs?.spellings === undefined ? {} : { spellings: inputs.spellings }),
    groups: parts.groups.map((group) => group.group),
    detail: parts.detail,
    ...(parts.action === undefined ? {} : { action: parts.action }),
    ...common,
  } as Step;
  return {
    step,
    written: node,
    report,
    texts: texts.uses,
    groups: parts.groups,
    openSecondPhase: inputs?.open ?? false,
    secondPhaseNames: inputs?.names ?? [],
    keyAt: (key) => node.entries.get(key)?.at,
    broken: setting.broken,
  };
}

/** Warns of keys that no step of this kind has. */
function checkStepKeys(fields: Fields, reading: KindReading | undefined, parts: KindParts): void {
  if (reading === undefined) return;
  const sugarKeys = reading.sugar === 'condition' ? ['if'] : [];
  const agentKeys = reading.kind === 'action' ? AGENT_KEYS : [];
  fields.checkKeys(STEP_KEYS, [...parts.keys, ...sugarKeys, ...agentKeys, ...Object.keys(ELSEWHERE)]);
  for (const [key, fix] of Object.entries(ELSEWHERE)) {
    const entry = fields.node.entries.get(key);
    if (entry !== undefined) fields.report.warning('workflow.unknown_key', `A step has no key '${key}'`, entry.at, fix);
  }
}

/** Who takes over is chosen for a bundle and for the project (SPEC §3.7, §6.2): the nearest key of a step would mean something else. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  fallback_agent: 'Write it into config.yaml of the bundle.',
  fallback_agents: 'Write agent.failover.fallback_agents into aiworkflow.yaml, or fallback_agent into config.yaml.',
};

function readId(fields: Fields): string | undefined {
  const id = fields.text('id');
  if (id === undefined) return undefined;
  if (/^[A-Za-z_][\w-]*$/.test(id)) return id;
  const fixed = id
    .trim()
    .replace(/[^\w-]+/g, '_')
    .replace(/^(?=[\d-])/, '_');
  const message = `A step id has letters, digits, _ and - and begins with a letter, not '${id.slice(0, 60)}'`;
  fields.report.error('workflow.bad_name', message, fields.spot('id').at, `Write '${fixed}'.`);
  return id.trim() === '' ? undefined : id;
}

interface HostParts {
  readonly node: MapNode;
  readonly fields: Fields;
  readonly id: string;
  readonly reading: KindReading | undefined;
  readonly setting: StepSetting;
  readonly texts: ReturnType<typeof collectTexts>;
}

function createHost({ fields, id, reading, setting, texts }: HostParts): KindHost {
  const inner = { report: setting.report, depth: setting.depth + 1, broken: setting.broken };
  return {
    id,
    fields,
    texts,
    entry: reading?.entry,
    group: (name, label, node, condition) => {
      const prefix = label === '' ? id : `${id}_${label.replace(/[^A-Za-z0-9_]+/g, '_')}`;
      return draftGroup(name, readStepList(node, prefix, inner, fields.report), condition);
    },
    inlineGroup: (name, node) => draftGroup(name, [readStep(node, { ...inner, defaultId: `${id}_1` })], undefined),
  };
}

function draftGroup(name: string, steps: readonly StepDraft[], condition: GroupCondition | undefined): GroupDraft {
  const held = condition === undefined ? {} : { condition: condition.value };
  return {
    name,
    steps,
    group: { name, ...held, steps: steps.map((draft) => draft.step) },
    ...(condition?.use === undefined ? {} : { condition: condition.use }),
  };
}

type InnerSetting = Omit<StepSetting, 'defaultId'>;

/** A list of nested steps; one step map counts as a list of one. Ids are `prefix_1`, `prefix_2` … */
function readStepList(
  node: YamlNode | undefined,
  prefix: string,
  setting: InnerSetting,
  report: Reporter,
): readonly StepDraft[] {
  if (node === undefined) return [];
  if (setting.depth > READER_LIMITS.stepDepth) {
    const message = `Steps are nested more than ${READER_LIMITS.stepDepth} levels deep`;
    report.error('workflow.too_deep', message, node.at, 'Move the inner steps into a workflow of their own.');
    return [];
  }
  const items: readonly YamlNode[] = node.kind === 'list' ? node.items : [node];
  if (items.length === 0 || (node.kind === 'scalar' && node.value === null)) {
    report.error('workflow.empty_group', 'There are no steps here', node.at);
    return [];
  }
  const drafts: StepDraft[] = [];
  for (const [index, item] of items.entries()) {
    const defaultId = `${prefix}_${index + 1}`;
    if (item.kind === 'map') drafts.push(readStep(item, { ...setting, defaultId }));
    else report.wrong(item, 'A step', 'a map', 'Write for example - action: tool.operation.');
  }
  return drafts;
}

function readParts(host: KindHost, reading: KindReading | undefined, body: MapNode | undefined): KindParts {
  if (reading === undefined) return { keys: [], groups: [], detail: {}, action: '' };
  if (body !== undefined) return readForEach(host, body);
  return KIND_READERS[reading.kind](host);
}

const KIND_READERS: Record<StepKind, (host: KindHost) => KindParts> = {
  action: readAction,
  for_each: (host) => readForEach(host),
  parallel: readParallel,
  if: readIf,
  switch: readSwitch,
  while: readWhile,
  try: readTry,
  workflow: readCall,
  wait: readWait,
  approval: readApproval,
  transaction: readTransaction,
  savepoint: (host) => readSavepoint(host, 'savepoint'),
  rollback_to: (host) => readSavepoint(host, 'rollback_to'),
};
