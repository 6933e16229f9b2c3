import type { ParsedInputOf, TrustSheet } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { canonicalJson, type Json, type JsonMap } from '../../shared/json.ts';
import type { Permission } from '../../shared/model/access.ts';
import type { ApprovalType, RequestKind } from '../../shared/model/approval.ts';
import type { Actor } from '../../shared/model/run.ts';
import { type Finding, PROJECT_FOLDER } from '../../shared/model/trust.ts';
import { sha256Hex } from '../crypto/index.ts';
import { showPath } from '../projects/index.ts';
import type { StoredRequest } from '../storage/index.ts';
import { hideSecret } from '../triggers/index.ts';
import { giveTrust } from './give-trust.ts';
import { Library } from './library.ts';
import type { ProjectSession } from './project-session.ts';
import { requireSettings } from './project-settings.ts';
import { giveProjectTrust, isProjectFolder, projectSheet } from './project-trust.ts';
import type { TakeChoice } from './run-copies.ts';
import { scheduleHash } from './schedule-approval.ts';
import { sealInputs, shownInputs } from './secret-inputs.ts';
import { type CheckedStart, checkStart, launchStart, prepareStart, readStart } from './start-run.ts';
import { trustSheet } from './trust-sheet.ts';

type Asked = ParsedInputOf<'approvals.request'>['asked'];
type AskedOf<K extends RequestKind> = Extract<Asked, { readonly kind: K }>;

/** What asking comes to: what is stored, what people see, and what a decision is bound to. */
export type AskedAct = Pick<
  StoredRequest,
  'subject' | 'workflowId' | 'workflowName' | 'title' | 'hash' | 'asked' | 'fields' | 'sealed'
>;

/** Whoever lets an act happen. */
export interface Doer {
  /** With whose rights it is done, and who answers for it. */
  readonly by: Actor;
}

/** One kind of request: what is asked, whether it still is the same, and what happens when it is approved. */
interface RequestRules<K extends RequestKind> {
  readonly type: ApprovalType;
  /** What the act itself takes, of whoever does it. */
  readonly permission: Permission;
  /** Operation under which it stands in the audit once it is done. */
  readonly does: string;
  /** Checks what is asked as if it was done now, and says what it comes to. Errors: those of the act, `approval.changed`. */
  readonly ask: (session: ProjectSession, asked: AskedOf<K>, actor: Actor) => Promise<AskedAct>;
  /** What a decision would be bound to as things stand now; null = it can be done no more. */
  readonly hashNow: (session: ProjectSession, request: StoredRequest) => Promise<string | null>;
  /** What whoever approves has to have read beside the request. */
  readonly findings?: (session: ProjectSession, request: StoredRequest) => Promise<readonly Finding[]>;
  /** The run itself asks when it ends: nobody has to be allowed to ask. */
  readonly isAskedByRun?: true;
  /** Whether this may be approved of it. Errors: those of the act. */
  readonly check?: (session: ProjectSession, request: StoredRequest, choice: TakeChoice) => Promise<void>;
  /** Somebody has rejected it. Asked for twice, it is done once. */
  readonly refuse?: (session: ProjectSession, request: StoredRequest, by: Actor) => Promise<void>;
  /** Does it. Asked for twice, it is done once. */
  readonly perform: (
    session: ProjectSession,
    request: StoredRequest,
    doer: Doer,
  ) => Promise<{ readonly runId?: string }>;
}

const textOf = (asked: JsonMap, key: string): string => (typeof asked[key] === 'string' ? asked[key] : '');
const shaOf = (value: Json): string => sha256Hex(canonicalJson(value));
const changed = (): AppError =>
  new AppError('approval.changed', 'It is another one by now than you have seen.', {
    hint: 'Look at it again, then ask.',
  });

/** What a start that was approved is bound to: the version with all that it calls, its inputs, who answers questions. */
const startHash = ({ prepared, request }: CheckedStart, inputs: JsonMap): string =>
  shaOf([
    'run',
    prepared.version.hash,
    (request.pins ?? []).map((pin) => pin.versionHash).toSorted(),
    inputs,
    request.agent ?? null,
    request.model ?? null,
    request.timeoutMs ?? null,
  ]);

/** A start that is stored, checked again as whoever asked for it. */
async function startAgain(session: ProjectSession, { asked, requester, door }: StoredRequest): Promise<CheckedStart> {
  requireSettings(session.settingsProblems);
  const { reading } = await readStart(session, textOf(asked, 'workflow'));
  const version = session.host.toVersion(reading, showPath(session.paths, reading.path));
  const { agent, model, timeoutMs } = asked as AskedOf<'run'>;
  const prepared = { reading, version, inputs: asked.inputs as JsonMap };
  return checkStart(session, prepared, { agent, model, timeoutMs }, { kind: 'user', id: requester, door });
}

