import { OPERATIONS, type Operation, type OperationName, type OutputOf } from '../../shared/contract/index.ts';
import { ERROR_CATALOGUE, toErrorRecord } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import type { CallContext } from '../../shared/model/access.ts';
import type { AuditType } from '../../shared/model/audit.ts';
import type { Actor } from '../../shared/model/run.ts';
import { REDACTED } from '../redaction/index.ts';
import { type AuditDraft, actorText } from '../storage/index.ts';
import type { SignInStorm } from './sign-in-storm.ts';

/** Where acts are written down; the store of the project that is open. Throws when it cannot be, which refuses the act. */
export type WriteAudit = (draft: AuditDraft) => { readonly id: string };

/** How that stands now which an act changes; null = nothing of the kind. */
export type LookAtState = (name: OperationName, input: unknown) => Promise<JsonMap | null> | JsonMap | null;

/** What an act on a role does to it (SPEC §12.3). */
const ROLE_CHANGES: Partial<Readonly<Record<OperationName, string>>> = {
  'roles.assign': 'assigned',
  'roles.revoke': 'revoked',
  'roles.create': 'defined',
  'roles.edit': 'defined',
  'roles.delete': 'defined',
};

/** What these do is written down in the transaction that does it: mostly as the projection of an event of the journal. */
const JOURNALED: ReadonlySet<OperationName> = new Set<OperationName>([
  'runs.start',
  'runs.cancel',
  'runs.pause',
  'runs.resume',
  'runs.retry',
  'runs.replay',
  'runs.resolve',
  'runs.rollback',
  'triggers.runNow',
  'approvals.request',
  'approvals.approve',
  'approvals.reject',
  'approvals.revise',
  'approvals.delegate',
  'approvals.cancel',
  'audit.deleteBefore',
]);

/** An act of an operator that is about to be done. */
export interface Act {
  readonly name: OperationName;
  readonly input: unknown;
  readonly actor: Actor;
  /** From where it is asked, and by which session, as far as the door knows. */
  readonly from?: CallContext | undefined;
  readonly session?: string | undefined;
}

/**
 * Does what the journal does not write down, and says so in the audit: what is wanted before, what became of it after (SPEC §12.3). Files
 * and databases cannot change in one transaction: an intent without an outcome says that nobody knows. What only reads, and is
 * written down all the same, is said once, before it is read. Where `look` sees how that stands which is changed, the intent says how it was and
 * the outcome how it is. Of a storm of wrong passwords most are only counted.
 */
export async function doAudited<T>(
  act: Act,
  {
    write,
    look,
    storm,
  }: { readonly write: WriteAudit | null; readonly look: LookAtState; readonly storm: SignInStorm | null },
  work: () => Promise<T> | T,
): Promise<T> {
  const { audit } = OPERATIONS[act.name];
  if (write === null || audit === 'reads' || audit === 'custom' || JOURNALED.has(act.name))
    return orAuditDenial(act, write, work);
  const draft = draftOf(act, audit);
  if (act.name === 'sessions.open' && storm !== null && !storm.admits(write, draft)) {
    let opened: T;
    try {
      opened = await work();
    } catch (thrown) {
      storm.count(write, draft);
      throw thrown;
    }
    return doAudited(act, { write, look, storm: null }, () => opened);
  }
  const change = ROLE_CHANGES[act.name];
  const kind = change === undefined ? {} : { change };
  const before = await look(act.name, act.input);
  const was = before === null ? {} : { before };
  const intent = write({
    ...draft,
    details: { ...draft.details, phase: 'intent', ...kind, input: shownInput(act), ...was },
  });
  const outcome: JsonMap = { ...draft.details, phase: 'outcome', ...kind, intent: intent.id };
  let value: T;
  try {
    value = await work();
  } catch (thrown) {
    const { code, message } = toErrorRecord(thrown);
    const type = audit === 'auth.login' ? 'auth.failed' : audit;
    write({ ...draft, type, details: { ...outcome, code }, success: false, error: message });
    throw thrown;
  }
  // Who signs in is known once he is in.
  const opened = act.name === 'sessions.open' ? (value as OutputOf<'sessions.open'> | null) : null;
  const after = await look(act.name, act.input);
  const is = after === null ? {} : { after };
  write({ ...draft, userId: opened?.userId ?? draft.userId, details: { ...outcome, ...is } });
  return value;
}

/** Does something, and writes down where somebody is refused; any other failure is nothing to write down. */
export async function orAuditDenial<T>(act: Act, write: WriteAudit | null, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { code, message, details } = toErrorRecord(thrown);
    if (write !== null && ERROR_CATALOGUE[code].kind === 'denied') {
      const permission = String(details?.permission ?? OPERATIONS[act.name].permission ?? '');
      const draft = draftOf(act, 'security.permission_denied');
      write({
        ...draft,
        details: { ...draft.details, operation: act.name, permission, code },
        success: false,
        error: message,
      });
    }
    throw thrown;
  }
}

/** The input without the fields that the contract calls secrets. */
function shownInput({ name, input }: Act): Json {
  const { hides = [] }: Operation = OPERATIONS[name];
  const shown = Object.entries((input ?? {}) as JsonMap).map(([key, value]): [string, Json] => [
    key,
    hides.includes(key) && value !== null ? REDACTED : value,
  ]);
  return Object.fromEntries(shown);
}

/** What an act is about: the first of these that its input names. */
const NAMES = [
  'runId',
  'trigger',
  'ref',
  'tool',
  'username',
  'name',
  'watch',
  'delivery',
  'uploadId',
  'id',
  'path',
  'key',
];

function draftOf({ name, input, actor, from, session }: Act, type: AuditType): AuditDraft {
  const [area = '', verb = ''] = name.split('.');
  const fields = (input ?? {}) as JsonMap;
  const found = NAMES.map((key) => fields[key]).find((value) => typeof value === 'string');
  return {
    type,
    userId: actorText(actor),
    resourceType: area.replace(/(?:ies|(?<!s)s)$/, (end) => (end === 'ies' ? 'y' : '')),
    resourceId: typeof found === 'string' ? found : '',
    action: `${area}.${verb}`,
    details: session === undefined ? {} : { session },
    door: actor.door,
    sourceIp: from?.sourceIp ?? null,
    userAgent: from?.userAgent ?? null,
  };
}
