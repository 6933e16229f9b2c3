import { describe, expect, it } from 'vitest';
import { nameOfFile } from '../../../shared/upload-plan.ts';
import { incomingOfPicked, type WalkedEntry, walkDropped } from './entry-walking.ts';

const file = (name: string): WalkedEntry =>
  ({
    name,
    isFile: true,
    isDirectory: false,
    file: (done: (file: File) => void) => done(new File(['x'], name)),
  }) as WalkedEntry;
/** As browsers do it: at most 100 entries an answer, an empty one at the end. */
const folder = (name: string, children: readonly WalkedEntry[]): WalkedEntry =>
  ({
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      let next = 0;
      return {
        readEntries: (done: (entries: readonly WalkedEntry[]) => void) => {
          done(children.slice(next, next + 100));
          next += 100;
        },
      };
    },
  }) as WalkedEntry;

describe('walkDropped', () => {
  it('takes every file of a folder with more than a hundred, paths inside it', async () => {
    const many = Array.from({ length: 250 }, (_, index) => file(`f${String(index).padStart(3, '0')}.txt`));
    const incoming = await walkDropped([folder('quotes', [file('workflow.md'), folder('data', many)])]);
    expect(incoming.name).toBe('quotes');
    expect(incoming.files).toHaveLength(251);
    expect(incoming.files[0]?.path).toBe('data/f000.txt');
    expect(incoming.files[250]?.path).toBe('workflow.md');
  });

  it('leaves out what nobody means to import', async () => {
    const incoming = await walkDropped([
      folder('q', [folder('.git', [file('config')]), file('.DS_Store'), file('a.md')]),
    ]);
    expect(incoming.files.map(({ path }) => path)).toEqual(['a.md']);
  });

  it('names a single archive after itself', async () => {
    const incoming = await walkDropped([file('quote-builder.awb')]);
    expect([incoming.name, incoming.files[0]?.path]).toEqual(['quote-builder', 'quote-builder.awb']);
  });

  it('fails when a file cannot be read', async () => {
    const broken = {
      name: 'x',
      isFile: true,
      isDirectory: false,
      file: (_: unknown, fail: (error: Error) => void) => fail(new Error('gone')),
    };
    await expect(walkDropped([broken as WalkedEntry])).rejects.toThrow('gone');
  });
});

it('reads what a picker gave', () => {
  const picked = (name: string, path: string): File =>
    Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: path });
  const incoming = incomingOfPicked([
    picked('a.md', 'q/a.md'),
    picked('config', 'q/.git/config'),
    picked('b.py', 'q/tools/b.py'),
  ]);
  expect([incoming.name, incoming.files.map(({ path }) => path)]).toEqual(['q', ['a.md', 'tools/b.py']]);
  expect(nameOfFile('x/quote.ZIP')).toBe('quote');
});
