// Components beside their raw limits, each in this one process: node components.mjs <script-step|reader|templates>
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadCenter } from './load-engine.mjs';
import { emit, median, parseArgs, performance, round } from './measure.mjs';

const [what] = parseArgs()._;
const engine = await loadCenter();

/** Times `work` in turns with `other`, so that noise hits both alike; medians in ms. */
async function pair(times, work, other) {
  const ours = [];
  const theirs = [];
  for (let i = 0; i < times; i++) {
    const a = performance.now();
    await work(i);
    const b = performance.now();
    await other(i);
    const c = performance.now();
    ours.push(b - a);
    theirs.push(c - b);
  }
  return { ours: median(ours), theirs: median(theirs) };
}

/** A process of its own that only spawns: the floor that the helper is measured against. */
function smallParent() {
  const source = `const { spawn } = require('node:child_process');
    process.on('message', () => { const c = spawn('bash', ['-c', ':'], { stdio: 'ignore' }); c.on('exit', () => process.send(1)); });`;
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return {
    spawnOne: () => new Promise((resolve) => (child.once('message', resolve), child.send(1))),
    close: () => child.kill(),
  };
}

const benches = {
  async 'script-step'() {
    const ballast = Array.from({ length: 300 }, () => Buffer.alloc(1024 * 1024, 1));
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'aiw-bench-'));
    const runner = engine.createProcessRunner({ clock: { now: Date.now }, stateDir: dir });
    const parent = smallParent();
    const env = { PATH: process.env.PATH };
    const step = (i) =>
      runner.run(
        {
          runId: 'bench',
          path: `s${i}`,
          attempt: 1,
          stepKey: `bench-${i}`,
          command: 'bash',
          args: ['-c', ':'],
          cwd: dir,
          env: { ...env, AIWORKFLOW_STEP_KEY: `bench-${i}` },
          stdin: null,
          timeoutMs: 60_000,
          outputLimitBytes: 1024 * 1024,
        },
        { signal: new AbortController().signal, onLine: () => {} },
      );
    for (let i = 0; i < 20; i++) await step(100_000 + i);
    const { ours, theirs } = await pair(200, step, () => parent.spawnOne());
    emit({
      what,
      residentMb: ballast.length,
      ours_ms: round(ours),
      raw_ms: round(theirs),
      ratio: round(ours / theirs, 2),
    });
    parent.close();
    await runner.close();
    fs.rmSync(dir, { recursive: true, force: true });
  },
  async reader() {
    const { parseDocument } = await import('yaml');
    const step = (i) =>
      `## Step ${i}: Read part ${i}\n\nReads a part of the mailbox and keeps what matters for the report that follows.\n\n\`\`\`yaml\naction: mail.search\ninputs:\n  folder: inbox\n  since: "{{ inputs.since }}"\n  words: [invoice, offer, reminder]\n  limit: ${i}\noutput_variable: part_${i}\nretry: {max_retries: 2, delay: 5s}\ntimeout: 30s\n\`\`\`\n\n`;
    const head =
      '---\nworkflow:\n  id: bench\n  name: Bench\n  tags: [a, b]\ninputs:\n  since: {type: string, default: 24h}\n---\n\n# Bench\n\n';
    const steps = Array.from({ length: 24 }, (_, i) => step(i + 1));
    const text = head + steps.join('');
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]);
    blocks.push(
      'workflow:\n  id: bench\n  name: Bench\n  tags: [a, b]\ninputs:\n  since: {type: string, default: 24h}\n',
    );
    const texts = Array.from({ length: 40 }, (_, i) => text.replaceAll('mailbox', `mailbox ${i}`));
    const { ours, theirs } = await pair(
      15,
      () => {
        for (const one of texts) engine.readWorkflow(one, { file: 'w.md' });
      },
      () => {
        for (let i = 0; i < texts.length; i++) for (const block of blocks) parseDocument(block).toJS();
      },
    );
    emit({
      what,
      bytes: text.length,
      ours_files_per_s: round((texts.length / ours) * 1000, 0),
      yaml_files_per_s: round((texts.length / theirs) * 1000, 0),
      ratio: round(ours / theirs, 2),
    });
  },
  async templates() {
    const { Environment } = await import('minijinja-js');
    const source = `# {{ title | upper }}\n{% for item in items %}- {{ loop.index }}. {{ item.name | title }}: {{ item.price | round(2) }} {% if item.tags %}({{ item.tags | join(', ') }}){% endif %}\n{% else %}none{% endfor %}Total {{ items | length }}, sum {{ items | map(attribute='price') | sum | round(2) }}. ${'Plain words stand between. '.repeat(26)}`;
    const data = {
      title: 'weekly report',
      items: Array.from({ length: 20 }, (_, i) => ({
        name: `item number ${i}`,
        price: i * 1.37,
        tags: i % 2 ? ['a', 'b'] : [],
      })),
    };
    const scope = engine.scopeOf(data);
    const peer = new Environment();
    peer.addTemplate('t', source);
    const times = 400;
    const { ours, theirs } = await pair(
      25,
      () => {
        for (let i = 0; i < times; i++) engine.renderText(source, scope, { now: 0 });
      },
      () => {
        for (let i = 0; i < times; i++) peer.renderTemplate('t', data);
      },
    );
    emit({
      what,
      bytes: source.length,
      ours_per_s: round((times / ours) * 1000, 0),
      minijinja_per_s: round((times / theirs) * 1000, 0),
      ratio: round(theirs / ours, 2),
    });
  },
};

await benches[what]();
