/**
 * The closed catalogue of errors (DESIGN §5). Every error that reaches a person carries one of these codes; what an
 * operator reads is `message` (one plain sentence) and `hint` (what to do next). Adapters translate foreign errors once,
 * at the edge, and keep them as `cause`; `cause` and stacks never cross a door.
 */

/** What sort of thing went wrong; doors map it to exit codes and HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'denied'
  | 'not_found'
  | 'conflict'
  | 'limit'
  | 'io'
  | 'external'
  | 'in_doubt'
  | 'corrupt'
  | 'bug';

interface CatalogueEntry {
  readonly kind: ErrorKind;
  /** Whether the same call may succeed when it is simply made again. */
  readonly retryable: boolean;
}

const entry = (kind: ErrorKind, retryable = false): CatalogueEntry => ({ kind, retryable });

/** code -> kind and retryability. A code that is not here does not compile. */
export const ERROR_CATALOGUE = {
  'access.denied': entry('denied'),
  'access.preview': entry('denied'),
  'cost.blocked': entry('limit'),
  'cost.paused': entry('limit'),
  'cost.limit_not_found': entry('not_found'),
  'cost.limit_written': entry('conflict'),
  'cost.not_asked': entry('conflict'),
  'cost.question_changed': entry('conflict'),
  'audit.broken': entry('conflict'),
  'cassette.drift': entry('conflict'),
  'cassette.invalid': entry('invalid'),
  'cassette.not_found': entry('not_found'),
  'cassette.exists': entry('conflict'),
  'cassette.too_large': entry('limit'),
  'cassette.not_recordable': entry('conflict'),
  'access.bad_token': entry('denied'),
  'access.bad_credentials': entry('denied'),
  'access.locked': entry('denied'),
  'access.bad_origin': entry('denied'),
  'agent.not_found': entry('not_found'),
  'agent.not_configured': entry('invalid'),
  'agent.not_installed': entry('io'),
  'agent.not_logged_in': entry('denied'),
  'agent.unhealthy': entry('external'),
  'agent.breaker_open': entry('external'),
  'agent.exhausted': entry('external'),
  'agent.rate_limited': entry('external', true),
  'agent.overloaded': entry('external', true),
  'agent.connection_lost': entry('external', true),
  'agent.http_error': entry('external'),
  'agent.failed': entry('external'),
  'agent.timed_out': entry('external', true),
  'agent.silent': entry('external', true),
  'agent.invalid_reply': entry('external', true),
  'agent.invalid_output': entry('invalid'),
  'agent.output_too_large': entry('limit'),
  'agent.limit_exceeded': entry('limit'),
  'agent.turn_limit': entry('limit'),
  'agent.budget_spent': entry('limit'),
  'agent.no_progress': entry('limit'),
  'agent.unknown_operation': entry('invalid'),
  'agent.incompatible': entry('invalid'),
  'agent.permission_unenforceable': entry('invalid'),
  'approval.not_found': entry('not_found'),
  'approval.not_pending': entry('conflict'),
  'approval.changed': entry('conflict'),
  'approval.needed': entry('conflict'),
  'approval.already_decided': entry('conflict'),
  'approval.unsatisfiable': entry('invalid'),
  'notify.not_set_up': entry('invalid'),
  'approval.no_revision': entry('conflict'),
  'approval.no_delegation': entry('conflict'),
  'approval.rejected': entry('denied'),
  'approval.expired': entry('limit'),
  'approval.cancelled': entry('conflict'),
  'bundle.not_found': entry('not_found'),
  'bundle.invalid': entry('invalid'),
  'bundle.no_workflow': entry('invalid'),
  'bundle.conflict': entry('conflict'),
  'bundle.changed': entry('conflict'),
  'bundle.archive_refused': entry('invalid'),
  'bundle.too_large': entry('limit'),
  'bundle.not_imported': entry('conflict'),
  'bundle.holds_secret': entry('conflict'),
  'bundle.upload_not_found': entry('not_found'),
  'config.invalid': entry('invalid'),
  'conversion.unreadable': entry('invalid'),
  'contract.unknown_operation': entry('invalid'),
  'contract.invalid_input': entry('invalid'),
  'contract.too_large': entry('limit'),
  'draft.changed': entry('conflict'),
  'engine.unsupported': entry('invalid'),
  'engine.stopped': entry('conflict', true),
  'engine.loop_limit': entry('limit'),
  'engine.not_a_list': entry('invalid'),
  'engine.branch_conflict': entry('invalid'),
  'engine.wait_timed_out': entry('limit'),
  'engine.not_an_instant': entry('invalid'),
  'engine.not_a_path': entry('invalid'),
  'engine.savepoint_not_found': entry('invalid'),
  'engine.unserialisable': entry('invalid'),
  'file.not_found': entry('not_found'),
  'file.outside': entry('denied'),
  'file.io': entry('io', true),
  'file.disk_full': entry('io', true),
  'input.required': entry('invalid'),
  'input.invalid': entry('invalid'),
  'input.unknown': entry('invalid'),
  'internal.bug': entry('bug'),
  'lease.held': entry('conflict', true),
  'holder.leaving': entry('conflict', true),
  'holder.unreachable': entry('io', true),
  'holder.version': entry('conflict'),
  'price.invalid': entry('invalid'),
  'project.exists': entry('conflict'),
  'project.not_found': entry('not_found'),
  'queue.full': entry('limit', true),
  'queue.message_not_found': entry('not_found'),
  'queue.not_dead': entry('conflict'),
  'queue.holds_secret': entry('invalid'),
  'queue.no_worker': entry('conflict'),
  'queue.unreachable': entry('external', true),
  'queue.refused': entry('denied'),
  'queue.elsewhere': entry('conflict'),
  'queue.lease_lost': entry('conflict'),
  'queue.lease_unsure': entry('external', true),
  'queue.version_refused': entry('invalid'),
  'queue.event_refused': entry('invalid'),
  'queue.begun_elsewhere': entry('conflict', true),
  'queue.taken_back': entry('conflict'),
  'queue.home_only': entry('conflict', true),
  'role.not_found': entry('not_found'),
  'role.exists': entry('conflict'),
  'role.predefined': entry('conflict'),
  'role.cycle': entry('invalid'),
  'role.in_use': entry('conflict'),
  'role.unknown_permission': entry('invalid'),
  'run.not_found': entry('not_found'),
  'run.file_damaged': entry('corrupt'),
  'run.file_unknown': entry('invalid'),
  'run.foreign': entry('conflict'),
  'run.elsewhere': entry('conflict'),
  'run.illegal_state': entry('conflict'),
  'run.never_worked': entry('not_found'),
  'run.left_plan': entry('conflict'),
  'run.other_plan': entry('conflict'),
  'run.engine_died_twice': entry('limit'),
  'run.timed_out': entry('limit'),
  'run.already_running': entry('conflict', true),
  'run.child_failed': entry('external'),
  'run.cancelled': entry('conflict'),
  'run.output_missing': entry('invalid'),
  'run.success_conditions_unmet': entry('invalid'),
  'run.no_step_completed': entry('external'),
  'occurrence.not_asking': entry('conflict'),
  'wake.unsupported': entry('conflict'),
  'wake.changed': entry('conflict'),
  'wake.refused': entry('external'),
  'schedule.invalid': entry('invalid'),
  'schedule.unknown_zone': entry('invalid'),
  'secret.not_found': entry('not_found'),
  'secret.not_allowed': entry('denied'),
  'secret.locked': entry('conflict', true),
  'secret.no_keychain': entry('io'),
  'secret.keychain_locked': entry('io', true),
  'secret.key_missing': entry('conflict'),
  'secret.key_changed': entry('conflict'),
  'secret.wrong_passphrase': entry('denied'),
  'secret.short_passphrase': entry('invalid'),
  'secret.damaged': entry('corrupt'),
  'secret.misplaced': entry('invalid'),
  'step.not_found': entry('not_found'),
  'step.in_doubt': entry('in_doubt'),
  'step.failed': entry('external'),
  'storage.not_agreed': entry('conflict'),
  'store.busy': entry('io', true),
  'store.corrupt': entry('corrupt'),
  'store.not_damaged': entry('conflict'),
  'store.newer_version': entry('conflict'),
  'template.syntax': entry('invalid'),
  'template.type_error': entry('invalid'),
  'template.unknown': entry('invalid'),
  'template.limit': entry('limit'),
  'template.undefined': entry('invalid'),
  'tool.not_found': entry('not_found'),
  'tool.unknown_operation': entry('invalid'),
  'tool.invalid_params': entry('invalid'),
  'tool.denied': entry('denied'),
  'tool.changed': entry('conflict'),
  'tool.failed': entry('external'),
  'tool.http_error': entry('external'),
  'tool.connection_lost': entry('external', true),
  'tool.address_refused': entry('denied'),
  'tool.rate_limited': entry('limit', true),
  'tool.registry_invalid': entry('invalid'),
  'tool.definition_invalid': entry('invalid'),
  'tool.invalid_reply': entry('external', true),
  'tool.server_failed': entry('external', true),
  'tool.not_configured': entry('invalid'),
  'tool.script_failed': entry('external', true),
  'step.timed_out': entry('external', true),
  'tool.timed_out': entry('external', true),
  'tool.permission_unenforceable': entry('invalid'),
  'tool.output_too_large': entry('limit'),
  'tool.limit_exceeded': entry('limit'),
  'tool.interpreter_missing': entry('io'),
  'tool.spawn_failed': entry('io', true),
  'trust.needed': entry('denied'),
  'trust.unread': entry('conflict'),
  'trust.not_declared': entry('denied'),
  'trigger.unreachable': entry('io', true),
  'delivery.body_gone': entry('not_found'),
  'delivery.unsigned': entry('denied'),
  'trigger.port_in_use': entry('conflict', true),
  'trigger.not_found': entry('not_found'),
  'trigger.ambiguous': entry('invalid'),
  'trigger.not_armed': entry('conflict'),
  'trigger.not_proven': entry('conflict'),
  'trigger.changed': entry('conflict'),
  'trigger.chain': entry('limit'),
  'delivery.not_found': entry('not_found'),
  'session.not_found': entry('not_found'),
  'token.not_found': entry('not_found'),
  'git.branch_exists': entry('conflict'),
  'git.checked_out': entry('conflict'),
  'git.conflict': entry('conflict'),
  'git.failed': entry('external'),
  'git.moved': entry('conflict'),
  'git.not_clean': entry('conflict'),
  'copy.changed': entry('conflict'),
  'copy.gone': entry('not_found'),
  'copy.not_made': entry('io'),
  'copy.nothing': entry('not_found'),
  'undo.changed_since': entry('conflict'),
  'undo.gone': entry('not_found'),
  'undo.no_room': entry('limit'),
  'undo.not_taken': entry('io'),
  'undo.nothing': entry('not_found'),
  'usage.invalid': entry('invalid'),
  'user.not_found': entry('not_found'),
  'user.exists': entry('conflict'),
  'user.last_admin': entry('conflict'),
  'workflow.changed': entry('conflict'),
  'workflow.cycle': entry('invalid'),
  'workflow.too_deep': entry('limit'),
  'workflow.not_found': entry('not_found'),
  'workflow.invalid': entry('invalid'),
  'workflow.invalid_yaml': entry('invalid'),
  'workflow.duplicate_id': entry('conflict'),
  'workflow.too_large': entry('limit'),
  'workflow.breaker_open': entry('external', true),
  'workflow.version_not_found': entry('not_found'),
  'workflow.failed_by_author': entry('external'),
} as const satisfies Record<string, CatalogueEntry>;