const run: RequestRules<'run'> = {
  type: 'workflow_start',
  permission: 'workflow:execute',
  does: 'runs.start',
  ask: async (session, { kind: _kind, ...input }, actor) => {
    requireSettings(session.settingsProblems);
    const prepared = await prepareStart(session, input);
    const checked = await checkStart(session, prepared, input, actor);
    const { version, reading } = prepared;
    const { inputs, sealed } = await sealInputs(session, version, prepared.inputs);
    const { workflow } = version;
    const path = showPath(session.paths, reading.path);
    const { agent = null, model = null } = checked.request;
    return {
      subject: path,
      workflowId: workflow.id,
      workflowName: workflow.name,
      title: `Start ${workflow.name}`,
      hash: startHash(checked, inputs),
      asked: { ...input, workflow: path, inputs } as JsonMap,
      fields: {
        workflow: workflow.name,
        version: workflow.version,
        inputs: shownInputs(workflow.inputs, inputs),
        ...(agent === null ? {} : { agent }),
        ...(model === null ? {} : { model }),
      },
      sealed,
    };
  },
  hashNow: async (session, request) => startHash(await startAgain(session, request), request.asked.inputs as JsonMap),
  perform: async (session, request, { by }) => {
    const known = session.store.runs.findByStartKey(startKey(request));
    if (known !== null) return { runId: known };
    const checked = await startAgain(session, request);
    const keyed = { ...checked.request, actor: by, startKey: startKey(request), keyedAt: session.clock.now() };
    const inputs = { inputs: request.asked.inputs as JsonMap, sealed: request.sealed };
    return launchStart(session, { ...checked, request: keyed }, () => inputs);
  },
};

/** A run that was approved twice at once, or before a crash and after it, is one run. */
const startKey = ({ id }: StoredRequest): string => `request:${id}`;

const schedule: RequestRules<'schedule'> = {
  type: 'custom',
  permission: 'config:manage',
  does: 'triggers.arm',
  ask: async (session, { trigger: name, definitionHash, contentHash }) => {
    await session.triggers.registry.refresh();
    const known = session.triggers.registry.find(name);
    const { trigger } = known;
    const now = await session.triggers.registry.withHash(known);
    if (now.contentHash !== contentHash || trigger.definitionHash !== definitionHash) throw changed();
    const pins = await session.triggers.callsOf(trigger);
    return {
      subject: trigger.key,
      workflowId: trigger.workflowId,
      workflowName: trigger.workflowName,
      title: `Let ${trigger.workflowName} start by itself`,
      hash: scheduleHash(trigger, contentHash, pins),
      asked: { trigger: trigger.key, definitionHash, contentHash },
      fields: {
        trigger: trigger.key,
        version: trigger.versionLabel,
        ...(trigger.kind === 'webhook' ? hideSecret(trigger.config) : trigger.config),
      },
      sealed: [],
    };
  },
  hashNow: async (session, { asked }) => {
    await session.triggers.registry.refresh();
    const known = session.triggers.registry.find(textOf(asked, 'trigger'));
    const { contentHash } = await session.triggers.registry.withHash(known);
    return scheduleHash(known.trigger, contentHash, await session.triggers.callsOf(known.trigger));
  },
  perform: async (session, { asked }, { by }) => {
    const shown = { definitionHash: textOf(asked, 'definitionHash'), contentHash: textOf(asked, 'contentHash') };
    await session.triggers.registry.arm(textOf(asked, 'trigger'), shown, by.id);
    return {};
  },
};

const bundleTrust: RequestRules<'bundle_trust'> = {
  type: 'bundle_trust',
  permission: 'config:manage',
  does: 'trust.give',
  ask: async (session, { ref, contentHash }) => {
    const { path, workflowId, sheet } = await trustSubject(session, ref);
    if (sheet.contentHash !== contentHash) throw changed();
    const { of, name, version, rows, findings, state } = sheet;
    if (state === 'own' || state === 'trusted')
      throw new AppError('approval.not_pending', 'Nobody has to trust it: it may run as it is.');
    return {
      subject: path,
      workflowId,
      workflowName: of === 'project' ? null : name,
      title: of === 'project' ? `Trust the folder ${name}` : `Trust ${name} ${version}`,
      hash: trustHash(path, contentHash),
      asked: { ref: path, contentHash },
      fields: {
        ...(of === 'project' ? { folder: name } : { bundle: name, version, place: path }),
        could: rows.map(({ kind, name: what, purpose }) => `${kind}: ${[what, purpose].filter(Boolean).join(', ')}`),
        findings: findings.map(({ severity, title }) => `${severity}: ${title}`),
      },
      sealed: [],
    };
  },
  hashNow: async (session, { asked }) => {
    const { path, sheet } = await trustSubject(session, textOf(asked, 'ref'));
    return trustHash(path, sheet.contentHash);
  },
  // The consent is one, wherever it is given: its serious findings are read one by one.
  findings: async (session, { asked }) => (await trustSubject(session, textOf(asked, 'ref'))).sheet.findings,
  perform: async (session, { asked }, { by }) => {
    const ref = textOf(asked, 'ref');
    const { sheet } = await trustSubject(session, ref);
    const consent = {
      contentHash: textOf(asked, 'contentHash'),
      read: sheet.findings.map(({ id }) => id),
      actor: by,
    };
    if (sheet.of === 'project') await giveProjectTrust(session, consent);
    else await giveTrust(session, await libraryReading(session, ref), consent);
    return {};
  },
};

