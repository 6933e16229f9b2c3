import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { hex, SECRETS, WebhookProject } from '../support/webhook-project.ts';

/** SPEC §1.4 `wait: {event}`: a run that rests until a signed delivery comes, and takes it once. */
const HOOK = 'path: /done, scheme: generic, secret: HOOK_SECRET';
let project: WebhookProject;
afterEach(() => project.close());

/** A workflow that waits at `/done`, with a webhook of its own there unless `trigger` says otherwise. */
function addWaiter(id: string, waits: readonly string[], trigger = `  - {type: webhook, id: hook, ${HOOK}}`): void {
  project.addWorkflow(
    id,
    [
      ['action: workflow.set', 'inputs: {begun: true}'],
      ...waits.map((wait, at) => ['id: w'.concat(String(at)), `wait: ${wait}`, `output_variable: came${at}`]),
      [
        'action: workflow.set_outputs',
        'inputs:',
        ...waits.map((_, at) => `  came${at}: "{{ came${at}.event.payload.n }}"`),
      ],
    ],
    [...(trigger === '' ? [] : ['triggers:', trigger]), 'inputs:', '  ticket: {type: string, default: A}'],
  );
}

async function open(waits: readonly string[]): Promise<void> {
  project = new WebhookProject(SECRETS);
  addWaiter('deploy', waits);
  await project.arm('deploy/hook');
  await project.listen();
}

const send = (body: Record<string, unknown>, id: string, signature?: string) => {
  const text = JSON.stringify(body);
  const headers = [['X-Delivery-Id', id] as const, ['X-Signature', signature ?? hex(text)] as const];
  return project.send({ body: text, headers, path: '/done' });
};
const toldRun = (heard: { readonly body: unknown }): string =>
  (heard.body as { result: { run_id: string } }).result.run_id;

async function start(workflow = 'deploy', inputs: Readonly<Record<string, string>> = {}): Promise<string> {
  const { runId } = await project.call('runs.start', { workflow, inputs });
  return runId;
}
const runOf = async (runId: string) => (await project.call('runs.get', { runId })).run;
const isAt = (runId: string, status: string): Promise<void> =>
  waitUntil(`${runId} to be ${status}`, async () =>
    (await project.runs()).some((run) => run.runId === runId && run.status === status),
  );

