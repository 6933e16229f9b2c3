import { basename, join } from 'node:path';
import type { WakeOrder, WakePlace, WakeUnits } from './wake-order.ts';

/** A user timer of systemd and its service, as systemd.timer(5) and systemd.service(5) have them. */
export function systemdUnits(order: WakeOrder, { configHome }: WakePlace): WakeUnits {
  const folder = join(configHome, 'systemd', 'user');
  const name = `aiworkflow-wake-${order.id}`;
  const timer = `${name}.timer`;
  const systemctl = (...args: readonly string[]) => ({ program: 'systemctl', args: ['--user', ...args] });
  return {
    system: 'systemd',
    files: [
      { path: join(folder, `${name}.service`), text: serviceText(order) },
      { path: join(folder, timer), text: timerText(order) },
    ],
    load: [systemctl('daemon-reload'), systemctl('enable', '--now', timer)],
    unload: [systemctl('disable', '--now', timer)],
    afterwards: [systemctl('daemon-reload')],
  };
}

const titleOf = ({ project }: WakeOrder): string => `Start what is due in ${oneLine(basename(project))}`;

function serviceText(order: WakeOrder): string {
  const { program, args, environment, searchPath } = order;
  const variables = Object.entries({ ...environment, PATH: searchPath });
  return [
    '[Unit]',
    `Description=${titleOf(order)}`,
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${[quoted(program), ...args.map((arg) => quoted(arg.replaceAll('$', '$$$$')))].join(' ')}`,
    ...variables.map(([key, value]) => `Environment=${quoted(`${key}=${value}`)}`),
    '',
  ].join('\n');
}

const timerText = (order: WakeOrder): string =>
  [
    '[Unit]',
    `Description=${titleOf(order)}`,
    '',
    '[Timer]',
    'OnCalendar=*-*-* *:*:00',
    'AccuracySec=1s',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('%', '%%');

/** In double quotes, with the escapes of C and without specifiers. */
const quoted = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('%', '%%')}"`;
