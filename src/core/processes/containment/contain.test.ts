import { describe, expect, it } from 'vitest';
import { NO_NEEDS } from '../../../shared/model/needs.ts';
import { contain } from './contain.ts';
import type { Containment } from './containment.ts';
import { seatbeltProfile } from './seatbelt-profile.ts';

const NARROW: Containment = {
  read: ['/data'],
  write: ['/out'],
  network: false,
  own: [
    { path: '/run/bundle', mayWrite: false },
    { path: '/run/files', mayWrite: true },
  ],
  programs: ['/home/u/.pyenv/shims/python3', '/home/u/.local/bin/tool', '/home/u/run', '/usr/bin/env'],
};
const COMMAND = {
  command: '/usr/bin/env',
  args: ['python3', 'x.py'],
  cwd: '/run/bundle',
  env: { HOME: '/home/u', PATH: '/usr/bin:/home/u/bin:relative' },
};
const BUBBLEWRAP = { kind: 'bubblewrap', program: '/usr/bin/bwrap' } as const;

/** The arguments that name a place, as `--flag path`. */
function places(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) =>
    /^--(?:ro-)?bind(?:-try)?$|^--tmpfs$|^--remount-ro$/.test(arg) ? [`${arg.slice(2)} ${args[index + 1]}`] : [],
  );
}

describe('how a contained child is started', () => {
  it('is unchanged where nothing is declared or the system has no sandbox', () => {
    expect(contain(COMMAND, BUBBLEWRAP, ['/state'])).toEqual(COMMAND);
    const none = { kind: 'none', reason: 'none' } as const;
    expect(contain({ ...COMMAND, containment: NARROW }, none, ['/state'])).toEqual(COMMAND);
  });

  it('goes through bubblewrap: what is hidden comes after what is open, what is the run’s own after both', () => {
    const { command, args } = contain({ ...COMMAND, containment: NARROW }, BUBBLEWRAP, ['/state']);
    expect(command).toBe('/usr/bin/bwrap');
    expect(args.slice(args.indexOf('--') + 1)).toEqual(['/usr/bin/env', 'python3', 'x.py']);
    for (const flag of ['--unshare-user', '--unshare-pid', '--unshare-net', '--cap-drop']) expect(args).toContain(flag);
    const seen = places(args);
    expect(seen.slice(seen.indexOf('ro-bind-try /data'))).toEqual([
      'ro-bind-try /data',
      'bind-try /out',
      'tmpfs /state',
      'ro-bind-try /run/bundle',
      'bind-try /run/files',
      'remount-ro /',
    ]);
  });

  it('shows where programs are installed, never the home folder or what holds keys beside programs', () => {
    const seen = places(contain({ ...COMMAND, containment: NARROW }, BUBBLEWRAP, []).args);
    expect(seen).toEqual(
      expect.arrayContaining(['tmpfs /home/u', 'ro-bind-try /home/u/bin', 'ro-bind-try /home/u/.pyenv']),
    );
    expect(seen).toEqual(expect.arrayContaining(['ro-bind-try /home/u/.local/bin', 'ro-bind-try /home/u/.local/lib']));
    for (const place of ['/home/u', '/home', '/', '/home/u/.local', 'relative'])
      expect(seen).not.toContain(`ro-bind-try ${place}`);
  });

  it('a program that lies in the working folder is seen in it', () => {
    const containment = { ...NARROW, own: [], programs: ['/work/tools/bin/tool'] };
    const { args } = contain({ ...COMMAND, cwd: '/work', containment }, BUBBLEWRAP, []);
    const seen = places(args);
    expect(seen.slice(seen.lastIndexOf('tmpfs /work'))).toEqual([
      'tmpfs /work',
      'ro-bind-try /work/tools',
      'remount-ro /work',
      'remount-ro /',
    ]);
  });

  it('leaves open what is not narrowed', () => {
    const containment = { ...NARROW, read: null, write: null, network: true };
    const { args } = contain({ ...COMMAND, containment }, BUBBLEWRAP, ['/state']);
    expect(args).not.toContain('--unshare-net');
    expect(places(args).slice(0, 2)).toEqual(['bind /', 'tmpfs /state']);
  });

  it('bubblewrap’s own processes are none of the child’s', () => {
    const limits = { ...NO_NEEDS.limits, processes: 4 };
    expect(contain({ ...COMMAND, limits, containment: NARROW }, BUBBLEWRAP, []).limits?.processes).toBe(6);
    expect(contain({ ...COMMAND, limits }, BUBBLEWRAP, []).limits?.processes).toBe(4);
  });
});

describe('the profile of sandbox-exec (its text; it was not tried on a Mac here)', () => {
  const plan = {
    containment: NARROW,
    cwd: '/run/bundle',
    home: '/home/u',
    tmpDir: '/tmp/x',
    path: [],
    hidden: ['/state'],
  };
  const lines = (containment: Containment): readonly string[] => seatbeltProfile({ ...plan, containment }).split('\n');
  const at = (rule: string): number => lines(NARROW).indexOf(rule);

  it('denies the network, reading and writing, then opens what is declared, then hides the state', () => {
    expect(lines(NARROW).slice(0, 2)).toEqual(['(version 1)', '(allow default)']);
    expect(lines(NARROW)).toContain('(deny network*)');
    const order = [
      '(deny file-read* (subpath "/"))',
      '(allow file-read* (subpath "/data"))',
      '(deny file-write* (subpath "/"))',
      '(allow file-write* (subpath "/out"))',
      '(deny file-read* file-write* (subpath "/state"))',
      '(allow file-read* (subpath "/run/bundle"))',
      '(allow file-read* file-write* (subpath "/run/files"))',
    ].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('says nothing of what is open', () => {
    const open = lines({ ...NARROW, read: null, write: null, network: true }).join('\n');
    expect(open).not.toMatch(/network|subpath "\/"/);
  });

  it('a path cannot end its rule', () => {
    const [rule] = lines({ ...NARROW, write: ['/a") (allow default) ("'] }).filter((line) => line.includes('/a'));
    expect(rule).toContain('"/a\\") (allow default) (\\""');
  });
});
