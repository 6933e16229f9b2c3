import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectToHolder, type HolderClient } from '../../src/server/socket-door/holder-client.ts';
import { type SocketDoor, startSocketDoor } from '../../src/server/socket-door/socket-door.ts';
import { type LiveBatch, MAX_CALL_BYTES } from '../../src/shared/contract/index.ts';
import { createFakeControlCenter, type FakeControlCenter } from '../support/doors/fake-control-center.ts';

let folder: string;
let stateDir: string;
let center: FakeControlCenter;
let door: SocketDoor;
const opened: { close(): unknown }[] = [];
const VERSION = '1.2.3';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'socket-door-'));
  stateDir = join(folder, 'state');
  center = createFakeControlCenter();
  door = await startSocketDoor({
    center,
    projectStateDir: stateDir,
    version: VERSION,
    door: 'browser',
    newLink: () => 'http://127.0.0.1:1/open?code=fresh',
  });
});
afterEach(async () => {
  for (const one of opened.splice(0)) one.close();
  await door.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (): { path: string; token: string } => JSON.parse(readFileSync(join(stateDir, 'holder.json'), 'utf8'));
const join_ = async (): Promise<HolderClient> => {
  const client = await connectToHolder(stateDir, VERSION);
  if (client === null) throw new Error('no holder was found');
  opened.push(client);
  return client;
};
/** A raw connection: what it is answered until the holder hangs up. */
const rawLines = async (write: (socket: Socket) => void): Promise<readonly Record<string, unknown>[]> => {
  const socket = connect(record().path);
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('connect', resolve));
  write(socket);
  await closed;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
};
const hello = (): string => `${JSON.stringify({ token: record().token, version: VERSION })}\n`;

describe('a client of the holder', () => {
  it('calls the contract, many at a time, as a user of the socket door', async () => {
    const client = await join_();
    const refs = Array.from({ length: 200 }, (_, index) => `ref-${index}`);
    const answers = await Promise.all(refs.map((ref) => client.call('workflows.get', { ref })));
    expect(answers).toEqual(
      refs.map((ref) =>
        expect.objectContaining({ input: { ref }, actor: expect.objectContaining({ door: 'socket' }) }),
      ),
    );
    await expect(client.call('runs.get', { runId: '' })).rejects.toMatchObject({ code: 'contract.invalid_input' });
    expect(await client.call('runs.start', { workflow: 'w', inputs: { text: 'x'.repeat(3_000_000) } })).toBeTruthy();
  });

  it('hears what happens, and nothing before it asked', async () => {
    const client = await join_();
    center.publish([{ kind: 'library' }]);
    const batches: LiveBatch[] = [];
    const came = new Promise<void>((resolve) =>
      client.subscribe((batch) => {
        batches.push(batch);
        resolve();
      }),
    );
    await client.host('info');
    center.publish([{ kind: 'run_deleted', position: 1, runId: 'r' }]);
    await came;
    expect(batches).toEqual([{ number: 1, events: [{ kind: 'run_deleted', position: 1, runId: 'r' }] }]);
  });

  it('asks the host for a fresh link and for what it is', async () => {
    const client = await join_();
    expect(await client.host('newLink')).toBe('http://127.0.0.1:1/open?code=fresh');
    expect(await client.host('info')).toEqual({ pid: process.pid, door: 'browser', version: VERSION });
    expect(client.info.pid).toBe(process.pid);
  });

  it('is told when the holder goes away, in flight or later', async () => {
    const client = await join_();
    center.respond = () => new Promise(() => {});
    const waiting = client.call('app.info', {});
    const refused = expect(waiting).rejects.toMatchObject({ code: 'holder.unreachable' });
    await client.host('info');
    await door.close();
    await refused;
    await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'holder.unreachable' });
  });

  it('is told that a call was never begun when the holder lets go first', async () => {
    const [client, other] = [await join_(), await join_()];
    let begun = 0;
    let answer = (): void => undefined;
    center.respond = () =>
      new Promise((resolve) => {
        begun += 1;
        answer = () => resolve({ ok: true, value: 'done' });
      });
    const first = client.call('app.info', {});
    await client.host('info');
    expect(door.isIdle).toBe(false);
    const closing = door.close();
    const late = expect(other.call('app.info', {})).rejects.toMatchObject({ code: 'holder.leaving' });
    answer();
    expect(await first).toBe('done');
    await late;
    await closing;
    expect([begun, door.isIdle]).toEqual([1, true]);
    expect(await connectToHolder(stateDir, VERSION)).toBeNull();
  });

  it('still gets the answer of a call in flight when the holder closes', async () => {
    const client = await join_();
    let answer = (): void => undefined;
    center.respond = () =>
      new Promise((resolve) => {
        answer = () => resolve({ ok: true, value: 'done' });
      });
    const waiting = client.call('app.info', {});
    await client.host('info');
    const closing = door.close();
    answer();
    expect(await waiting).toBe('done');
    await closing;
  });
});

