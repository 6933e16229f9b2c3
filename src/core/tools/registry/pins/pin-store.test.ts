import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolOperationInfo } from '../../../../shared/model/tool.ts';
import { definitionsHash } from '../../definitions-hash.ts';
import type { ToolDefinitions } from '../../registry-port.ts';
import { PinStore } from './pin-store.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'aiw-pins-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const operation = (name: string, description = ''): ToolOperationInfo => ({
  ...{ name, description, parameters: { type: 'object' }, outputSchema: null, effect: 'effect' as const },
});
const definitions = (...operations: readonly ToolOperationInfo[]): ToolDefinitions => ({
  operations,
  hash: definitionsHash(operations),
});
const FIRST = definitions(operation('a'), operation('b'), operation('c'));
const LATER = definitions(operation('a'), operation('b', 'now deletes everything'), operation('d'));
const CHANGE = { acceptedHash: FIRST.hash, currentHash: LATER.hash, added: ['d'], removed: ['c'], changed: ['b'] };
const store = (): PinStore => new PinStore(dir, () => 1234);

describe('PinStore', () => {
  it('accepts what it sees first and refuses anything else, also after a restart', async () => {
    const first = store();
    const pin = first.portOf('t/mcp');
    expect(pin.accepted()).toBe(null);
    pin.check(FIRST);
    pin.check(FIRST);
    await first.saved();
    const file = join(dir, 'tool-pins.json');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = store();
    const again = second.portOf('t/mcp');
    expect(again.accepted()).toMatchObject({ hash: FIRST.hash, at: 1234 });
    again.check(FIRST);
    expect(() => again.check(LATER)).toThrow(
      expect.objectContaining({ code: 'tool.changed', details: { tool: 't', ...CHANGE } }),
    );
    expect(second.changeOf('t/mcp')).toMatchObject(CHANGE);
    expect(JSON.parse(readFileSync(file, 'utf8')).pins['t/mcp'].hash).toBe(FIRST.hash);
  });

  it('keeps what cannot be used as it was told last, without asking for a word', async () => {
    const leftOut = [{ name: 'broken', problem: 'it has no usable name' }];
    const first = store();
    first.portOf('t/mcp').check({ ...FIRST, leftOut });
    await first.saved();
    const second = store();
    expect(second.get('t/mcp')?.leftOut).toEqual(leftOut);
    second.portOf('t/mcp').check(FIRST);
    await second.saved();
    expect(store().get('t/mcp')).toEqual({ ...FIRST, at: 1234 });
  });

  it('takes the word of a person', async () => {
    const first = store();
    first.portOf('t/mcp').check(FIRST);
    first.observe('t/mcp', LATER);
    await first.accept('t/mcp', LATER);
    expect(first.changeOf('t/mcp')).toBe(null);
    const again = store().portOf('t/mcp');
    again.check(LATER);
    expect(() => again.check(FIRST)).toThrow(expect.objectContaining({ code: 'tool.changed' }));
  });

  it('keeps what waits over a restart, until it is taken back', async () => {
    const first = store();
    first.portOf('t/mcp').check(FIRST);
    expect(first.observe('t/mcp', LATER)).toEqual(CHANGE);
    await first.saved();
    const second = store();
    expect(second.changeOf('t/mcp')).toMatchObject(CHANGE);
    expect(second.waitingOf('t/mcp')).toEqual(LATER);
    expect(second.observe('t/mcp', FIRST)).toBe(null);
    expect(second.isChanged('t/mcp')).toBe(false);
    await second.saved();
    expect(store().changeOf('t/mcp')).toBe(null);
  });

  it('reads pins of a file without what waits, and beside nonsense', async () => {
    const first = store();
    first.portOf('t/mcp').check(FIRST);
    await first.saved();
    const file = join(dir, 'tool-pins.json');
    const { waiting: _none, ...older } = JSON.parse(readFileSync(file, 'utf8'));
    const broken = { ...LATER, operations: [null, null] };
    for (const waiting of [undefined, null, 7, 'x', { 't/mcp': null }, { 't/mcp': broken }, { 't/mcp': FIRST }]) {
      writeFileSync(file, JSON.stringify({ ...older, waiting }));
      const again = store();
      expect(again.isChanged('t/mcp')).toBe(false);
      again.portOf('t/mcp').check(FIRST);
      again.portOf('new/mcp').check(FIRST);
      await again.saved();
    }
  });

  it.each([
    ['no JSON', '{'],
    ['another version', '{"version": 2, "pins": {}}'],
    ['no pins', '{"version": 1}'],
    ['a pin that is none', '{"version": 1, "pins": {"t/mcp": null}}'],
    [
      'operations under a hash of others',
      JSON.stringify({ version: 1, pins: { 't/mcp': { ...FIRST, operations: LATER.operations, at: 1 } } }),
    ],
  ])('accepts nothing by itself when its file holds %s', async (_, text) => {
    writeFileSync(join(dir, 'tool-pins.json'), text);
    const damaged = store();
    expect(() => damaged.portOf('t/mcp').check(FIRST)).toThrow(
      expect.objectContaining({ code: 'tool.changed', details: expect.objectContaining({ added: ['a', 'b', 'c'] }) }),
    );
    await damaged.accept('t/mcp', FIRST);
    const again = store();
    again.portOf('t/mcp').check(FIRST);
    expect(() => again.portOf('other/mcp').check(FIRST)).toThrow(expect.objectContaining({ code: 'tool.changed' }));
  });

  it('writes everything that was accepted at the same time', async () => {
    const first = store();
    for (let count = 0; count < 20; count += 1) first.portOf(`t${count}/mcp`).check(FIRST);
    await first.saved();
    expect(Object.keys(JSON.parse(readFileSync(join(dir, 'tool-pins.json'), 'utf8')).pins)).toHaveLength(20);
  });
});
