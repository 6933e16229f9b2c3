import { APPROVAL_STATUSES } from '../../shared/model/approval.ts';
import { addGroup, type CommandKit, repeated } from '../command-kit.ts';
import { approveRequest, cancelRequest, delegateRequest, rejectRequest, reviseRequest } from './approvals-acting.ts';
import { ASKED_KINDS, askForApproval } from './approvals-asking.ts';
import { listRequests, showRequest } from './approvals-reading.ts';

const ID = ['<id>', 'id of the request, or how it begins'] as const;

/** `approvals list|show|request|approve|reject|revise|delegate|cancel`. */
export function addApprovals(kit: CommandKit): void {
  const group = addGroup(kit, 'approvals', 'Requests that wait for a decision');
  group
    .command('list')
    .description('List requests, newest first; without options those that wait')
    .addOption(repeated('--status <status>', `only requests that are ${APPROVAL_STATUSES.join(', ')}`))
    .option('--all', 'requests in every status')
    .option('--mine', 'only requests that I can decide')
    .option('--limit <count>', 'at most so many', '200')
    .action(kit.run(listRequests));
  group
    .command('show')
    .description('Show a request with exactly what would be done')
    .argument(...ID)
    .action(kit.run(showRequest));
  group
    .command('request')
    .description('Ask others to let something happen: a run, a trigger, a bundle, the changed definition of a tool')
    .argument('<kind>', ASKED_KINDS.join(', '))
    .argument('<name>', 'workflow, trigger, bundle or tool')
    .option('--comment <text>', 'why')
    .addOption(repeated('--approver <user>', 'who decides: a user, or role:NAME; default: whoever may approve'))
    .option('--min-approvals <count>', 'how many have to approve', '1')
    .option('--expires-in <duration>', 'when it ends by itself, such as 24h; default: never')
    .option('--allow-self-approval', 'let me decide too, where the project allows that')
    .addOption(repeated('-i, --input <key=value>', 'for run: an input; key=@file reads a file, key:=JSON is JSON'))
    .option('--inputs-file <file>', 'for run: inputs from a YAML or JSON file')
    .option('-a, --agent <name>', 'for run: agent for every agent step')
    .option('--model <name>', 'for run: model for the steps that name none')
    .option('--timeout <duration>', 'for run: longest time, such as 30s, 5m, 1h')
    .action(kit.run(askForApproval));
  group
    .command('approve')
    .description('Approve a request and go on with its run')
    .argument(...ID)
    .option('--comment <text>', 'a word with it')
    .addOption(repeated('--read <numbers>', "for a bundle: its findings that I have read, by their numbers in 'show'"))
    .action(kit.run(approveRequest));
  group
    .command('reject')
    .description('Reject a request; one rejection is final')
    .argument(...ID)
    .option('--reason <text>', 'why (needed)')
    .action(kit.run(rejectRequest));
  group
    .command('revise')
    .description('Send the proposal back to its agent with a comment')
    .argument(...ID)
    .option('--comment <text>', 'what should be different (needed)')
    .action(kit.run(reviseRequest));
  group
    .command('delegate')
    .description('Hand a request to another who may decide; he cannot hand it on')
    .argument(...ID)
    .requiredOption('--to <user>', 'who decides instead')
    .option('--comment <text>', 'a word with it')
    .action(kit.run(delegateRequest));
  group
    .command('cancel')
    .description('Take a request back')
    .argument(...ID)
    .action(kit.run(cancelRequest));
}
