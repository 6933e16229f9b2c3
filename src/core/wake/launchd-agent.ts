import { join } from 'node:path';
import type { WakeOrder, WakePlace, WakeUnits } from './wake-order.ts';
import { xmlText } from './xml-text.ts';

/** An agent of launchd, as launchd.plist(5) has it. */
export function launchdAgent(order: WakeOrder, { home, userId }: WakePlace): WakeUnits {
  const label = `io.aiworkflow.wake.${order.id}`;
  const file = join(home, 'Library', 'LaunchAgents', `${label}.plist`);
  const launchctl = (...args: readonly string[]) => ({ program: 'launchctl', args });
  return {
    system: 'launchd',
    files: [{ path: file, text: agentText(label, order) }],
    load: [launchctl('bootstrap', `gui/${userId}`, file)],
    unload: [launchctl('bootout', `gui/${userId}/${label}`)],
    afterwards: [],
  };
}

function agentText(label: string, { program, args, environment, searchPath }: WakeOrder): string {
  const text = (value: string): string => `<string>${xmlText(value)}</string>`;
  const key = (name: string): string => `  <key>${name}</key>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    key('Label'),
    `  ${text(label)}`,
    key('ProgramArguments'),
    '  <array>',
    ...[program, ...args].map((value) => `    ${text(value)}`),
    '  </array>',
    key('EnvironmentVariables'),
    '  <dict>',
    ...Object.entries({ ...environment, PATH: searchPath }).map(
      ([name, value]) => `    <key>${xmlText(name)}</key>${text(value)}`,
    ),
    '  </dict>',
    key('StartInterval'),
    '  <integer>60</integer>',
    key('ProcessType'),
    '  <string>Background</string>',
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}