describe('a run that waits for a webhook', () => {
  it('goes on with the delivery that it waits for, which starts no other run; what is not signed or does not match wakes nobody', async () => {
    await open(['{event: /done, match: "payload.ticket == inputs.ticket", timeout: 1h}']);
    const runId = await start();
    await isAt(runId, 'waiting');
    expect(await runOf(runId)).toMatchObject({ waitsFor: 'event', hears: '/done' });
    const { steps, needsPerson } = await project.call('runs.get', { runId });
    expect([steps.find(({ stepId }) => stepId === 'w0')?.awaits, needsPerson]).toEqual(['/done', false]);

    expect((await send({ ticket: 'A', n: 1 }, 'forged', 'f00')).status).toBe(401);
    expect((await runOf(runId)).status).toBe('waiting');
    const heard = await send({ ticket: 'A', n: 2 }, 'right');
    expect(toldRun(heard)).toBe(runId);
    expect(await project.outputsOf(runId)).toEqual({ came0: 2 });
    await project.settled();
    expect((await project.runs()).map((run) => run.runId)).toEqual([runId]);
    const taken = (await project.deliveries()).find(({ state }) => state === 'started');
    expect(taken).toMatchObject({ runId, reason: 'A run waited for it.' });
    const { outcome, output } = await project.call('runs.step', { runId, path: 'w0' }).then((step) => ({
      outcome: step.state.status,
      output: step.output as { waited_seconds: number; event: Record<string, unknown> },
    }));
    expect(outcome).toBe('completed');
    expect(output.event).toMatchObject({ payload: { ticket: 'A', n: 2 }, path: '/done', delivery_id: 'right' });

    // Sent again it is known; nobody waits any more, so another one starts what the webhook says.
    expect((await send({ ticket: 'A', n: 2 }, 'right')).body).toMatchObject({ duplicate: true });
    const next = toldRun(await send({ ticket: 'A', n: 3 }, 'later'));
    expect(next).not.toBe(runId);
    await isAt(next, 'waiting');
  });

  it('of another workflow goes on as well, beside the run that the webhook starts; each only with what it waits for', async () => {
    project = new WebhookProject(SECRETS);
    addWaiter('deploy', ['{event: done, match: "payload.ticket == inputs.ticket"}'], '');
    project.addWebhook('note', HOOK, '{said: "{{ trigger.payload.ticket }}"}');
    await project.arm('note/hook');
    await project.listen();
    const [a, b] = [await start('deploy', { ticket: 'A' }), await start('deploy', { ticket: 'B' })];
    await Promise.all([isAt(a, 'waiting'), isAt(b, 'waiting')]);
    const note = toldRun(await send({ ticket: 'B', n: 5 }, 'for-b'));
    expect(await project.outputsOf(b)).toEqual({ came0: 5 });
    expect(await project.outputsOf(note)).toEqual({ said: 'B' });
    expect((await runOf(a)).status).toBe('waiting');
    await send({ ticket: 'A', n: 6 }, 'for-a');
    expect(await project.outputsOf(a)).toEqual({ came0: 6 });
  });

  it('takes what came before the step began, once: the next wait of the run gets the next one', async () => {
    project = new WebhookProject(SECRETS);
    project.addWorkflow(
      'late',
      [
        ['id: pause', 'wait: {event: /go}'],
        ['id: w', 'wait: {event: /done}', 'output_variable: one'],
        ['id: v', 'wait: {event: /done}', 'output_variable: two'],
        ['action: workflow.set_outputs', 'inputs: {both: "{{ one.event.payload.n }} {{ two.event.payload.n }}"}'],
      ],
      [],
    );
    project.addWebhook('note', HOOK);
    project.addWebhook('go', 'path: /go, scheme: generic, secret: HOOK_SECRET');
    await project.arm('note/hook');
    await project.arm('go/hook');
    await project.listen();
    await send({ n: 0 }, 'before the run');
    const runId = await start('late');
    await isAt(runId, 'waiting');
    await send({ n: 1 }, 'early');
    const go = '{"n":9}';
    await project.send({ body: go, headers: [['X-Signature', hex(go)]], path: '/go' });
    await waitUntil('the second wait', async () =>
      (await project.call('runs.get', { runId })).steps.some(
        (step) => step.stepId === 'v' && step.status === 'waiting',
      ),
    );
    await send({ n: 2 }, 'late');
    expect(await project.outputsOf(runId)).toEqual({ both: '1 2' });
  });

  it('gives up in time, and what comes afterwards changes nothing; cancelled it takes nothing', async () => {
    await open(['{event: /done, timeout: 50ms}']);
    const late = await start();
    await isAt(late, 'failed');
    expect((await runOf(late)).error?.message).toContain('nothing that it waits for came at /done');
    addWaiter('other', ['{event: /done}'], '');
    const cancelled = await start('other');
    await isAt(cancelled, 'waiting');
    await project.call('runs.cancel', { runId: cancelled });
    await isAt(cancelled, 'cancelled');
    const started = toldRun(await send({ n: 1 }, 'd'));
    expect([late, cancelled]).not.toContain(started);
    await isAt(started, 'failed');
    expect([(await runOf(late)).status, (await runOf(cancelled)).status]).toEqual(['failed', 'cancelled']);
  });

  it('outlives a restart, and is found by what came while the runs were not looked after', async () => {
    await open(['{event: /done}']);
    const runId = await start();
    await isAt(runId, 'waiting');
    await project.reopen();
    expect((await runOf(runId)).status).toBe('waiting');
    await project.listen();
    await send({ n: 4 }, 'after');
    expect(await project.outputsOf(runId)).toEqual({ came0: 4 });
  });

  it('where no webhook listens says in its log that it waits in vain', async () => {
    project = new WebhookProject(SECRETS);
    project.addWorkflow('lost', [['id: w', 'wait: {event: /nowhere}']]);
    project.addWebhook('note', HOOK);
    project.addWorkflow('unarmed', [['id: w', 'wait: {event: /done}']]);
    for (const [workflow, text] of [
      ['lost', 'No webhook of the project has the path /nowhere: write one and arm it.'],
      ['unarmed', 'The webhook note/hook at /done lets nothing in:'],
    ] as const) {
      const runId = await start(workflow);
      await isAt(runId, 'waiting');
      const { lines } = await project.call('runs.log', { runId, from: 1, limit: 10 });
      expect(lines).toMatchObject([{ path: 'w', level: 'warning', text: expect.stringContaining(text) }]);
    }
  });

  it('with a path that is none says so', async () => {
    project = new WebhookProject(SECRETS);
    addWaiter('deploy', ['{event: "{{ inputs.ticket }} b"}'], '');
    const runId = await start();
    await isAt(runId, 'failed');
    expect((await runOf(runId)).error?.message).toContain('needs the path of a webhook');
  });
});
