import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportStaging } from '../../src/core/bundles/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { buildZip, type ZipEntry, type ZipOptions } from './hostile-zip.ts';

const WORKFLOW: ZipEntry = {
  name: 'workflow.md',
  data: '---\nworkflow:\n  id: x\n---\n## Step 1: A\n```yaml\naction: workflow.noop\n```\n',
};
const LINK = 0o120777;

let home = '';
let staging: ImportStaging;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'aiw-archives-'));
  await mkdir(join(home, 'bundles'));
  await writeFile(join(home, 'canary.txt'), 'canary');
  staging = new ImportStaging(join(home, 'staging'), {
    bundlesDir: join(home, 'bundles'),
    removedDir: join(home, 'removed'),
    now: systemClock.now,
  });
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Everything outside the staging folder: names, kinds and contents. */
async function fingerprint(folder = home): Promise<string> {
  const hash = createHash('sha256');
  const walk = async (path: string): Promise<void> => {
    for (const entry of (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      if (inner === join(home, 'staging')) continue;
      hash.update(`${inner}\0`);
      if (entry.isDirectory()) await walk(inner);
      else hash.update(await readFile(inner));
    }
  };
  await walk(folder);
  return hash.digest('hex');
}

/** Stages bytes as an archive and looks at them; gives the code of the refusal, or `accepted`. */
async function offer(bytes: Buffer): Promise<string> {
  const { uploadId } = await staging.upload({
    name: 'x.awb',
    files: [{ path: 'x.awb', base64: bytes.toString('base64'), offset: 0 }],
  });
  try {
    await staging.inspect(uploadId);
    return 'accepted';
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
    throw error;
  } finally {
    const staged = await readdir(join(home, 'staging', uploadId)).catch((): string[] => []);
    expect(staged).not.toContain('escaped.txt');
    await staging.discard(uploadId);
  }
}

const named = (name: string | Buffer): readonly ZipEntry[] => [WORKFLOW, { name, data: 'x' }];
const depth = (count: number): string => `${'a/'.repeat(count)}x`;
const NAMES: readonly (string | Buffer)[] = [
  ...[
    '../x',
    '../../x',
    'a/../../x',
    'a/..',
    '..',
    './x',
    'a/./x',
    'a//x',
    '//x',
    '/x',
    '/etc/cron.d/x',
    '/../x',
    'a/b/../../../x',
  ],
  ...[
    'C:\\x',
    'C:/x',
    'c:x',
    '\\x',
    '\\\\host\\share\\x',
    '..\\x',
    'a\\..\\..\\x',
    'a\\b',
    'Z:',
    '//host/share/x',
    '\\\\?\\C:\\x',
  ],
  ...[
    'CON',
    'con',
    'PRN',
    'AUX',
    'NUL',
    'nul.txt',
    'COM1',
    'com9.tar.gz',
    'LPT1',
    'lpt9',
    'a/NUL/x',
    'NUL .txt',
    'CONIN$',
    'CONOUT$',
    'COM\u00b9',
  ],
  ...['x.', 'x ', 'a./x', 'a /x', ' x', 'x...', 'a/ /x', 'trailing./workflow.md'],
  ...['a:b', 'x:$DATA', 'x::$INDEX_ALLOCATION', 'a<b', 'a>b', 'a|b', 'a?b', 'a*b', 'a"b'],
  ...[
    'a\0b',
    'a\nb',
    'a\rb',
    'a\tb',
    'a\u001bb',
    'a\u007fb',
    'a\u0085b',
    '\u202egpj.exe',
    'a\u200bb',
    'a\u2066b',
    '\ufeffx',
    'a\u00adb',
    '.g\u200cit/config',
  ],
  ...[
    depth(40),
    'x'.repeat(300),
    `${'y'.repeat(200)}/${'z'.repeat(200)}/${'y'.repeat(200)}/${'z'.repeat(200)}/${'y'.repeat(250)}`,
    '\u00e9'.repeat(140),
  ],
  ...[
    Buffer.from([0x61, 0xff, 0xfe]),
    Buffer.from([0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x78]),
    Buffer.from([0xed, 0xa0, 0x80]),
  ],
];

/** Disguises of what a shell, Git or Windows obeys, and names that readers take for different ones. */
const DISGUISED: readonly ZipEntry[] = [
  ...['.GIT/config', '.Git/hooks/post-checkout', 'a/.gIt/x', 'GIT~1/config', 'git~12/x', 'a/GI7EBA~1/x'],
  ...['.ENV', '.Env', '.env.local', '.env.production', 'a/.ENV.local', '.envrc', '.ENVRC', 'ENV~1', 'ENVLOC~1.LOC'],
  ...['WORKFL~1.MD', 'tools/TRACE~1.SH'],
]
  .map((name): ZipEntry => ({ name, data: 'x' }))
  .concat(
    // Without the flag for UTF-8: an old code page shows pictures for control characters.
    ['a\nb', 'a\tb', 'a\u001bb', 'a\u0007'].map((name) => ({ name, data: 'x', flags: 0 })),
    [Buffer.from([0x61, 0xff]), Buffer.from([0x82, 0x2e, 0x74])].map((name) => ({ name, data: 'x', flags: 0 })),
  );

const CLASHES: readonly (readonly [string, string])[] = [
  ...([
    ['a', 'A'],
    ['Tools/x.sh', 'tools/x.sh'],
    ['tools/x', 'TOOLS/y'],
    ['\u00e9', 'e\u0301'],
    ['\u00c9', 'e\u0301'],
  ] as const),
  ...([
    ['stra\u00dfe', 'STRASSE'],
    ['\u212b', '\u00e5'],
    ['a', 'a'],
    ['a', 'a/b'],
    ['a/b', 'a'],
    ['A', 'a/b'],
    ['\ufb01x', 'FIX'],
  ] as const),
];

const MODES = [LINK, 0o120000, 0o060644, 0o020644, 0o010644, 0o140644, 0o040755, 0o160000];
const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024);
const good = buildZip([WORKFLOW, { name: 'a.txt', data: 'a'.repeat(50) }]);

