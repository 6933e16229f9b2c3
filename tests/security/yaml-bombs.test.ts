import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/shared/model/diagnostic.ts';

/** A hang, not a measurement: processor time of the thread, many times what the slowest takes on a machine whose cores are shared. */
const HANG_MS = 10_000;
const MAX_HEAP_MB = 100;
const MIB = 1024 * 1024;

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const front = (yaml: string): string => `---\n${yaml}\n---\n## Step 1: A\n\`\`\`yaml\naction: a.b\n\`\`\`\n`;
const block = (yaml: string): string => `## Step 1: A\n\`\`\`yaml\n${yaml}\n\`\`\`\n`;

/** Anchors that double (or grow by ten) on every line. */
const laughs = (levels: number, width: number, open = '[', close = ']'): string =>
  `a0: &a0 ${open}${'lol,'.repeat(width - 1)}lol${close}\n${lines(levels, (i) => `a${i + 1}: &a${i + 1} ${open}${`*a${i},`.repeat(width - 1)}*a${i}${close}`)}`;

const YAML_BOMBS: readonly (readonly [string, string])[] = [
  ['billion laughs', laughs(9, 10)],
  ['doubling aliases', laughs(60, 2)],
  ['wide aliases', `a: &a [${'x,'.repeat(5000)}x]\nb: [${'*a,'.repeat(500)}*a]`],
  ['aliases in maps', `a: &a {x: {y: {z: 1}}}\n${lines(4000, (i) => `k${i}: *a`)}`],
  ['an alias to itself', 'a: &a [*a]'],
  ['an alias to its parent map', 'a: &a\n  b: *a'],
  ['two anchors that hold each other', 'a: &a [*b]\nb: &b [*a]'],
  ['an unknown alias', 'a: *nowhere'],
  ['many unknown aliases', lines(20_000, (i) => `k${i}: *x${i}`)],
  ['many anchors', lines(30_000, (i) => `k${i}: &a${i} 1`)],
  ['anchors without values', '&a '.repeat(200_000)],
  ['alias as a key', 'a: &a x\n*a : 1'],
  ['deep flow lists', `a: ${'['.repeat(100_000)}`],
  ['deep closed flow lists', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['deep flow maps', '{a: '.repeat(100_000)],
  ['deep mixed flow', '[{a: '.repeat(50_000)],
  ['deep block lists in a line', '- '.repeat(200_000)],
  ['deep complex keys', '? '.repeat(200_000)],
  ['deep indentation', lines(1300, (i) => `${' '.repeat(i)}a:`)],
  ['deep indented lists', lines(1300, (i) => `${' '.repeat(i)}-`)],
  ['100,000 keys', lines(70_000, (i) => `k${i}: 1`)],
  ['100,000 equal keys', 'k: 1\n'.repeat(200_000)],
  ['a list of 500,000 empty items', `[${','.repeat(500_000)}]`],
  ['a set of 300,000 keys', `{${'a,'.repeat(300_000)}}`],
  ['half a million quotes', '"'.repeat(MIB - 100)],
  ['apostrophes', "'".repeat(MIB - 100)],
  ['an open quote', `a: "${'x'.repeat(MIB - 200)}`],
  ['escapes', `a: "${'\\n\n'.repeat(200_000)}"`],
  ['bad escapes', `a: "${'\\q'.repeat(300_000)}"`],
  ['tags', '!a '.repeat(200_000)],
  ['one long tag', `a: !${'!'.repeat(500_000)}`],
  ['custom tags', lines(10_000, (i) => `k${i}: !t${i} 1`)],
  ['a language tag', 'a: !!js/function "function () { return 1 }"'],
  ['a python tag', 'a: !!python/object/apply:os.system ["id"]'],
  [
    'binary, set, omap and timestamp tags',
    'a: !!binary aGk=\nb: !!set {x}\nc: !!omap [x: 1]\nd: !!timestamp 2020-01-01',
  ],
  ['directives', '%A b\n'.repeat(200_000)],
  ['YAML 1.1', '%YAML 1.1\n--- \na: on'],
  ['a tag directive', '%TAG ! tag:evil,2000:\n--- \na: !x 1'],
  ['documents', '--- 1\n'.repeat(150_000)],
  ['document ends', '...\n'.repeat(200_000)],
  ['colons in a row', 'a: b: '.repeat(150_000)],
  ['question marks and colons', '?:'.repeat(400_000)],
  ['comments', '#\n'.repeat(400_000)],
  ['tabs', '\t\n'.repeat(400_000)],
  ['block headers', 'a: |\n'.repeat(150_000)],
  ['a huge number', `a: ${'9'.repeat(900_000)}`],
  ['a huge exponent', 'a: 1e999999999'],
  ['not a number', 'a: [.nan, .inf, -.inf]'],
  ['a long hexadecimal number', `a: 0x${'f'.repeat(900_000)}`],
  ['a key of 900,000 characters', `${'k'.repeat(900_000)}: 1`],
  ['merge keys', `a: &a {x: 1}\n${lines(3000, (i) => `k${i}: {<<: *a}`)}`],
  ['__proto__', '__proto__: {polluted: true}\na: {__proto__: {polluted: true}}'],
  ['constructor.prototype', 'constructor: {prototype: {polluted: true}}'],
  ['50,000 unknown keys', lines(20_000, (i) => `unknown_key_${i}: 1`)],
];

const MARKDOWN_BOMBS: readonly (readonly [string, string])[] = [
  ['quotes', '>'.repeat(MIB - 10)],
  ['quotes with blanks', '> '.repeat(500_000)],
  ['nested lists', lines(1400, (i) => `${' '.repeat(i)}- x`)],
  ['list marks', '- '.repeat(500_000)],
  ['open fences', '```yaml\n'.repeat(100_000)],
  ['fences of growing length', lines(1400, (i) => '`'.repeat(i + 3))],
  ['open comments', '<!--'.repeat(250_000)],
  ['open tags', '<a '.repeat(300_000)],
  ['hashes', '#'.repeat(MIB - 10)],
  ['headings', '# '.repeat(500_000)],
  ['step headings', lines(40_000, (i) => `## Step ${i}: x`)],
  ['near-miss headings', lines(40_000, () => '## step - - - - - - - - x')],
  ['one heading of a megabyte', `## Step 1: ${' -'.repeat(500_000)}`],
  ['a heading of numbers', `## ${'1.'.repeat(500_000)}`],
  ['a heading of blanks', `##${' '.repeat(MIB - 20)}x`],
  ['underlines', 'a\n='.repeat(300_000)],
  ['lazy lines in a quote', `> a\n${'b\n'.repeat(400_000)}`],
  ['dashes', '---\n'.repeat(200_000)],
  ['carriage returns', '\r'.repeat(MIB - 10)],
  ['many small blocks', '```yaml\naction: a.b\n```\n'.repeat(40_000)],
  ['many step blocks', `## Step 1: A\n${'```yaml\naction: a.b\ninputs: {x: "{{ y }}"}\n```\n'.repeat(20_000)}`],
  [
    'references that build on each other',
    lines(
      3000,
      (i) =>
        `## Step ${i}: A\n\`\`\`yaml\naction: a.b\ninputs: {x: "{{ v${i + 1} }}{{ steps.s${i} }}"}\noutput_variable: v${i}\n\`\`\``,
    ),
  ],
  [
    'needs that all depend on all',
    lines(
      400,
      (i) =>
        `## Step ${i}: A\n\`\`\`yaml\naction: a.b\nneeds: [${Array.from({ length: 40 }, (_, k) => `step_${(i * 7 + k) % 400}`).join(', ')}]\n\`\`\``,
    ),
  ],
  ['a template of a megabyte', block(`action: a.b\ninputs: {x: "${'{{ a }}'.repeat(140_000)}"}`)],
  ['a template that nests', block(`action: a.b\ncondition: "${'('.repeat(200_000)}"`)],
  ['single braces', block(`action: a.b\ninputs: {x: "${'{a.b}'.repeat(180_000)}"}`)],
  ['open braces', block(`action: a.b\ninputs: {x: "${'{'.repeat(900_000)}"}`)],
  ['nested steps', block('{if: true, then: '.repeat(5000))],
  ['more than a mebibyte', 'x'.repeat(MIB + 1)],
  ['more than a mebibyte in UTF-8', '€'.repeat(MIB / 2)],
  ['not UTF-8', `# \ufffd\n${block('action: a.b')}`],
  ['not text', `\0\0${block('action: a.b')}`],
];

/** Reads texts in a thread that may hold 100 MB in all: a text that needs more ends it. */
const READER = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = import(workerData);
parentPort.on('message', async (text) => {
  const { readWorkflow } = await ready;
  const begin = process.threadCpuUsage();
  const { workflow, diagnostics } = readWorkflow(text, { file: 'bomb.md' });
  const used = process.threadCpuUsage(begin);
  const ms = (used.user + used.system) / 1000;
  parentPort.postMessage({ ms, diagnostics, sizeChars: JSON.stringify(workflow).length, polluted: {}.polluted !== undefined });
});`;

interface Answer {
  readonly ms: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly sizeChars: number;
  readonly polluted: boolean;
}

let reader: Worker;

beforeAll(async () => {
  const workerData = new URL('../../src/core/workflow/index.ts', import.meta.url).href;
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: 32 };
  reader = new Worker(READER, { eval: true, workerData, resourceLimits });
  await read(block('action: a.b'));
});

afterAll(async () => {
  await reader.terminate();
});

function read(text: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    reader.removeAllListeners();
    reader.once('error', reject);
    reader.once('message', resolve);
    reader.postMessage(text);
  });
}

async function check(text: string): Promise<void> {
  const { ms, diagnostics, sizeChars, polluted } = await read(text);
  expect(ms).toBeLessThan(HANG_MS);
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(diagnostics.length).toBeLessThanOrEqual(501);
  for (const one of diagnostics) {
    expect(one.message.length).toBeLessThan(1000);
    if (one.severity === 'error') expect(one.line).toBeGreaterThanOrEqual(1);
  }
  expect(sizeChars).toBeLessThan(4 * MIB);
  expect(polluted).toBe(false);
}

describe('YAML bombs', () => {
  it.each(YAML_BOMBS)('%s, in the frontmatter', (_, yaml) => check(front(yaml)));
  it.each(YAML_BOMBS)('%s, in a step', (_, yaml) => check(block(yaml)));
});

describe('Markdown bombs', () => {
  it.each(MARKDOWN_BOMBS)('%s', (_, text) => check(text));
});
