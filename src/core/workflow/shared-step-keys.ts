import type { Condition, Step, StepKind } from '../../shared/model/workflow.ts';
import { readLiteral } from './literal-text.ts';
import { readOnError } from './on-error.ts';
import type { Fields } from './reporter.ts';
import { readStepRetry } from './retry.ts';
import {
  readAgentHints,
  readCompensate,
  readCompensateSpellings,
  readFallback,
  readNeeds,
  readPermissions,
  readVariableName,
  readWorkspace,
} from './step-options.ts';
import { readCondition, readConditions, type TextCollector } from './texts.ts';

type CommonKeys = Pick<
  Step,
  | 'outputVariable'
  | 'conditions'
  | 'onError'
  | 'fallback'
  | 'retry'
  | 'timeoutMs'
  | 'needs'
  | 'idempotent'
  | 'outputFile'
  | 'format'
  | 'agent'
  | 'model'
  | 'agentHints'
  | 'compensate'
  | 'compensateSpellings'
  | 'rollback'
  | 'permissions'
  | 'workspace'
  | 'cacheMs'
>;

/** How the kind of a step changes the reading of its common keys. */
export interface CommonSetting {
  readonly kind: StepKind | undefined;
  /** `if` stands for `condition` (beside `action`). */
  readonly conditionAlias: boolean;
}

const FORMATS = ['markdown', 'json', 'text'] as const;
const ROLLBACK_WORDS = ['none', 'compensate', 'restore', 'idempotent'] as const;

/** The keys that every step kind shares (SPEC §1.5), except `inputs`. Only written keys are present. */
export function readCommonKeys(fields: Fields, texts: TextCollector, setting: CommonSetting): CommonKeys {
  const outputFile = fields.get('output_file');
  if (outputFile !== undefined) texts.template(outputFile.node, 'output');
  const onError = fields.node.entries.get('on_error');
  const isPolicy = setting.kind === 'transaction' && onError?.node.kind === 'scalar';
  const keys = {
    outputVariable: readVariableName(fields, 'output_variable'),
    fallback: readFallback(fields, texts),
    retry: readStepRetry(fields),
    timeoutMs: fields.duration('timeout'),
    needs: readNeeds(fields),
    idempotent: fields.flag('idempotent'),
    outputFile: fields.text('output_file'),
    format: fields.word('format', FORMATS),
    agent: readLiteral(fields, 'agent'),
    model: readLiteral(fields, 'model'),
    agentHints: readAgentHints(fields, texts),
    compensate: readCompensate(fields, texts),
    compensateSpellings: readCompensateSpellings(fields),
    rollback: fields.word('rollback', ROLLBACK_WORDS),
    permissions: readPermissions(fields),
    workspace: readWorkspace(fields),
    cacheMs: fields.duration('cache'),
  };
  const rules = isPolicy ? [] : readOnError(onError, fields.report, texts);
  const channel = fields.get('notify_channel');
  return {
    ...withoutUndefined(keys),
    conditions: readAllConditions(fields, texts, setting.conditionAlias),
    onError: channel === undefined ? rules : [...rules, { notify: channel.node.value }],
  };
}

/** Optional keys that are really absent, as the model wants them. */
function withoutUndefined<T extends object>(keys: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key of Object.keys(keys) as (keyof T)[]) {
    const value = keys[key];
    if (value !== undefined) present[key] = value as Exclude<T[keyof T], undefined>;
  }
  return present;
}

function readAllConditions(fields: Fields, texts: TextCollector, alias: boolean): readonly Condition[] {
  const conditions = [
    ...readConditions(fields.get('condition'), fields.report, texts),
    ...readConditions(fields.get('conditions'), fields.report, texts),
  ];
  const test = alias ? fields.get('if') : undefined;
  const also = test === undefined ? undefined : readCondition(test.node, 'if', fields.report, texts);
  return also === undefined ? conditions : [...conditions, also];
}