/** What a consent to a version is bound to. */
export const trustHash = (path: string, contentHash: string): string => shaOf(['bundle_trust', path, contentHash]);

async function libraryReading(session: ProjectSession, ref: string) {
  const reading = await new Library(session).resolve(ref);
  return { path: showPath(session.paths, reading.path), reading };
}

/** What trust is asked for: a version of the library, or the folder of the project. */
async function trustSubject(
  session: ProjectSession,
  ref: string,
): Promise<{ readonly path: string; readonly workflowId: string | null; readonly sheet: TrustSheet }> {
  if (await isProjectFolder(session, ref))
    return { path: PROJECT_FOLDER, workflowId: null, sheet: await projectSheet(session) };
  const { path, reading } = await libraryReading(session, ref);
  const workflowId = reading.reading?.workflow.id ?? null;
  return { path, workflowId, sheet: await trustSheet(session, { path, reading }) };
}

const toolDefinition: RequestRules<'tool_definition'> = {
  type: 'custom',
  permission: 'tool:configure',
  does: 'tools.refresh',
  ask: async (session, { tool, currentHash }) => {
    const { change } = await session.tools.show(tool);
    if (change?.currentHash !== currentHash) throw changed();
    const { added, removed, changed: other, operations } = change;
    return {
      subject: tool,
      workflowId: null,
      workflowName: null,
      title: `Accept what ${tool} says of itself now`,
      hash: toolHash(tool, currentHash),
      asked: { tool, currentHash },
      fields: {
        tool,
        added: [...added],
        removed: [...removed],
        changed: [...other],
        differences: operations.flatMap(({ name, differences }) =>
          differences.map(({ place, accepted, current }) => ({ operation: name, place, accepted, current })),
        ),
      },
      sealed: [],
    };
  },
  hashNow: async (session, { asked }) => {
    const tool = textOf(asked, 'tool');
    const { change } = await session.tools.show(tool);
    return change === null ? null : toolHash(tool, change.currentHash);
  },
  perform: async (session, { asked }) => {
    await session.tools.refresh(textOf(asked, 'tool'), textOf(asked, 'currentHash'));
    return {};
  },
};

const changes: RequestRules<'changes'> = {
  type: 'custom',
  permission: 'workflow:execute',
  does: 'runs.take',
  isAskedByRun: true,
  ask: async (session, { runId, hash }) => {
    const plan = await session.host.copies.plan(runId);
    if (plan.hash !== hash) throw changed();
    const run = session.store.runs.find(runId);
    const name = run?.workflowName ?? runId;
    const shown = plan.changes.slice(0, MOST_NAMED).map(({ change, path }) => `${change}: ${path}`);
    const more = plan.changes.length - shown.length;
    return {
      subject: runId,
      workflowId: run?.workflowId ?? null,
      workflowName: name,
      title: `Take over ${plan.changes.length} changed ${plan.changes.length === 1 ? 'file' : 'files'} of ${name}`,
      hash,
      asked: { runId, hash },
      fields: { run: runId, files: more === 0 ? shown : [...shown, `and ${more} more`], hash },
      sealed: [],
    };
  },
  hashNow: async (session, { asked }) => session.host.copies.hashOf(textOf(asked, 'runId')),
  check: (session, { asked, hash }, choice) => session.host.copies.check(textOf(asked, 'runId'), hash, choice),
  refuse: (session, { asked, hash }, by) => session.host.copies.decline(textOf(asked, 'runId'), hash, by),
  perform: async (session, { asked, hash }, { by }) => {
    const { places, overwrite } = asked as TakeChoice;
    const runId = textOf(asked, 'runId');
    const result = await session.host.copies.take(runId, hash, { places, overwrite }, by);
    const problems = result?.problems ?? [];
    const [problem] = problems;
    const failed = problems.length;
    const chosen = failed + (result?.restored ?? 0);
    if (problem !== undefined)
      throw new AppError(
        'copy.changed',
        `${failed} of ${chosen} files could not be taken over. ${problem.path}: ${problem.reason}`,
        { hint: 'What was taken over stands; the rest is asked about once more.' },
      );
    return { runId };
  },
};

/** So many files are named where it is decided; the page of the run shows all of them. */
const MOST_NAMED = 50;

const toolHash = (tool: string, currentHash: string): string => shaOf(['tool_definition', tool, currentHash]);

/** Everything that a person can ask others to let happen, and what an approval of it does (SPEC §12.2). */
export const REQUEST_RULES: { readonly [K in RequestKind]: RequestRules<K> } = {
  run,
  schedule,
  bundle_trust: bundleTrust,
  tool_definition: toolDefinition,
  changes,
};

/** The rules of a kind that is known only as it runs. */
export const rulesOfKind = (kind: RequestKind): RequestRules<RequestKind> =>
  REQUEST_RULES[kind] as RequestRules<RequestKind>;
