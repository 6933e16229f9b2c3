import { setTimeout as delay } from 'node:timers/promises';
import { ApprovalProject } from './approval-project.ts';
import { startCli } from './cli-process.ts';
import { startBrowserHostProcess } from './doors/browser-host.ts';
import { callAs, openWindow, signInBy } from './doors/browser-visitor.ts';
import { untilStatus } from './run-page.ts';
import { seeded } from './seeded.ts';

/** What came of many races. */
export interface DecisionRaces {
  /** How many decisions each door won. */
  readonly won: Readonly<Record<'window' | 'other window' | 'command line', number>>;
  /** One text for each thing that was not as it must be. */
  readonly wrong: readonly string[];
}

const LATE = /^Request is not pending: (approved|rejected)$/;

/**
 * Two windows of the browser door and the command line, each a process of the real product, decide about one request at once, `races` times.
 * One must be taken, the others told, the audit must hold it once, and what it lets go on must happen once or never.
 */
export async function raceDecisions(races: number, seed: number): Promise<DecisionRaces> {
  const project = new ApprovalProject();
  const host = await startBrowserHostProcess({ projectPath: project.path, home: project.home });
  const client = await project.connect();
  const random = seeded(seed);
  const won = { window: 0, 'other window': 0, 'command line': 0 };
  const wrong: string[] = [];
  // How long the command line took last: the windows decide somewhere in this time.
  let tookMs = 500;
  try {
    const cookie = await signInBy(host.link);
    const windows = [await openWindow(host.url, cookie), await openWindow(host.url, cookie)];
    for (let race = 0; race < races; race += 1) {
      const { runId } = await client.call('runs.start', { workflow: 'refund', inputs: { customer: 'Hansen' } });
      await untilStatus(client, runId, 'waiting');
      const { approvals } = await client.call('approvals.list', { runId });
      const { id, hash } = await client.call('approvals.get', { id: approvals[0]?.id ?? '' });
      const says = (word: 'approve' | 'reject') => (word === 'approve' ? { id, hash } : { id, hash, reason: 'No' });
      const inWindow = async (at: 0 | 1, word: 'approve' | 'reject'): Promise<string> => {
        await delay(Math.floor(random() * tookMs));
        const visitor = windows[at];
        if (visitor === undefined) throw new Error('no such window');
        const answer = await callAs(host.url, visitor, `approvals.${word}`, says(word));
        return answer.ok ? `taken ${word}` : answer.error.message;
      };
      const inTerminal = async (word: 'approve' | 'reject'): Promise<string> => {
        const before = performance.now();
        const words = word === 'approve' ? ['approve', id] : ['reject', id, '--reason', 'No'];
        const cli = startCli(project, '--json', 'approvals', ...words);
        await cli.exited;
        tookMs = performance.now() - before;
        const value = JSON.parse(cli.stdout()) as { readonly error?: string; readonly status?: string };
        return value.status === undefined ? (value.error ?? cli.stdout()) : `taken ${word}`;
      };
      const word = race % 2 === 0 ? 'approve' : 'reject';
      const said = {
        window: inWindow(0, 'approve'),
        'other window': inWindow(1, 'reject'),
        'command line': inTerminal(word),
      };
      const answers: [keyof typeof won, string][] = [];
      for (const door of ['window', 'other window', 'command line'] as const) answers.push([door, await said[door]]);
      const taken = answers.filter(([, answer]) => answer.startsWith('taken '));
      for (const [door] of taken) won[door] += 1;
      const isApproved = taken[0]?.[1] === 'taken approve';
      await untilStatus(client, runId, isApproved ? 'completed' : 'failed');
      const { approvals: given, rejections } = await client.call('approvals.get', { id });
      const { events } = await client.call('audit.query', { resourceType: 'approval', resourceId: id });
      const decided = events.filter(({ action, success }) => success && (action === 'approve' || action === 'reject'));
      const found = {
        taken: taken.length,
        late: answers.filter(([, answer]) => LATE.test(answer)).length,
        given: given.length + rejections.length,
        audited: decided.map(({ event_type }) => event_type),
        sent: project.tracesOf(runId).length,
      };
      const wanted = {
        taken: 1,
        late: 2,
        given: 1,
        audited: [isApproved ? 'approval.approved' : 'approval.rejected'],
        sent: isApproved ? 1 : 0,
      };
      if (JSON.stringify(found) !== JSON.stringify(wanted))
        wrong.push(`race ${race} of seed ${seed}: ${JSON.stringify(found)}, said ${JSON.stringify(answers)}`);
    }
    return { won, wrong };
  } finally {
    client.close();
    await host.end();
    project.remove();
  }
}