const FORGED: readonly (readonly [string, readonly ZipEntry[], ZipOptions?])[] = [
  ['wrong CRC', [WORKFLOW, { name: 'x', data: 'abc', crc: 1 }]],
  ['wrong CRC, stored', [WORKFLOW, { name: 'x', data: 'abc', crc: 1, isStored: true }]],
  ['declared size too small', [WORKFLOW, { name: 'x', data: 'abcdef', declaredSize: 2 }]],
  ['declared size too large', [WORKFLOW, { name: 'x', data: 'abc', declaredSize: 5000 }]],
  ['packed size beyond the file', [WORKFLOW, { name: 'x', data: 'abc', declaredPackedSize: 0x7fffffff }]],
  ['unknown method', [WORKFLOW, { name: 'x', data: 'abc', method: 99 }]],
  ['deflate64', [WORKFLOW, { name: 'x', data: 'abc', method: 9 }]],
  [
    'garbage in place of deflate',
    [WORKFLOW, { name: 'x', data: 'this is not deflate data', isStored: true, method: 8 }],
  ],
  ['encrypted', [WORKFLOW, { name: 'x', data: 'abc', flags: 0x801 }]],
  ['strong encryption', [WORKFLOW, { name: 'x', data: 'abc', flags: 0x841 }]],
  ['another name in the local header', [WORKFLOW, { name: 'safe.txt', localName: '../evil.txt', data: 'x' }]],
  ['same length, other name locally', [WORKFLOW, { name: 'a.txt', localName: 'b.txt', data: 'x' }]],
  ['overlapping entries', [WORKFLOW, { name: 'a', data: 'x' }, { name: 'b', data: 'x', offsetOf: 1 }]],
  ['folder entry with contents', [WORKFLOW, { name: 'a/', data: 'x' }]],
  ['folder entry that leaves', [WORKFLOW, { name: '../a/', mode: 0o040755 }]],
  ['more entries than declared', [WORKFLOW, { name: 'a' }], { entryCount: 9 }],
  ['directory beyond the file', [WORKFLOW], { directoryOffset: 0x7fffffff }],
  ['directory at the wrong place', [WORKFLOW], { directoryOffset: 3 }],
  ['fewer entries declared than there are', [WORKFLOW, { name: 'a', data: 'x' }], { entryCount: 1 }],
  ['no entry declared', [WORKFLOW], { entryCount: 0 }],
  ['several disks', [WORKFLOW], { disk: 3 }],
  ['10,000 entries', [WORKFLOW, ...Array.from({ length: 10_000 }, (_, index) => ({ name: `f${index}` }))]],
  [
    '2,001 files',
    [WORKFLOW, ...Array.from({ length: 2_000 }, (_, index) => ({ name: `f${index}`, data: 'x', isStored: true }))],
  ],
  [
    '10,000 folders',
    [WORKFLOW, ...Array.from({ length: 10_000 }, (_, index) => ({ name: `d${index}/`, mode: 0o040755 }))],
  ],
  ['bomb, one file', [WORKFLOW, { name: 'x', data: zeros(20) }]],
  ['bomb that declares little', [WORKFLOW, { name: 'x', data: zeros(20), declaredSize: 10 }]],
  [
    'bomb over many files',
    [WORKFLOW, ...Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, data: zeros(1) }))],
  ],
  ['bomb behind .git', [WORKFLOW, { name: '.git/x', data: zeros(20) }]],
  [
    'link, then a file through it',
    [WORKFLOW, { name: 'a', data: '../..', mode: LINK }, { name: 'a/escaped.txt', data: 'x' }],
  ],
  ['link to /etc/passwd', [WORKFLOW, { name: 'tools/x.sh', data: '/etc/passwd', mode: LINK }]],
];

