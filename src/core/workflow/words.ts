import type { AgentSupport, ErrorAction } from '../../shared/model/workflow.ts';

/** The newest workflow format this product reads (`compatibility.min_version`, SPEC §1.1). */
export const FORMAT_VERSION: string = '1.0.0';

/** Operations of the built-in tool `workflow` (SPEC §1.6). */
export const BUILT_IN_OPERATIONS: readonly string[] = [
  'set_outputs',
  'set',
  'fail',
  'log',
  'sleep',
  'noop',
  'timestamp',
  'write_file',
  'restore_files',
  'git_revert',
  'git_branch_create',
  'git_branch_delete',
  'reset_hard',
];

/** Operations of `agent.*` (SPEC §4.1). */
export const AGENT_OPERATIONS: readonly string[] = [
  'analyze',
  'generate',
  'process',
  'search',
  'generate_response',
  'generate_report',
  'run',
];

/** Keys that an agent step may carry beside `inputs` (SPEC §1.5). */
export const AGENT_KEYS: readonly string[] = [
  'task',
  'instructions',
  'prompt',
  'prompt_template',
  'template',
  'categories',
  'context',
  'data',
  'files',
  'query',
  'question',
  'sources',
  'tone',
  'requirements',
  'guidelines',
  'analysis_requirements',
  'analysis_depth',
  'include',
  'execution_data',
  'focus_areas',
  'output_schema',
  'max_tokens',
];

/** Inputs of agent steps that are rendered in the second phase (SPEC §2.4). */
export const SECOND_PHASE_KEYS: ReadonlySet<string> = new Set(['template', 'prompt_template', 'prompt']);

/** Keys of every step kind (SPEC §1.5). */
export const STEP_KEYS: readonly string[] = [
  'id',
  'name',
  'description',
  'enabled',
  'type',
  'inputs',
  'output_variable',
  'condition',
  'conditions',
  'on_error',
  'fallback',
  'agent_hints',
  'output_file',
  'format',
  'timeout',
  'retry',
  'max_retries',
  'retry_delay_seconds',
  'fallback_action',
  'notify_channel',
  'needs',
  'idempotent',
  'compensate',
  'rollback',
  'agent',
  'model',
  'permissions',
  'workspace',
  'cache',
  'allow_secrets',
  'max_items',
];

/** Action words of `on_error` (SPEC §1.6) and what they mean. */
export const ERROR_ACTION_WORDS: ReadonlyMap<string, ErrorAction> = new Map<string, ErrorAction>([
  ['continue', 'continue'],
  ['log_and_continue', 'continue'],
  ['skip', 'continue'],
  ['ignore', 'continue'],
  ['stop', 'stop'],
  ['fail', 'stop'],
  ['abort', 'stop'],
  ['rollback', 'rollback'],
  ['retry', 'retry'],
  ['refresh_credentials', 'refresh_credentials'],
  ['notify', 'notify'],
]);

/** How well a workflow may say that it goes with an agent. */
export const AGENT_SUPPORT_WORDS: readonly AgentSupport[] = [
  'recommended',
  'supported',
  'partial',
  'limited',
  'experimental',
  'not_supported',
];

/** How much a workflow may say that it needs a feature. */
export const FEATURE_LEVELS = ['required', 'recommended', 'optional'] as const;

/** Features that a workflow may ask of its agent (SPEC §1.1). */
export const FEATURES: readonly string[] = [
  'tool_calling',
  'reasoning',
  'advanced_reasoning',
  'streaming',
  'code_execution',
  'file_creation',
  'file_reading',
  'file_editing',
  'mcp',
  'mcp_native',
  'extended_reasoning',
  'multi_turn',
  'web_search',
  'parallel_execution',
];
