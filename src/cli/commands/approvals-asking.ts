import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { withClient } from '../client/call-reader.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { print } from '../print.ts';
import { usageError } from '../report-error.ts';
import { askedText } from '../text/asked-text.ts';
import { choiceOption, durationOption, integerOption } from '../values/option-values.ts';
import { withWorkflowRef } from '../values/workflow-ref.ts';
import { type RunFlags, startInput } from './run.ts';

const HOUR_MS = 3_600_000;

/** What can be asked for, as a person types it. */
export const ASKED_KINDS = ['run', 'schedule', 'trust', 'tool'] as const;

type Asked = InputOf<'approvals.request'>['asked'];

interface AskFlags extends Pick<RunFlags, 'agent' | 'model' | 'input' | 'inputsFile' | 'timeout'> {
  readonly comment?: string;
  readonly approver?: readonly string[];
  readonly minApprovals: string;
  readonly expiresIn?: string;
  readonly allowSelfApproval?: boolean;
}

/** `approvals request run|schedule|trust|tool NAME`: asks others to let it happen; what is asked is what stands there now. */
export async function askForApproval(
  context: CliContext,
  kind: string,
  name: string,
  flags: AskFlags,
): Promise<ExitCode> {
  const asking = ASKING[choiceOption('kind', kind, ASKED_KINDS)];
  const { comment, approver, expiresIn } = flags;
  const more = {
    minApprovals: integerOption('--min-approvals', flags.minApprovals, { min: 1, max: 1000 }),
    ...(comment === undefined ? {} : { comment }),
    ...(approver === undefined ? {} : { approvers: [...approver] }),
    ...(expiresIn === undefined ? {} : { expiresInHours: (await durationOption('--expires-in', expiresIn)) / HOUR_MS }),
    ...(flags.allowSelfApproval === true ? { allowSelfApproval: true } : {}),
  };
  const asked = await withClient(context, (client) =>
    asking({ client, context, name, flags }, (what) => client.call('approvals.request', { asked: what, ...more })),
  );
  print(context, { ...asked, status: 'pending' }, () => askedText(asked));
  return EXIT.waiting;
}

interface Asking {
  readonly client: OpenClient;
  readonly context: CliContext;
  readonly name: string;
  readonly flags: AskFlags;
}
type Answer = OutputOf<'approvals.request'>;
type Send = (what: Asked) => Promise<Answer>;

const ASKING: Readonly<Record<(typeof ASKED_KINDS)[number], (asking: Asking, send: Send) => Promise<Answer>>> = {
  run: async ({ context, name, flags }, send) => {
    const input = await startInput(context, flags);
    return withWorkflowRef(name, context.cwd, (workflow) => send({ kind: 'run', ...input, workflow }));
  },
  schedule: async ({ client, name }, send) => {
    const { key, definitionHash, contentHash, problem } = await client.call('triggers.get', { trigger: name });
    if (contentHash === null) throw new AppError('workflow.invalid', problem ?? 'Its workflow cannot be read.');
    return send({ kind: 'schedule', trigger: key, definitionHash, contentHash });
  },
  trust: ({ client, context, name }, send) =>
    withWorkflowRef(name, context.cwd, async (ref) => {
      const { contentHash } = await client.call('trust.show', { ref });
      return send({ kind: 'bundle_trust', ref, contentHash });
    }),
  tool: async ({ client, name }, send) => {
    const { change } = await client.call('tools.show', { tool: name });
    if (change === null) throw usageError(`'${name}' says of itself what was accepted`, "See 'aiworkflow tools show'.");
    return send({ kind: 'tool_definition', tool: name, currentHash: change.currentHash });
  },
};