describe('the record of the holder', () => {
  it('is private, whole and gone after close', async () => {
    expect(statSync(join(stateDir, 'holder.json')).mode & 0o777).toBe(0o600);
    const { path } = record();
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    await door.close();
    expect(await connectToHolder(stateDir, VERSION)).toBeNull();
    expect(() => statSync(join(stateDir, 'holder.json'))).toThrow();
    expect(() => statSync(path)).toThrow();
  });

  it('is not taken away by an older holder that closes late', async () => {
    const second = await startSocketDoor({ center, projectStateDir: stateDir, version: VERSION, door: 'cli' });
    opened.push(second);
    await door.close();
    expect((await join_()).info.door).toBe('cli');
  });

  it('counts as none when it is stale, broken or missing', async () => {
    const { token } = record();
    const stale = { path: join(dirname(record().path), 'gone.sock'), token, pid: 1, version: VERSION, door: 'cli' };
    for (const text of [JSON.stringify(stale), '{', '[]', '{"path":1}', '']) {
      writeFileSync(join(stateDir, 'holder.json'), text);
      expect(await connectToHolder(stateDir, VERSION)).toBeNull();
    }
    expect(await connectToHolder(join(folder, 'no-such-state'), VERSION)).toBeNull();
  });

  it('never leads to a socket in a folder that is open to others', async () => {
    const shared = join(folder, 'shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    const heard: string[] = [];
    const trap = createServer((socket) => socket.on('data', (data) => heard.push(String(data))));
    await new Promise<void>((resolve) => trap.listen(join(shared, 'trap.sock'), resolve));
    opened.push(trap);
    const lure = { path: join(shared, 'trap.sock'), token: 'x'.repeat(43), pid: 1, version: VERSION, door: 'cli' };
    writeFileSync(join(stateDir, 'holder.json'), JSON.stringify(lure));
    expect(await connectToHolder(stateDir, VERSION)).toBeNull();
    expect(heard).toEqual([]);
  });
});

describe('what the holder refuses', () => {
  it('refuses another version with both named', async () => {
    await expect(connectToHolder(stateDir, '9.9.9')).rejects.toMatchObject({
      code: 'holder.version',
      message: expect.stringMatching(/1\.2\.3.*9\.9\.9/),
    });
  });

  it.each([
    ['a wrong token', () => `{"token":"${'A'.repeat(43)}","version":"${VERSION}"}\n`, 'access.bad_token'],
    ['no hello', () => '{"id":1,"name":"app.info","input":{}}\n', 'access.bad_token'],
    [
      'another field in the hello',
      () => `{"token":"${record().token}","version":"${VERSION}","x":1}\n`,
      'access.bad_token',
    ],
    ['garbage', () => '\u0000\u0001GET / HTTP/1.1\r\n\r\n', 'contract.invalid_input'],
    ['a long hello', () => 'x'.repeat(5_000), 'contract.too_large'],
  ])('refuses %s', async (_what, text, code) => {
    expect(await rawLines((socket) => socket.write(text()))).toEqual([{ error: expect.objectContaining({ code }) }]);
    expect(center.entered).toEqual([]);
  });

  it.each([
    ['broken JSON', '{"id":1\n', 'contract.invalid_input'],
    ['no id', '{"name":"app.info"}\n', 'contract.invalid_input'],
    ['an unknown host request', '{"id":1,"host":"shutdown"}\n', 'contract.invalid_input'],
    ['an actor', '{"id":1,"name":"app.info","input":{},"actor":{}}\n', 'contract.invalid_input'],
    ['__proto__', '{"id":1,"name":"app.info","input":{"__proto__":{}}}\n', 'contract.invalid_input'],
    [
      'a deep value',
      `{"id":1,"name":"app.info","input":${'['.repeat(5000)}${']'.repeat(5000)}}\n`,
      'contract.invalid_input',
    ],
    ['an oversized line', 'x'.repeat(MAX_CALL_BYTES + 1), 'contract.too_large'],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]), 'contract.invalid_input'],
  ])('ends a known connection that sends %s', async (_what, line, code) => {
    const lines = await rawLines((socket) => {
      socket.write(hello());
      socket.write(line);
    });
    expect(lines).toEqual([expect.objectContaining({ ok: true }), { error: expect.objectContaining({ code }) }]);
    expect(center.entered).toEqual([]);
  });

  it('reads lines however they are cut, and drops half a line', async () => {
    const text = `${hello()}{"id":7,"name":"app.info","input":{}}\n{"id":8,"host":"info"}\n{"id":9,"na`;
    const lines = await rawLines((socket) => {
      socket.setNoDelay(true);
      const bytes = [...Buffer.from(text)];
      const next = (): void => {
        const byte = bytes.shift();
        if (byte === undefined) socket.end();
        else socket.write(Buffer.from([byte]), next);
      };
      next();
    });
    expect(lines.map((line) => line.id ?? 0).sort()).toEqual([0, 7, 8]);
    expect(center.entered.map((call) => call.name)).toEqual(['app.info']);
  });
});
