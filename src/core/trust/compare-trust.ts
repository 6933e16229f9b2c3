import type { Json } from '../../shared/json.ts';
import {
  CAPABILITY_KINDS,
  type Capability,
  type CapabilityRow,
  type Finding,
  type ParameterChange,
  type TrustDifference,
} from '../../shared/model/trust.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { isProseFile } from '../bundles/index.ts';
import { capabilityKey } from './capability-list.ts';
import type { TrustReading } from './read-trust.ts';
import type { TreeFile } from './tree.ts';

/** One version with all that was read of it. */
export interface TrustVersion {
  readonly label: string;
  readonly workflow: Workflow | null;
  /** From the top of the bundle; null = it has none. */
  readonly workflowFile: string | null;
  readonly files: readonly TreeFile[];
  readonly trust: TrustReading;
}

/** What the sheet shows of a version against the accepted one. */
export interface TrustComparison {
  readonly rows: readonly CapabilityRow[];
  readonly findings: readonly Finding[];
  readonly difference: TrustDifference | null;
}

const MAX_PARAMETERS = 50;
const MAX_FILES = 500;

/**
 * The lines and findings of a version; against the accepted one where there is one. A safeguard that goes is a finding like a power that
 * comes.
 */
export function compareTrust(
  now: TrustVersion,
  accepted: TrustVersion | null,
  more: readonly Finding[] = [],
): TrustComparison {
  const known = new Map(accepted?.trust.capabilities.map((one) => [capabilityKey(one), one]));
  const present = new Set(now.trust.capabilities.map(capabilityKey));
  const gone = [...known.values()].filter((one) => !present.has(capabilityKey(one)));
  const findings = [
    ...now.trust.findings,
    ...gone.filter(({ kind }) => kind === 'asks').map(goneSafeguard),
    ...more,
  ].toSorted((a, b) => Number(a.severity === 'watch') - Number(b.severity === 'watch'));
  const row = (one: Capability, mark: CapabilityRow['mark']): CapabilityRow => ({
    ...{ kind: one.kind, name: one.name, purpose: one.purpose, source: one.source, mark },
    findings: findings.flatMap(({ about }, index) =>
      about !== undefined && capabilityKey(about) === capabilityKey(one) ? [index + 1] : [],
    ),
  });
  const rows = [
    ...now.trust.capabilities.map((one) => {
      const before = known.get(capabilityKey(one));
      if (accepted === null || before === undefined) return row(one, 'new');
      return row(one, before.fingerprint === one.fingerprint ? 'same' : 'changed');
    }),
    ...gone.map((one) => row(one, 'gone')),
  ].toSorted((a, b) => rank(a) - rank(b));
  return { rows, findings, difference: accepted === null ? null : differenceOf(now, accepted, rows) };
}

const MARKS: readonly CapabilityRow['mark'][] = ['new', 'changed', 'gone', 'same'];
const rank = ({ kind, mark }: CapabilityRow): number => CAPABILITY_KINDS.indexOf(kind) * 10 + MARKS.indexOf(mark);

const goneSafeguard = ({ kind, name, purpose }: Capability): Finding => ({
  ...{ id: `safeguard.gone:${name}`, code: 'safeguard.gone', severity: 'high', about: { kind, name } },
  title: 'Nobody is asked any more',
  text: `This version does not ask in ${name} any more. The accepted one did: ${purpose}`,
});

function differenceOf(now: TrustVersion, accepted: TrustVersion, rows: readonly CapabilityRow[]): TrustDifference {
  const files = fileChanges(now.files, accepted.files);
  const changes = leafChanges(now.workflow as Json, accepted.workflow as Json);
  const isProse = (path: string): boolean => path.endsWith('.md') && isProseFile(path);
  const workflowOnly = files.every(
    ({ path, mark }) => isProse(path) || (mark === 'changed' && path === now.workflowFile),
  );
  return {
    parametersOnly:
      rows.every(({ mark }) => mark === 'same') &&
      workflowOnly &&
      changes.length > 0 &&
      changes.every(({ place }) => isParameter(place, now.workflow)),
    parameters: changes.slice(0, MAX_PARAMETERS),
    files: files.slice(0, MAX_FILES),
  };
}

function fileChanges(now: readonly TreeFile[], before: readonly TreeFile[]): TrustDifference['files'] {
  const known = new Map(before.map(({ path, sha256 }) => [path, sha256]));
  const present = new Set(now.map(({ path }) => path));
  return [
    ...now.flatMap(({ path, sha256 }) => {
      const was = known.get(path);
      return was === sha256 ? [] : [{ path, mark: was === undefined ? ('new' as const) : ('changed' as const) }];
    }),
    ...before.filter(({ path }) => !present.has(path)).map(({ path }) => ({ path, mark: 'gone' as const })),
  ];
}

/** Where it stands in the file says nothing of what it does. */
const NOT_COMPARED = new Set(['place', 'spellings']);

function leafChanges(now: Json | undefined, before: Json | undefined, place = ''): readonly ParameterChange[] {
  const isBranch = (value: Json | undefined): value is { readonly [key: string]: Json } =>
    typeof value === 'object' && value !== null;
  if (isBranch(now) && isBranch(before))
    return [...new Set([...Object.keys(now), ...Object.keys(before)])]
      .filter((key) => !NOT_COMPARED.has(key))
      .flatMap((key) => leafChanges(now[key], before[key], place === '' ? key : `${place}.${key}`));
  if (JSON.stringify(now) === JSON.stringify(before)) return [];
  return [{ place, before: shown(before), after: shown(now) }];
}

const SHOWN = 300;
const shown = (value: Json | undefined): string | null => {
  if (value === undefined) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

const ABOUT_ITSELF = /^(?:name|version|description|author|tags|estimatedDuration)(?:\.|$)/;
const INPUT_VALUE = /^inputs\.\d+\.(?:default|description)(?:\.|$)/;
const PACE = /(?:^|\.)(?:timeoutMs|maxRetries|maxConcurrentSteps|cacheMs)$/;
const STEP_WORDS = /^(?:steps|groups|\d+|\.)+\.(?:name|description)$/;
const STEP_INPUT = /^((?:steps|groups|\d+|\.)+)\.inputs\./;

/** Whether a place holds a value that a step is given, and nothing that decides what is done. What an agent is told decides that. */
function isParameter(place: string, workflow: Workflow | null): boolean {
  if (ABOUT_ITSELF.test(place) || INPUT_VALUE.test(place) || PACE.test(place) || STEP_WORDS.test(place)) return true;
  const path = STEP_INPUT.exec(place)?.[1];
  if (path === undefined) return false;
  let value = workflow as Json | undefined;
  for (const key of path.split('.')) value = (value as Readonly<Record<string, Json>> | undefined)?.[key];
  const action = (value as { readonly action?: Json } | undefined)?.action;
  return typeof action === 'string' && !action.startsWith('agent') && !action.includes('{');
}
