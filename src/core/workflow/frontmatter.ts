import type { ExecutionSettings, Workflow } from '../../shared/model/workflow.ts';
import { didYouMean } from '../../shared/suggest-name.ts';
import { emptyMap, type MapNode } from '../yaml/index.ts';
import { readLiteral } from './literal-text.ts';
import { type Fields, fieldsOf, type Reporter } from './reporter.ts';
import { readAgents, readFeatures } from './requirements.ts';
import { MAX_RETRIES } from './retry.ts';
import { readWorkflowWorkspace } from './step-options.ts';
import { FORMAT_VERSION } from './words.ts';

/** The part of a workflow that only the frontmatter says (SPEC §1.1); triggers, inputs, outputs and steps are read elsewhere. */
export type Metadata = Omit<
  Workflow,
  'triggers' | 'inputs' | 'outputs' | 'successConditions' | 'steps' | 'usesSingleBraces' | 'hasFrontmatter'
>;

/** Keys of the frontmatter. */
const TOP_KEYS: readonly string[] = [
  'workflow',
  'compatibility',
  'requirements',
  'execution',
  'risk_level',
  'estimated_duration',
  'triggers',
  'inputs',
  'outputs',
  'success_conditions',
  'version_policy',
  'workspace',
];
const WORKFLOW_KEYS = ['id', 'name', 'version', 'description', 'author', 'tags'] as const;
const EXECUTION_KEYS = [
  'timeout',
  'max_retries',
  'error_handling',
  'max_concurrent_steps',
  'concurrency',
  'tags',
  'rollback_on_cancel',
  'enforce_success',
  'agent',
  'model',
] as const;

/** Reads the metadata; what is missing or wrong takes its default. */
export function readMetadata(root: MapNode | undefined, report: Reporter): Metadata {
  const fields = fieldsOf(root ?? emptyMap({ source: report.source, at: 0 }), report);
  checkTopKeys(fields);
  const workflow = fields.section('workflow');
  workflow.checkKeys(WORKFLOW_KEYS);
  const compatibility = fields.section('compatibility');
  compatibility.checkKeys(['min_version', 'agents']);
  const requirements = fields.section('requirements');
  requirements.checkKeys(['tools', 'permissions', 'features']);
  return {
    id: readName(workflow, 'id', 'unnamed', 'Workflow must have an ID'),
    name: readName(workflow, 'name', 'Unnamed Workflow', 'Workflow must have a name'),
    version: workflow.text('version') ?? '1.0.0',
    description: workflow.text('description') ?? '',
    author: workflow.text('author') ?? '',
    tags: workflow.texts('tags') ?? [],
    minVersion: readMinVersion(compatibility),
    agents: readAgents(compatibility),
    requirements: {
      tools: requirements.texts('tools') ?? [],
      permissions: requirements.texts('permissions') ?? [],
      features: readFeatures(requirements),
    },
    execution: readExecution(fields.section('execution')),
    ...readWorkflowWorkspace(fields),
    riskLevel: fields.word('risk_level', ['low', 'medium', 'high'] as const) ?? null,
    estimatedDuration: fields.text('estimated_duration') ?? '',
    versionPolicy: fields.word('version_policy', ['latest', 'pin'] as const) ?? 'latest',
  };
}

/** Unknown keys on the top level: some belong one level deeper. */
function checkTopKeys(fields: Fields): void {
  for (const entry of fields.node.entries.values()) {
    if (TOP_KEYS.includes(entry.key)) continue;
    const home = [
      { parent: 'workflow', keys: WORKFLOW_KEYS as readonly string[] },
      { parent: 'execution', keys: EXECUTION_KEYS as readonly string[] },
      { parent: 'requirements', keys: ['tools', 'permissions', 'features'] },
      { parent: 'compatibility', keys: ['min_version', 'agents'] },
    ].find(({ keys }) => keys.includes(entry.key));
    const steps = entry.key === 'steps' ? 'Write steps as headings (## Step 1: Name) with a yaml block.' : undefined;
    const fix =
      home === undefined ? (didYouMean(entry.key, TOP_KEYS) ?? steps) : `Move '${entry.key}' under '${home.parent}:'.`;
    fields.report.warning('workflow.unknown_key', `Unknown key '${entry.key.slice(0, 80)}'`, entry.at, fix);
  }
}

/** A name that has a default when it is not written and is an error when it is written empty. */
function readName(fields: Fields, key: string, fallback: string, message: string): string {
  const written = fields.node.entries.get(key);
  const text = fields.text(key);
  if (written === undefined) return fallback;
  if (text === undefined && written.node.value !== null) return fallback;
  if (text === undefined || text.trim() === '') {
    fields.report.error('workflow.missing_key', message, written.at, `Write a value behind '${key}:'.`);
    return fallback;
  }
  return text.trim();
}

function readMinVersion(fields: Fields): string {
  const text = fields.text('min_version')?.trim();
  const entry = fields.get('min_version');
  if (text === undefined || entry === undefined) return FORMAT_VERSION;
  const parts = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?$/.exec(text);
  if (parts === null) {
    fields.report.error(
      'workflow.bad_version',
      `'min_version' must be a version such as 1.0.0, not '${text.slice(0, 60)}'`,
      entry.node.at,
    );
    return FORMAT_VERSION;
  }
  const wanted = parts.slice(1).map((part) => Number(part ?? 0));
  const ours = FORMAT_VERSION.split('.').map(Number);
  const index = wanted.findIndex((part, at) => part !== ours[at]);
  if (index !== -1 && (wanted[index] ?? 0) > (ours[index] ?? 0)) {
    const message = `The workflow needs format version ${text}, this product reads up to ${FORMAT_VERSION}`;
    fields.report.error('workflow.min_version', message, entry.node.at, 'Update the product, or lower min_version.');
  }
  return text;
}

function readExecution(fields: Fields): ExecutionSettings {
  fields.checkKeys(EXECUTION_KEYS);
  const timeoutMs = fields.duration('timeout');
  const maxRetries = fields.integer('max_retries', MAX_RETRIES);
  const agent = readLiteral(fields, 'agent');
  const model = readLiteral(fields, 'model');
  const tags = fields.texts('tags');
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    errorHandling: fields.word('error_handling', ['stop', 'continue', 'rollback'] as const) ?? 'stop',
    maxConcurrentSteps: fields.integer('max_concurrent_steps', { min: 1, max: 64 }) ?? 4,
    concurrency: fields.word('concurrency', ['allow', 'skip', 'queue', 'cancel_previous'] as const) ?? 'allow',
    ...(tags === undefined ? {} : { tags }),
    rollbackOnCancel: fields.flag('rollback_on_cancel') ?? false,
    enforceSuccess: fields.flag('enforce_success') ?? false,
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
  };
}
