import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A session bus of its own for a test, with real names on it. */
export interface SessionBus {
  /** For `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts the bus of the system (`dbus-daemon`), on which somebody has the name. */
export async function startSessionBus(owned: string): Promise<SessionBus> {
  const daemon: ChildProcess = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (daemon.stdout === null) throw new Error('dbus-daemon has no output');
  const [address] = (await once(createInterface({ input: daemon.stdout }), 'line')) as [string];
  const owner = await ownName(address, owned);
  const exited = once(daemon, 'exit');
  return {
    address,
    close: async () => {
      owner.destroy();
      daemon.kill();
      await exited;
    },
  };
}

/** Speaks as much of the protocol as it takes to have a name: sign in as this user, say hello, ask for the name. */
async function ownName(address: string, name: string): Promise<Socket> {
  const path = /path=([^,]+)/.exec(address)?.[1];
  const socket = connect(path ?? `\0${/abstract=([^,]+)/.exec(address)?.[1]}`);
  await once(socket, 'connect');
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
  await once(socket, 'data');
  socket.write('BEGIN\r\n');
  socket.write(methodCall(1, 'Hello'));
  await once(socket, 'data');
  socket.write(methodCall(2, 'RequestName', name));
  await once(socket, 'data');
  return socket;
}

/** A call of the bus itself, with a text and the number 0 as its arguments where there is a text. */
function methodCall(serial: number, member: string, argument?: string): Buffer {
  const fields = [
    field(1, 'o', '/org/freedesktop/DBus'),
    field(2, 's', 'org.freedesktop.DBus'),
    field(3, 's', member),
    field(6, 's', 'org.freedesktop.DBus'),
    ...(argument === undefined ? [] : [field(8, 'g', 'su')]),
  ];
  const body = argument === undefined ? Buffer.alloc(0) : Buffer.concat([padded(text(argument), 4), uint(0)]);
  // Each field begins at a multiple of eight; the last one is not filled up.
  const list = Buffer.concat(fields.map((one, at) => (at < fields.length - 1 ? padded(one, 8) : one)));
  const head = Buffer.concat([Buffer.from([0x6c, 1, 0, 1]), uint(body.length), uint(serial), uint(list.length), list]);
  return Buffer.concat([padded(head, 8), body]);
}

function field(code: number, type: 'o' | 's' | 'g', value: string): Buffer {
  const held = type === 'g' ? Buffer.from(`${String.fromCharCode(value.length)}${value}\0`) : text(value);
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), held]);
}

const text = (value: string): Buffer => Buffer.concat([uint(Buffer.byteLength(value)), Buffer.from(`${value}\0`)]);

const padded = (bytes: Buffer, to: number): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);

function uint(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
