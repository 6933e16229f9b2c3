import { describe, expect, it } from 'vitest';
import { GERMAN } from '../../shared/sentences/german/index.ts';
import { createWording } from '../../shared/sentences/index.ts';
import { missedNotice, noticeCommand } from './tell-missed.ts';
import type { WakeOrder, WakePlace } from './wake-order.ts';
import { wakeUnits } from './wake-units.ts';

const ORDER: WakeOrder = {
  id: '0123456789ab',
  project: '/home/mia/50% "off" $HOME',
  program: '/opt/node & co/node',
  args: ['/opt/cli.js', '--project', '/home/mia/50% "off" $HOME', 'schedule', 'wake', 'run'],
  environment: { AIWORKFLOW_USER_DIR: '/home/mia/.local/share/aiworkflow' },
  searchPath: '/usr/bin:/home/mia/$bin',
};
const PLACE: WakePlace = {
  home: '/home/mia',
  userDataDir: '/home/mia/.local/share/aiworkflow',
  configHome: '/home/mia/.config',
  userId: 501,
};

describe('wakeUnits', () => {
  it('quotes what systemd would expand', () => {
    const units = wakeUnits('linux', ORDER, PLACE);
    const [service, timer] = units?.files ?? [];
    expect(service?.path).toBe('/home/mia/.config/systemd/user/aiworkflow-wake-0123456789ab.service');
    expect(service?.text).toContain(
      'ExecStart="/opt/node & co/node" "/opt/cli.js" "--project" "/home/mia/50%% \\"off\\" $$HOME" "schedule" "wake" "run"\n',
    );
    expect(service?.text).toContain('Environment="PATH=/usr/bin:/home/mia/$bin"\n');
    expect(timer?.text).toContain('OnCalendar=*-*-* *:*:00\nAccuracySec=1s\n');
  });

  it('writes an agent of launchd, loaded for the user who sits there', () => {
    const units = wakeUnits('darwin', ORDER, PLACE);
    const [agent] = units?.files ?? [];
    expect(agent?.path).toBe('/home/mia/Library/LaunchAgents/io.aiworkflow.wake.0123456789ab.plist');
    expect(agent?.text).toContain('<string>/opt/node &amp; co/node</string>');
    expect(agent?.text).toContain('<key>StartInterval</key>\n  <integer>60</integer>');
    expect(units?.load).toEqual([{ program: 'launchctl', args: ['bootstrap', 'gui/501', agent?.path] }]);
    expect(units?.unload[0]?.args).toEqual(['bootout', 'gui/501/io.aiworkflow.wake.0123456789ab']);
  });

  it('writes a task of Windows that opens no window and goes on with battery', () => {
    const order = { ...ORDER, program: 'C:\\app\\aiworkflow.exe', environment: { ELECTRON_RUN_AS_NODE: '1' } };
    const units = wakeUnits('win32', order, { ...PLACE, userDataDir: 'C:\\data' });
    expect(units?.files[0]?.path).toBe('C:\\data\\wake\\aiworkflow-wake-0123456789ab.xml');
    expect(units?.files[0]?.text).toContain(
      '<Arguments>--headless cmd.exe /d /s /c &quot;set &quot;ELECTRON_RUN_AS_NODE=1&quot;&amp;&amp; &quot;C:\\app\\aiworkflow.exe&quot;',
    );
    expect(units?.files[0]?.text).toContain('<StopIfGoingOnBatteries>false');
  });

  it('knows no other system', () => {
    expect(wakeUnits('freebsd', ORDER, PLACE)).toBeNull();
  });
});

describe('what is told of starts that did not happen', () => {
  const start = { key: 'a/b', workflowName: `Mia's "week" <1>`, at: 0, error: null };

  it('names three and counts the rest', () => {
    const five = Array.from({ length: 5 }, () => ({ ...start, why: 'asleep' as const }));
    const { title, text } = missedNotice(five, () => '03:00');
    expect(title).toBe('5 starts did not happen');
    expect(text.split('\n')).toHaveLength(4);
    expect(text).toContain('03:00: the computer slept');
    expect(text).toContain('and 2 more');
  });

  it('says it in the language of whoever reads it, names and times as they are', () => {
    const word = createWording(GERMAN.sentences, GERMAN.phrases, 'de');
    const [one, two] = ['closed', 'silent'] as const;
    const missed = [one, two, one, one].map((why) => ({ ...start, workflowName: 'Week', why }));
    expect(missedNotice(missed, () => '03:00', word)).toEqual({
      title: '4 Starts sind nicht geschehen',
      text: [
        'Week, 03:00: niemand war da',
        'Week, 03:00: wer das Projekt offen hat, antwortet nicht',
        'Week, 03:00: niemand war da',
        'und 1 weitere',
      ].join('\n'),
    });
  });

  it('hands a text to the program of each system without being read as more than a text', () => {
    const notice = missedNotice([{ ...start, why: 'silent' }], () => '03:00');
    expect(noticeCommand('linux', notice)?.args.slice(0, 2)).toEqual(['--app-name=aiworkflow', '--']);
    expect(noticeCommand('darwin', notice)?.args[1]).toContain('\\"week\\"');
    const script = noticeCommand('win32', notice)?.args.at(-1);
    expect(script).toContain("Mia''s &quot;week&quot; &lt;1&gt;");
    expect(noticeCommand('freebsd', notice)).toBeNull();
  });
});
