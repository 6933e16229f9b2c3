import { win32 } from 'node:path';
import type { WakeOrder, WakePlace, WakeUnits } from './wake-order.ts';
import { xmlText } from './xml-text.ts';

/** A task of the Task Scheduler of Windows, as its schema 1.2 has it. */
export function scheduledTask(order: WakeOrder, { userDataDir }: WakePlace): WakeUnits {
  const name = `aiworkflow-wake-${order.id}`;
  const file = win32.join(userDataDir, 'wake', `${name}.xml`);
  const schtasks = (...args: readonly string[]) => ({ program: 'schtasks', args });
  return {
    system: 'task_scheduler',
    files: [{ path: file, text: taskText(order) }],
    load: [schtasks('/Create', '/TN', name, '/XML', file, '/F')],
    unload: [schtasks('/Delete', '/TN', name, '/F')],
    afterwards: [],
  };
}

/** Without a window of its own: a console would flash once a minute. */
function lineOf({ program, args, environment }: WakeOrder): string {
  const sets = Object.entries(environment).map(([name, value]) => `set "${name}=${value}"&& `);
  return `--headless cmd.exe /d /s /c "${sets.join('')}${[program, ...args].map((part) => `"${part}"`).join(' ')}"`;
}

const taskText = (order: WakeOrder): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Description>${xmlText(`Starts what is due in ${order.project}`)}</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <TimeTrigger>',
    '      <Repetition><Interval>PT1M</Interval></Repetition>',
    '      <StartBoundary>2020-01-01T00:00:00</StartBoundary>',
    '    </TimeTrigger>',
    '  </Triggers>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '  </Settings>',
    '  <Actions>',
    '    <Exec>',
    '      <Command>conhost.exe</Command>',
    `      <Arguments>${xmlText(lineOf(order))}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
