// Keep-alive connections that each send one signed delivery after the other, as autocannon does without pipelining; a process of its own.
//   node webhook-load.mjs --port= --ms= [--connections=]
import crypto from 'node:crypto';
import net from 'node:net';
import { emit, parseArgs, performance, round } from './measure.mjs';
import { BODY, SECRET } from './webhook-parts.mjs';

const args = parseArgs();
const connections = Number(args.connections ?? 64);
const forMs = Number(args.ms);
const signature = crypto.createHmac('sha256', SECRET).update(BODY).digest('hex');
const head = `POST /hook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Signature: ${signature}\r\nContent-Length: ${BODY.length}\r\nX-Delivery-Id: ${process.pid}-`;

const counts = new Map();
let sent = 0;
let isOver = false;

function connection() {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(args.port), '127.0.0.1');
    socket.setNoDelay(true);
    const next = () => {
      if (isOver) return void socket.end();
      sent += 1;
      socket.write(`${head}${sent}\r\n\r\n${BODY}`);
    };
    let text = '';
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      const status = text.slice(9, 12);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      text = '';
      next();
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });
}

const startedAt = performance.now();
const all = Array.from({ length: connections }, connection);
await new Promise((resolve) => setTimeout(resolve, forMs));
const seconds = (performance.now() - startedAt) / 1000;
const ok = (counts.get('200') ?? 0) + (counts.get('202') ?? 0);
isOver = true;
await Promise.all(all);
emit({ per_s: round(ok / seconds, 0), statuses: Object.fromEntries(counts) });
