import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../shared/errors.ts';
import { renderText, renderValue, scopeOf } from './index.ts';

/** One template that a child process with a small heap evaluates. */
export interface Attack {
  readonly name: string;
  readonly source: string;
  /** The source is rendered this often as one value, which is what a step with many inputs is. */
  readonly copies?: number;
}

/** How an attack ended: `value`, or the code of a typed error; and the processor time it took. */
export interface AttackEnd {
  readonly name: string;
  readonly end: string;
  readonly cpuMs: number;
}

const LONG = 3_900_000;
const repeat = (piece: string): string => piece.repeat(Math.ceil(LONG / piece.length)).slice(0, LONG);

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** What attacks read: long texts of one and two bytes a character, wide lists and maps, deep data, odd numbers. */
function attackData(): Record<string, unknown> {
  const ascii = repeat('A');
  const emoji = repeat('😀');
  return {
    ascii,
    emoji,
    words: repeat('ab Cd-ef, <p>&"/\\ https://x.y \n'),
    digits: repeat('9'),
    json: `[${'{"a":[1,12345678901234567890,NaN]},'.repeat(100_000)}0]`,
    marks: repeat('%s{}'),
    same: Array.from({ length: 1000 }, () => ascii),
    sameEmoji: Array.from({ length: 1000 }, () => emoji),
    wide: Array.from({ length: 200_000 }, (_, i) => i * 1.5),
    rows: Array.from({ length: 30_000 }, (_, i) => ({ a: `row ${i}`, n: i, tags: ['x'] })),
    map: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key ${i}`, i])),
    texts: { a: ascii, b: emoji, c: ascii },
    deep: deep(60),
    deeper: deep(5000),
    huge: 1e308,
    tiny: -5e-324,
    unsafe: 2 ** 53,
    nan: Number.NaN,
    kept: '1182937465019283746',
    nothing: null,
    yes: true,
    spread: { ' ': '\u0000', __proto__: null },
  };
}

function endOf(run: () => unknown): string {
  try {
    run();
    return 'value';
  } catch (cause) {
    if (cause instanceof AppError) return cause.code;
    return `untyped: ${cause instanceof Error ? cause.stack : String(cause)}`;
  }
}

async function host(): Promise<void> {
  const attacks = JSON.parse(await text(process.stdin)) as readonly Attack[];
  const scope = scopeOf(attackData());
  for (const { name, source, copies } of attacks) {
    writeSync(1, `${JSON.stringify({ begins: name })}\n`);
    const before = process.cpuUsage();
    const end = endOf(() =>
      copies === undefined
        ? renderText(source, scope, { now: 0 })
        : renderValue(
            Array.from({ length: copies }, () => source),
            scope,
            { now: 0 },
          ),
    );
    const { user, system } = process.cpuUsage(before);
    writeSync(1, `${JSON.stringify({ name, end, cpuMs: (user + system) / 1000 })}\n`);
  }
}

/** Evaluates templates one after another in a child that has `heapMb` of old space. A child that dies is an error that names the attack. */
export async function runAttacks(attacks: readonly Attack[], heapMb: number): Promise<readonly AttackEnd[]> {
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, import.meta.filename], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [output, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
    child.stdin.end(JSON.stringify(attacks)),
  ]);
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly begins: string } | AttackEnd);
  if (code !== 0)
    throw new Error(`the process died (${code}) at ${JSON.stringify(lines.at(-1))}: ${complaint.slice(-800)}`);
  return lines.filter((line): line is AttackEnd => 'end' in line);
}

if (import.meta.main) await host();