/** A code of the catalogue, `area.reason`. */
export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Plain details of an error; only JSON values, never a secret, a stack or a path outside the project. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The form in which an error is stored in the journal and crosses a door. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retryable: boolean;
  readonly hint?: string;
  readonly details?: ErrorDetails;
}

/** What may be said about an error beside its code and sentence. */
export interface ErrorExtras {
  readonly hint?: string | undefined;
  readonly details?: ErrorDetails | undefined;
  readonly cause?: unknown;
  /** Overrides the catalogue where the case at hand decides (exit code 2 of a script is not retryable). */
  readonly retryable?: boolean | undefined;
}

/** The only error that is thrown on purpose. Anything else that is thrown is a bug and becomes `internal.bug`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = ERROR_CATALOGUE[code].kind;
    this.retryable = extras.retryable ?? ERROR_CATALOGUE[code].retryable;
    this.hint = extras.hint;
    this.details = extras.details;
  }

  /** The record for the journal and the doors: no stack, no cause. */
  toRecord(): ErrorRecord {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      retryable: this.retryable,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** Rebuilds the error on the other side of a door. */
  static fromRecord(record: ErrorRecord): AppError {
    return new AppError(record.code, record.message, {
      hint: record.hint,
      details: record.details,
      retryable: record.retryable,
    });
  }
}