/** The archives that are built with numbers rather than names. */
const BROKEN: readonly (readonly [string, Buffer])[] = [
  ['empty', Buffer.alloc(0)],
  ['text', Buffer.from('not a zip file at all')],
  ['gzip', Buffer.from('1f8b0800000000000003', 'hex')],
  ['only the end record', good.subarray(good.length - 22)],
  ...Array.from(
    { length: 12 },
    (_, index) => ['truncated', good.subarray(0, Math.floor((good.length * (index + 0.5)) / 12))] as const,
  ),
  ['trailing garbage', Buffer.concat([good, Buffer.from('extra')])],
];

describe('hostile archives', () => {
  const refusals: readonly (readonly [string, Buffer])[] = [
    ...NAMES.map((name) => [`name ${JSON.stringify(name.toString())}`.slice(0, 80), buildZip(named(name))] as const),
    ...DISGUISED.map(
      (entry) =>
        [
          `disguise ${JSON.stringify(entry.name.toString())} ${entry.flags ?? ''}`,
          buildZip([WORKFLOW, entry]),
        ] as const,
    ),
    ...CLASHES.map(
      ([a, b]) =>
        [`clash ${a} and ${b}`, buildZip([WORKFLOW, { name: a, data: '1' }, { name: b, data: '2' }])] as const,
    ),
    ...MODES.map(
      (mode) => [`mode ${mode.toString(8)}`, buildZip([WORKFLOW, { name: 'x', data: '/etc/passwd', mode }])] as const,
    ),
    ...FORGED.map(([title, entries, options]) => [title, buildZip(entries, options)] as const),
    ...BROKEN,
  ];

  it('are at least a hundred', () => expect(refusals.length).toBeGreaterThanOrEqual(100));

  it.each(refusals)('%s', async (_title, bytes) => {
    const before = await fingerprint();
    expect(['bundle.archive_refused', 'bundle.too_large']).toContain(await offer(bytes));
    expect(await fingerprint()).toBe(before);
    expect(await readdir(join(home, 'staging'))).toEqual([]);
  });
});

