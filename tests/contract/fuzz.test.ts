import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlCenter, openControlCenter } from '../../src/core/control-center.ts';
import { type BrowserDoor, startBrowserDoor } from '../../src/server/browser-door/browser-door.ts';
import { checkCallEnvelope, checkPlainJson, parseJson } from '../../src/server/call-envelope.ts';
import { readHolder } from '../../src/server/socket-door/holder-file.ts';
import { type SocketDoor, startSocketDoor } from '../../src/server/socket-door/socket-door.ts';
import { OPERATIONS, type OperationName } from '../../src/shared/contract/index.ts';
import { toErrorRecord } from '../../src/shared/errors.ts';
import { ask, signIn, type Visitor } from '../support/doors/browser-visitor.ts';
import { createFakeControlCenter, type FakeControlCenter } from '../support/doors/fake-control-center.ts';
import { invalidInputs } from '../support/doors/fuzzed-inputs.ts';

const INPUTS_PER_OPERATION = 200;
/** All of them go to the real control center; of the doors, before which one envelope checks the same, each takes every fourth. */
const EVERY = 4;
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const operations = Object.keys(OPERATIONS) as OperationName[];
console.info(`contract fuzz: FUZZ_SEED=${seed}`);

/** Sends each input through a door and gives the code of each refusal, or what came instead. */
type Send = (name: OperationName, texts: readonly string[]) => Promise<readonly string[]>;

const codeOf = (answer: { readonly ok?: boolean; readonly error?: { readonly code: string } }): string =>
  answer.error?.code ?? `accepted (${JSON.stringify(answer).slice(0, 200)})`;

let folder: string;
let center: FakeControlCenter;
let realCenter: ControlCenter;
let browserDoor: BrowserDoor;
let visitor: Visitor;
let socketDoor: SocketDoor;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'contract-fuzz-'));
  writeFileSync(join(folder, 'index.html'), '');
  center = createFakeControlCenter();
  realCenter = await openControlCenter({
    projectPath: join(folder, 'project'),
    isFresh: true,
    door: 'cli',
    resumeOpenRuns: false,
    examplesDir: folder,
    resourcesDir: folder,
    version: '1',
    userDataDir: join(folder, 'user-data'),
    home: folder,
  });
  browserDoor = await startBrowserDoor({ host: '127.0.0.1', port: 0, clientDir: folder, center });
  visitor = await signIn(browserDoor);
  socketDoor = await startSocketDoor({ center, projectStateDir: folder, version: '1', door: 'cli' });
});
afterAll(async () => {
  await browserDoor.close();
  await socketDoor.close();
  await realCenter.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As a browser does: a connection is used again. */
const agent = new Agent({ keepAlive: true, maxSockets: 20 });
afterAll(() => agent.destroy());

const sendByBrowser: Send = (name, texts) =>
  Promise.all(
    texts.map(async (text) => {
      const body = `{"name":${JSON.stringify(name)},"input":${text}}`;
      const { headers } = visitor;
      const reply = await ask(browserDoor.port, { method: 'POST', path: '/api/call', headers, body, agent });
      return codeOf(JSON.parse(reply.body));
    }),
  );

/** A connection that has said who it is. */
interface SocketLine {
  readonly socket: Socket;
  readonly lines: AsyncIterator<string>;
}

async function openLine(): Promise<SocketLine> {
  const holder = readHolder(folder);
  if (holder === null) throw new Error('the socket door has no record');
  const socket = connect(holder.path);
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  socket.write(`${JSON.stringify({ token: holder.token, version: '1' })}\n`);
  await lines.next();
  return { socket, lines };
}

/** Connections that wait for their next call: who it is that calls is asked of the system once for each, which takes longer than the call. */
const free: SocketLine[] = [];
afterAll(() => {
  for (const { socket } of free) socket.destroy();
});

/** A line that is hostile in form ends its connection, before anybody asks who it is. */
function endsConnection(text: string): boolean {
  try {
    checkPlainJson(JSON.parse(text));
    return false;
  } catch {
    return true;
  }
}

const sendBySocket: Send = (name, texts) =>
  Promise.all(
    texts.map(async (text) => {
      const line = (endsConnection(text) ? undefined : free.pop()) ?? (await openLine());
      line.socket.write(`{"id":1,"name":${JSON.stringify(name)},"input":${text}}\n`);
      const reply = JSON.parse(String((await line.lines.next()).value)) as {
        answer?: object;
        error?: { code: string };
      };
      if (reply.answer === undefined) line.socket.destroy();
      else free.push(line);
      return codeOf(reply.answer ?? reply);
    }),
  );

/** The real control center behind the envelope that every door checks. */
const sendToRealCenter: Send = (name, texts) =>
  Promise.all(
    texts.map(async (text) => {
      try {
        const { input } = checkCallEnvelope(parseJson(`{"name":${JSON.stringify(name)},"input":${text}}`));
        return codeOf(await realCenter.call(name, input, { kind: 'user', id: 'fuzz', door: 'cli' }));
      } catch (thrown) {
        return toErrorRecord(thrown).code;
      }
    }),
  );

describe.each([
  ['browser', EVERY, sendByBrowser],
  ['socket', EVERY, sendBySocket],
  ['real', 1, sendToRealCenter],
] as const)('the door: %s', (_door, every, send) => {
  it.each(operations)('refuses every wrong input of %s before its handler', async (name) => {
    const texts = invalidInputs(name, INPUTS_PER_OPERATION, seed).filter((_, at) => at % every === 0);
    for (let start = 0; start < texts.length; start += 20) {
      const part = texts.slice(start, start + 20);
      const codes = await send(name, part);
      const wrong = codes.flatMap((code, index) => (code.startsWith('contract.') ? [] : [[part[index], code]]));
      expect(wrong).toEqual([]);
    }
    expect(center.entered).toEqual([]);
  });
});