/** What the system refuses wherever it happens, so that it is nobody's bug: errno words, code, sentence, what to do. */
const SYSTEM_REFUSALS: readonly (readonly [RegExp, ErrorCode, string, string])[] = [
  [
    /^(EMFILE|ENFILE)$/,
    'file.io',
    'Too many files are open',
    'Close other programs, or raise the limit of open files (ulimit -n), then try again.',
  ],
  [/^(ENOSPC|EDQUOT)$/, 'file.disk_full', 'The disk is full', 'Free some space.'],
  [
    /^(EACCES|EPERM|EROFS)$/,
    'file.io',
    'A file or folder may not be read or written',
    'Check who may read and write there, and whether the disk is mounted read-only.',
  ],
];

function toSystemRefusal(thrown: unknown): AppError | null {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  const row = SYSTEM_REFUSALS.find(([words]) => typeof code === 'string' && words.test(code));
  return row === undefined ? null : new AppError(row[1], `${row[2]} (${code}).`, { hint: row[3], cause: thrown });
}

/**
 * Any thrown value as a record. What is neither an `AppError` nor a refusal of the system is a bug and says only that, its text stays
 * with the host's log.
 */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof AppError) return thrown.toRecord();
  const refusal = toSystemRefusal(thrown);
  if (refusal !== null) return refusal.toRecord();
  return new AppError('internal.bug', 'Something went wrong inside the app. The run or action was stopped.', {
    hint: 'Look at the log of the app and report the problem.',
  }).toRecord();
}
