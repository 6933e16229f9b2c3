/** At which port programs inside find the way out; it is in a network of their own, where nobody else is. */
const PORT = 3128;

/** What the one more process inside may use, beside what the tool may. */
export const FORWARDER = { processes: 1, memoryBytes: 96 * 1024 * 1024 } as const;

/**
 * The program that runs inside around a command: it listens where proxies are looked for, hands each connection to the socket that leads out, and
 * ends as the command does. As a text, so that it lies nowhere that a sandbox would have to show.
 */
const CODE = `
const net = require('node:net');
const { spawn } = require('node:child_process');
const [socket, port, own, command, ...args] = process.argv.slice(1);
const link = (near) => {
  const far = net.connect(socket);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
  near.pipe(far).pipe(near);
};
net.createServer(link).listen(Number(port), '127.0.0.1', () => {
  const env = { ...process.env };
  if (own === 'own') delete env.ELECTRON_RUN_AS_NODE;
  const child = spawn(command, args, { stdio: 'inherit', env });
  child.on('error', (error) => { console.error(error.message); process.exit(127); });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + require('node:os').constants.signals[signal]));
});
`;

type Env = Readonly<Record<string, string>>;

/** A command with the way out around it, and the variables by which programs find it. */
export function withForwarder(
  inside: { readonly command: string; readonly args: readonly string[]; readonly env: Env },
  socketPath: string,
): { readonly words: readonly string[]; readonly env: Env } {
  const { command, args, env } = inside;
  const needsNode = process.versions.electron !== undefined && env.ELECTRON_RUN_AS_NODE === undefined;
  const way = `http://127.0.0.1:${PORT}`;
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
  return {
    words: [process.execPath, '-e', CODE, '--', socketPath, String(PORT), needsNode ? 'own' : '', command, ...args],
    env: {
      ...env,
      ...Object.fromEntries(names.map((name) => [name, way])),
      ...{ NO_PROXY: '', no_proxy: '', NODE_USE_ENV_PROXY: '1' },
      ...(needsNode ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
    },
  };
}
