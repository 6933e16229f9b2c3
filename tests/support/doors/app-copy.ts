import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '../paths.ts';

/**
 * A copy of the product's sources with a client of one page and the fake control center in its worker: hosts can be tested
 * whole, before and without a build. The page shows what `app.info` answered and which frames came.
 */
export function makeAppCopy(): { readonly appRoot: string; readonly remove: () => void } {
  const appRoot = mkdtempSync(join(tmpdir(), 'app-copy-'));
  for (const part of ['src', 'tests/support']) {
    mkdirSync(join(appRoot, part), { recursive: true });
    cpSync(join(REPOSITORY_DIR, part), join(appRoot, part), { recursive: true });
  }
  symlinkSync(join(REPOSITORY_DIR, 'node_modules'), join(appRoot, 'node_modules'));
  writeFileSync(join(appRoot, 'package.json'), '{"name":"aiworkflow","version":"0.0.1","type":"module"}');
  writeFileSync(
    join(appRoot, 'src/server/hosting/control-center-worker.ts'),
    `import '../../../tests/support/doors/fake-control-center-worker.ts';\n`,
  );
  mkdirSync(join(appRoot, 'dist/client/assets'), { recursive: true });
  writeFileSync(join(appRoot, 'dist/client/index.html'), PAGE);
  writeFileSync(join(appRoot, 'dist/client/assets/page-1.js'), SCRIPT);
  return { appRoot, remove: () => rmSync(appRoot, { recursive: true, force: true }) };
}

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>aiworkflow</title><link rel="icon" href="data:,"></head>
<body><h1>aiworkflow</h1><output></output><script type="module" src="/assets/page-1.js"></script></body></html>`;

const SCRIPT = `const post = async (path, headers, body) => {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  return answer.json();
};
const connectBrowser = async () => {
  const { token } = await post('/api/session', {}, {});
  const subscribe = (listener) => {
    const socket = new WebSocket('ws://' + location.host + '/api/events?token=' + token);
    socket.onmessage = (event) => listener(JSON.parse(event.data));
    return new Promise((resolve) => { socket.onopen = resolve; });
  };
  return { call: (name, input) => post('/api/call', { 'x-aiworkflow-token': token }, { name, input }), subscribe };
};
window.frames_ = [];
window.client = window.aiworkflow ?? (await connectBrowser());
await window.client.subscribe((batch) => window.frames_.push(batch));
document.querySelector('output').textContent = JSON.stringify(await window.client.call('app.info', {}));
`;
