import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';

/** Where a program lies; null = it is not installed. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // In another folder.
    }
  }
  return null;
}

/** Runs promtool; `said` is all that it wrote. */
export function promtool(
  args: readonly string[],
  input = '',
): { readonly exitCode: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', [...args], { input, encoding: 'utf8' });
  return { exitCode: status, said: `${stdout}${stderr}` };
}

/** A real Prometheus that scrapes one address every quarter of a second. */
export interface Prometheus {
  /** Whether it is an expression, over whatever series there are. */
  understands(expression: string): Promise<boolean>;
  /** What an expression gives now: the value of each series by its labels, in their order of names. */
  query(expression: string): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'aiw-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `global: {scrape_interval: 250ms}\nscrape_configs:\n  - {job_name: aiworkflow, static_configs: [{targets: ["${target}"]}]}\n`,
  );
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ask = (expression: string): Promise<Response | null> =>
    fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`).catch(() => null);
  const query = async (expression: string): Promise<ReadonlyMap<string, number>> => {
    const answer = await ask(expression);
    if (answer?.ok !== true) return new Map();
    const { data } = (await answer.json()) as {
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    return new Map(
      data.result.map(({ metric, value }) => [
        Object.entries(metric)
          .filter(([name]) => !['__name__', 'instance', 'job'].includes(name))
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([name, label]) => `${name}=${label}`)
          .join(','),
        Number(value[1]),
      ]),
    );
  };
  return {
    query,
    understands: async (expression) => (await ask(expression))?.ok === true,
    close: () => end(child, folder),
  };
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