describe('archives that only look odd', () => {
  it.each([
    ['plain', buildZip([WORKFLOW])],
    ['one top folder', buildZip([{ ...WORKFLOW, name: 'my-bundle/workflow.md' }])],
    ['folder entries', buildZip([{ name: 'tools/', mode: 0o040755 }, WORKFLOW])],
    ['a zip inside, which stays a file', buildZip([WORKFLOW, { name: 'sample-data/inner.zip', data: good }])],
    ['made on Windows, without modes', buildZip([{ ...WORKFLOW, mode: 0 }])],
    ['NFD names', buildZip([WORKFLOW, { name: 'cafe\u0301.txt', data: 'x' }])],
    ['a zip comment', buildZip([WORKFLOW], { comment: Buffer.from('hello') })],
    [
      'exactly 2,000 files',
      buildZip([
        WORKFLOW,
        ...Array.from({ length: 1_999 }, (_, index) => ({ name: `f${index}`, data: 'x', isStored: true })),
      ]),
    ],
    ['a name without the flag for UTF-8', buildZip([WORKFLOW, { name: 'caf\u00e9.txt', data: 'x', flags: 0 }])],
    [
      'a sample of .env',
      buildZip([WORKFLOW, { name: '.env.example' }, { name: '.gitignore' }, { name: '.environment' }]),
    ],
    [
      'names that merely resemble',
      buildZip([
        WORKFLOW,
        { name: 'notes~' },
        { name: 'a~b' },
        { name: 'version~1-of-many.txt' },
        { name: 'console.log' },
        { name: '..x/y' },
        { name: 'com10' },
        { name: '.hidden' },
      ]),
    ],
  ])('%s is accepted', async (_title, bytes) => expect(await offer(bytes)).toBe('accepted'));

  it('leaves .env, .git and the like behind', async () => {
    const bytes = buildZip([
      WORKFLOW,
      { name: '.env', data: 'A=1' },
      { name: '.git/config', data: 'x' },
      { name: 'a.pyc', data: 'x' },
    ]);
    const { uploadId } = await staging.upload({
      name: 'x.zip',
      files: [{ path: 'x.zip', base64: bytes.toString('base64'), offset: 0 }],
    });
    const sheet = await staging.inspect(uploadId);
    expect(sheet.files.map((file) => file.path)).toEqual(['workflow.md']);
    await expect(stat(join(home, 'staging', uploadId, 'content', '.env'))).rejects.toThrow();
    await staging.discard(uploadId);
  });
});

describe('folders that are imported', () => {
  const HELD = [
    '.GIT/config',
    'GIT~1',
    '.env.local',
    'a\nb',
    'a\tb',
    'a\u001bb',
    'aux.txt',
    'trailing.',
    '\u202egpj.exe',
  ];
  it.each(HELD)('%j is refused there too, and nothing is left in the staging folder', async (name) => {
    const folder = await mkdtemp(join(tmpdir(), 'aiw-folder-'));
    await writeFile(join(folder, 'workflow.md'), WORKFLOW.data ?? '');
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'x');
    await expect(staging.stageLocal(folder)).rejects.toMatchObject({ code: 'bundle.archive_refused' });
    const parts = [{ path: name, base64: 'eA==', offset: 0 }];
    await expect(staging.upload({ name: 'folder', files: parts })).rejects.toMatchObject({
      code: 'bundle.archive_refused',
    });
    expect(await readdir(join(home, 'staging'))).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('an archive that is refused leaves nothing either, without being discarded', async () => {
    const file = join(home, 'bad.zip');
    await writeFile(file, buildZip([WORKFLOW, { name: '../x', data: 'x' }]));
    const { uploadId } = await staging.stageLocal(file);
    await expect(staging.inspect(uploadId)).rejects.toMatchObject({ code: 'bundle.archive_refused' });
    await expect(staging.inspect(uploadId)).rejects.toMatchObject({ code: 'bundle.upload_not_found' });
    await expect(staging.stageLocal('/dev/null')).rejects.toMatchObject({ code: 'bundle.not_found' });
    expect(await readdir(join(home, 'staging'))).toEqual([]);
    await rm(file);
  });
});

describe('mutated archives', () => {
  it('are accepted or refused with a type, and write nothing outside (300 mutations, AIW_RUNS for more)', async () => {
    const before = await fingerprint();
    const seed = Number(process.env.AIW_SEED ?? Date.now() % 2 ** 31);
    console.log(`archive mutations: AIW_SEED=${seed}`);
    const change = fc.record({ at: fc.nat(good.length - 1), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(good);
        for (const { at, to } of changes) bytes[at] = to;
        expect(['accepted', 'bundle.archive_refused', 'bundle.too_large']).toContain(await offer(bytes));
      }),
      { numRuns: Number(process.env.AIW_RUNS ?? 300), seed },
    );
    expect(await fingerprint()).toBe(before);
  });
});
