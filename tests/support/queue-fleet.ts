import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { projectPaths } from '../../src/core/projects/index.ts';
import type { QueueBackend } from '../../src/core/queue/index.ts';
import { QUEUE_PRIORITIES, type QueuePriority } from '../../src/shared/model/queue.ts';
import { plainMessage } from './cut-publishes.ts';
import { LocalProject } from './local-project.ts';
import { waitUntil } from './wait-until.ts';
import { launchQueueHost } from './webhook-hosts.ts';

const WORKERS = 3;
const SLOTS = 4;
export const FLEET_LEASE_MS = 2_000;

/** What three workers on one queue made of its messages. */
export interface FleetReport {
  readonly completed: number;
  /** Nobody can know whether their effect was had: a person is asked. */
  readonly inDoubt: number;
  readonly wrong: readonly string[];
}

interface FleetOptions {
  /** `queue` of the settings, but for what is the same for all: `type: redis, redis_url: "…"`. */
  readonly place: string;
  readonly queue: QueueBackend;
  readonly messages: number;
  /** How one of the workers ends midway; it is started again. */
  readonly ends: 'killed' | 'stopped';
  readonly restartBroker: () => Promise<void>;
}

/** Projects of their own with the same workflow of two effects, each on a line of a file that all of them share. */
function makeProjects(place: string): readonly LocalProject[] {
  const projects = Array.from({ length: WORKERS }, () => {
    const lease = `visibility_timeout: ${FLEET_LEASE_MS / 1000}s, retry_delay: 500ms, concurrency: ${SLOTS}`;
    return new LocalProject([`queue: {${place}, ${lease}}`], { isHost: true });
  });
  const effects = effectsOf(projects);
  for (const project of projects) {
    const step = (no: number) =>
      `## Step ${no}: Part ${no}\n\n\`\`\`yaml\naction: probe.run\ninputs: {say: "${no} {{ inputs.id }}"}\n\`\`\`\n`;
    const head = '---\nworkflow: {id: work, name: Work}\ninputs: {id: {type: string, required: true}}\n---\n';
    project.write('.aiworkflow/bundles/work/workflow.md', `${head}\n${step(1)}\n${step(2)}`);
    project.write('.aiworkflow/bundles/work/tools/probe.sh', `#!/usr/bin/env bash\necho "$1" >> "${effects}"\n`);
  }
  return projects;
}

const effectsOf = ([first]: readonly LocalProject[]): string => join(first?.root ?? '', 'effects.txt');

/** `--say=1 m-0007` -> [1, m-0007], in the order in which they were had. */
function readEffects(file: string): readonly (readonly [string, string])[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line): [string, string] => {
    const [step = '', id = ''] = line.replace('--say=', '').split(' ');
    return [step, id];
  });
}

interface Run {
  readonly id: string;
  readonly status: string;
}

function readRuns({ path }: LocalProject): readonly Run[] {
  const db = new Database(projectPaths(path).storeFile, { readonly: true });
  try {
    const sql = "SELECT substr(start_key, 7) AS id, status FROM runs WHERE start_key LIKE 'queue:%'";
    return db.prepare(sql).all() as Run[];
  } finally {
    db.close();
  }
}

const ENDED = ['completed', 'in_doubt'];

/** Sends messages of all priorities, then three workers run them: one ends and is started again, one is frozen for three leases, the broker is restarted. */
export async function runFleet({ place, queue, messages, ends, restartBroker }: FleetOptions): Promise<FleetReport> {
  const projects = makeProjects(place);
  const sent = new Map<string, QueuePriority>();
  for (let at = 0; at < messages; at += 1) {
    const id = `m-${String(at).padStart(4, '0')}`;
    const priority = QUEUE_PRIORITIES[at % QUEUE_PRIORITIES.length] ?? 'normal';
    await queue.publish(
      plainMessage(id, {
        workflowId: 'work',
        priority,
        payload: { id },
        actor: { kind: 'user', id: 'tester', door: 'cli' },
      }),
    );
    sent.set(id, priority);
  }
  const file = effectsOf(projects);
  const had = (share: number) =>
    waitUntil(`${share} of the effects`, () => readEffects(file).length >= 2 * messages * share, 600_000);
  const paths = projects.map(({ path }) => path);
  const [ending = '', frozen = ''] = paths;
  const hosts = new Map(await Promise.all(paths.map(async (path) => [path, await launchQueueHost(path)] as const)));
  await had(0.25);
  const undisturbed = readEffects(file);
  if (ends === 'killed') hosts.get(ending)?.child.kill('SIGKILL');
  else hosts.get(ending)?.child.stdin?.end();
  await hosts.get(ending)?.ended;
  hosts.set(ending, await launchQueueHost(ending));
  await had(0.5);
  hosts.get(frozen)?.child.kill('SIGSTOP');
  await delay(3 * FLEET_LEASE_MS + 500);
  hosts.get(frozen)?.child.kill('SIGCONT');
  await had(0.75);
  await restartBroker();
  const isOver = (): boolean => {
    const over = new Set(
      projects
        .flatMap(readRuns)
        .filter(({ status }) => ENDED.includes(status))
        .map(({ id }) => id),
    );
    return [...sent.keys()].every((id) => over.has(id));
  };
  await waitUntil('every message to have ended', isOver, 600_000).catch(() => undefined);
  for (const { child, ended } of hosts.values()) {
    child.stdin?.end();
    await ended;
  }
  const report = judge(sent, projects.flatMap(readRuns), readEffects(file));
  for (const project of projects) await project.close();
  return { ...report, wrong: [...report.wrong, ...wrongOrder(sent, undisturbed)] };
}

function judge(
  sent: ReadonlyMap<string, QueuePriority>,
  runs: readonly Run[],
  effects: readonly (readonly [string, string])[],
): FleetReport {
  const wrong: string[] = [];
  const count = { completed: 0, in_doubt: 0 };
  for (const id of sent.keys()) {
    const of = runs.filter((run) => run.id === id);
    const ended = of.filter(({ status }) => ENDED.includes(status));
    if (ended.length !== 1)
      wrong.push(`${id} ended ${ended.length} times: ${of.map(({ status }) => status).join(', ')}`);
    else count[ended[0]?.status as keyof typeof count] += 1;
    for (const step of ['1', '2']) {
      const times = effects.filter(([no, of]) => no === step && of === id).length;
      const isWhole = ended[0]?.status === 'completed';
      if (times > 1 || (isWhole && times === 0)) wrong.push(`${id}: effect ${step} was had ${times} times`);
    }
  }
  return { completed: count.completed, inDoubt: count.in_doubt, wrong };
}

/** Before the first disturbance a message begins before those of a lower priority, but for what the slots take at the same time. */
function wrongOrder(
  sent: ReadonlyMap<string, QueuePriority>,
  effects: readonly (readonly [string, string])[],
): string[] {
  const begun = effects.filter(([step]) => step === '1').map(([, id]) => id);
  const rank = (id: string): number => QUEUE_PRIORITIES.indexOf(sent.get(id) ?? 'low');
  return begun.flatMap((id, at) => {
    const overtaken = begun.slice(at + 1).filter((later) => rank(later) > rank(id)).length;
    return overtaken >= WORKERS * SLOTS
      ? [`${id} (${sent.get(id)}) began before ${overtaken} of a higher priority`]
      : [];
  });
}
