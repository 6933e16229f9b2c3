import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyExport } from '../../src/core/governance/index.ts';
import type { ExportVerdict } from '../../src/shared/model/audit.ts';
import type { EvidenceApproval, EvidenceLine, EvidenceRun } from '../../src/shared/model/evidence.ts';
import { LocalProject } from '../support/local-project.ts';

/** Issue "proof": what a run's evidence pack says, and that it can be checked alone. */

let project: LocalProject;
let runId: string;
let pack: string;

async function wholeOf(of: LocalProject, runOf: string): Promise<string> {
  let piece = await of.call('audit.evidence', { runId: runOf });
  let text = piece.text;
  while (piece.cursor !== null) {
    piece = await of.call('audit.export', { cursor: piece.cursor });
    text += piece.text;
  }
  return text;
}
const evidenceOf = (run: string): Promise<string> => wholeOf(project, run);

async function* pieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 1000) yield text.slice(at, at + 1000);
}
const check = (text: string): Promise<ExportVerdict> => verifyExport(pieces(text), null);
const linesOf = (text: string): readonly EvidenceLine[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as EvidenceLine);

beforeAll(async () => {
  project = new LocalProject();
  project.addWorkflow('letter', [['approval: {title: Send it?}'], ['action: workflow.noop']]);
  runId = await project.run('letter');
  const { approvals } = await project.call('approvals.list', {});
  const { id, hash } = await project.call('approvals.get', { id: approvals[0]?.id ?? '' });
  await project.call('approvals.approve', { id, hash, comment: 'ünder 100 €' });
  await project.settled();
  pack = await evidenceOf(runId);
});
afterAll(() => project.close());

describe('the evidence pack of a run', () => {
  it('says who started and approved it, what ran, what it cost, and what it does not prove', () => {
    const lines = linesOf(pack);
    const run = lines.find((one): one is EvidenceRun => one.part === 'run');
    expect(run).toMatchObject({
      run_id: runId,
      workflow_id: 'letter',
      version_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      status: 'completed',
      started: { by: 'tester', event: expect.any(Number) },
      ended: { by: 'system:engine', event: expect.any(Number) },
    });
    const approval = lines.find((one): one is EvidenceApproval => one.part === 'approval');
    expect(approval).toMatchObject({
      title: 'Send it?',
      status: 'approved',
      requested: { by: 'system:engine', event: expect.any(Number) },
      decisions: [{ decision: 'approve', by: 'tester', comment: 'ünder 100 €', event: expect.any(Number) }],
    });
    expect(lines.filter(({ part }) => part === 'step')).toHaveLength(2);
    expect(lines.find(({ part }) => part === 'cost')).toEqual({ part: 'cost', usd: '0', calls: 0, unpriced_calls: 0 });
    expect(lines.filter(({ part }) => part === 'not_proven').length).toBeGreaterThan(3);
  });

  it('is checked without the project', async () => {
    expect(await check(pack)).toMatchObject({ valid: true, checked: 4, first_bad_seq: null });
  });

  it('every byte that is changed, taken away or put in is found, and its line named', async () => {
    const ends = [...pack].flatMap((letter, at) => (letter === '\n' ? [at] : []));
    const lineAt = (at: number): number => ends.filter((end) => end < at).length + 1;
    const wrong: string[] = [];
    // A prime step, so that every line and every kind of sign is met.
    for (let at = 0; at < pack.length; at += 31) {
      const other = pack[at] === '1' ? '2' : '1';
      const verdict = await check(pack.slice(0, at) + other + pack.slice(at + 1));
      const names = new RegExp(`^Line ${lineAt(at)}\\b|^Line 1 is no event|^The end`);
      const isEnd = pack[at] === '\n';
      if (verdict.valid || (!names.test(verdict.message) && !isEnd && !verdict.message.includes('says of event')))
        wrong.push(`${at} (line ${lineAt(at)}): ${verdict.message}`);
    }
    expect(wrong).toEqual([]);
    const lines = pack.trimEnd().split('\n');
    for (const at of lines.keys())
      expect(await check(`${lines.toSpliced(at, 1).join('\n')}\n`)).toMatchObject({ valid: false });
    expect(await check(pack.trimEnd())).toMatchObject({ valid: false });
    expect(await check(`${pack}{}\n`)).toMatchObject({
      valid: false,
      message: expect.stringContaining('behind the seal'),
    });
  });

  it('who takes it along stands in the audit, each time', async () => {
    const before = (await project.call('audit.query', { text: 'audit.evidence' })).total;
    await evidenceOf(runId);
    await evidenceOf(runId);
    const { events, total } = await project.call('audit.query', { text: 'audit.evidence' });
    expect(total).toBe(before + 2);
    expect(events[0]).toMatchObject({ user_id: 'tester', action: 'audit.evidence', details: { run: runId } });
  });

  it('names the request for its start, who approved that, and its events, which are older than the run', async () => {
    const asking = new LocalProject(['governance: {approve_high_risk: true}']);
    try {
      asking.addWorkflow('pay', [['action: workflow.noop']], ['risk_level: high']);
      const asked = { kind: 'run', workflow: 'pay' } as const;
      const { id } = await asking.call('approvals.request', { asked, comment: 'The invoice of May' });
      const { hash } = await asking.call('approvals.get', { id });
      const taken = await asking.call('approvals.approve', { id, hash, comment: 'paid in May' });
      await asking.settled();
      const whole = await wholeOf(asking, taken.runId ?? '');
      const lines = linesOf(whole);
      const request = lines.find((one): one is EvidenceApproval => one.part === 'approval');
      expect(request).toMatchObject({
        ...{ id, step: null, title: 'Start pay', status: 'approved', content_hash: hash, requested_by: 'tester' },
        requested: { by: 'tester', event: expect.any(Number) },
        decisions: [{ decision: 'approve', by: 'tester', comment: 'paid in May', event: expect.any(Number) }],
      });
      const run = lines.find((one): one is EvidenceRun => one.part === 'run');
      expect(request?.requested.event).toBeLessThan(run?.started.event ?? 0);
      expect(await check(whole)).toMatchObject({ valid: true });
      expect(await check(whole.replace('"event":', '"event":1'))).toMatchObject({ valid: false });
    } finally {
      await asking.close();
    }
  });

  it('there is none of a run that is not there', async () => {
    await expect(project.call('audit.evidence', { runId: 'run-x' })).rejects.toMatchObject({ code: 'run.not_found' });
  });
});
