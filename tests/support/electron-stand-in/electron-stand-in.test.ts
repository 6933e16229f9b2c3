import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedDesktop, launchDesktopMain } from './launch-desktop.ts';
import type { FromTest } from './test-link.ts';
import { decodeWire, encodeWire } from './wire-codec.ts';

interface Sample {
  echo(...args: unknown[]): Promise<{ args: unknown[]; frame: string }>;
  fail(): Promise<never>;
  tick(): Promise<void>;
  pick(): Promise<string[]>;
  sum(left: number, right: number): number;
  refuse(): never;
  onTick(listener: (tick: unknown) => void): () => string;
}
declare global {
  interface Window {
    readonly sample: Sample;
    readonly heard: readonly { at: Date; list: unknown[] }[];
  }
}

describe('the stand-in of electron', () => {
  let desktop: LaunchedDesktop;
  beforeAll(async () => {
    desktop = await launchDesktopMain({ main: fileURLToPath(new URL('./sample-app/main.ts', import.meta.url)) });
  });
  afterAll(() => desktop?.close());

  it('shows the page that the app serves under its own scheme', async () => {
    expect(await desktop.page.textContent('h1')).toBe('Sample');
  });

  it('carries structured clones there and back, from the frame that the app knows', async () => {
    const answer = await desktop.page.evaluate(async () => {
      const { args, frame } = await window.sample.echo(
        { a: [1, null, 'ü', true, -0, Number.NaN] },
        new Date(5),
        undefined,
      );
      const [first, second] = args as [{ a: unknown[] }, Date];
      return {
        frame,
        count: args.length,
        negativeZero: Object.is(first.a[4], -0),
        nan: Number.isNaN(first.a[5]),
        text: first.a[2],
        time: second.getTime(),
      };
    });
    expect(answer).toEqual({
      frame: 'sample://app/',
      count: 3,
      negativeZero: true,
      nan: true,
      text: 'ü',
      time: 5,
    });
  });

  it('rejects as Electron does', async () => {
    const failed = await desktop.page.evaluate(() => window.sample.fail().catch((error: Error) => error.message));
    expect(failed).toBe("Error invoking remote method 'fail': Error: it failed");
    const uncloneable = await desktop.page.evaluate(() =>
      window.sample
        .echo(() => 1)
        .then(
          () => 'sent',
          (error: Error) => error.message,
        ),
    );
    expect(uncloneable).toContain('could not be cloned');
  });

  it('calls functions of the preload at once, with callbacks and returned functions', async () => {
    const seen = await desktop.page.evaluate(async () => {
      let refused = '';
      try {
        window.sample.refuse();
      } catch (error) {
        refused = (error as Error).message;
      }
      const leave = window.sample.onTick(() => undefined);
      await window.sample.tick();
      const tick = window.heard[0];
      return { sum: window.sample.sum(1, 2), refused, left: leave(), at: tick?.at.getTime(), list: tick?.list.length };
    });
    expect(seen).toEqual({ sum: 3, refused: 'refused', left: 'left', at: 7, list: 2 });
  });

  it('lets nothing of Electron or Node into the page, and freezes what is exposed', async () => {
    const seen = await desktop.page.evaluate(() => ({
      leaked: ['require', 'process', 'module', 'exports', 'ipcRenderer', 'Buffer', 'StandIn'].filter(
        (name) => name in window,
      ),
      hidden: Object.keys(window).filter((name) => name.startsWith('stand-in')),
      isFrozen: Object.isFrozen(window.sample),
      isFixed: Object.getOwnPropertyDescriptor(window, 'sample')?.writable === false,
    }));
    expect(seen).toEqual({ leaked: [], hidden: [], isFrozen: true, isFixed: true });
  });

  it('applies the policy that the app sends', async () => {
    const ran = await desktop.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      return 'inlineRan' in window;
    });
    expect(ran).toBe(false);
  });

  it('asks the app before the page goes elsewhere or opens a window', async () => {
    await desktop.page.click('#away');
    await desktop.page.click('#new');
    await expect
      .poll(() => desktop.recorded.map((entry) => [entry.what, ...entry.args]))
      .toEqual(
        expect.arrayContaining([
          ['will-navigate', 'https://example.invalid/away', 'prevented'],
          ['windowOpen', 'https://example.invalid/new', 'deny'],
          ['shell.openExternal', 'https://example.invalid/new'],
        ]),
      );
    expect(await desktop.page.textContent('h1')).toBe('Sample');
  });

  it('answers dialogs as the test says, else with nothing', async () => {
    expect(await desktop.page.evaluate(() => window.sample.pick())).toEqual([]);
    desktop.tell({ kind: 'answer', what: 'dialog.showOpenDialog', value: { canceled: false, filePaths: ['/picked'] } });
    expect(await desktop.page.evaluate(() => window.sample.pick())).toEqual(['/picked']);
  });

  it('shows menus, tray and notices to the test, which is the system and its user', async () => {
    const told = (what: string): readonly unknown[] =>
      desktop.recorded.filter((entry) => entry.what === what).map(({ args }) => (args.length > 1 ? args : args[0]));
    const menu = [{ role: 'editMenu' }, { label: 'Go', submenu: [{ label: 'Home', accelerator: 'CmdOrCtrl+1' }] }];
    await expect.poll(() => told('autoUpdater.setFeedURL')).toEqual(['https://example.invalid/']);
    expect(told('menu.app')).toEqual([menu]);
    expect(told('menu.tray')).toEqual([[{ label: 'Pause' }]]);
    expect([...told('tray.new'), ...told('tray.setToolTip')]).toEqual(['/icon.png', 'Sample']);
    expect(told('notification.show')).toEqual([
      { id: 'one', title: 'Done?', actions: [{ type: 'button', text: 'Yes' }] },
    ]);
    const events: readonly (readonly [FromTest, string])[] = [
      [{ kind: 'emit', event: 'click-menu', args: ['app', 'Go', 'Home'] }, 'home'],
      [{ kind: 'emit', event: 'press-notice', args: [0] }, 'pressed 0'],
      [{ kind: 'emit', event: 'activate-notice', args: [{ type: 'click', arguments: 'tag=1' }] }, 'activated tag=1'],
      [{ kind: 'emit', event: 'open-url', args: ['sample://x'] }, 'sample://x'],
      [{ kind: 'emit', event: 'second-instance', args: [['--a']] }, 'electron --a'],
      [{ kind: 'emit', event: 'page-gone', args: ['crashed'] }, 'crashed'],
      [{ kind: 'emit', event: 'place', args: [{ x: 1, y: 2, width: 300, height: 200 }] }, '300'],
      [{ kind: 'emit', event: 'power', args: ['suspend'] }, ''],
      [{ kind: 'emit', event: 'power', args: ['resume'] }, 'true true'],
      [{ kind: 'emit', event: 'click-menu', args: ['tray', 'Pause'] }, ''],
      [{ kind: 'emit', event: 'click-tray' }, ''],
      [{ kind: 'emit', event: 'click-notice' }, ''],
    ];
    for (const [event] of events) desktop.tell(event);
    await expect.poll(() => told('window.focus')).toHaveLength(1);
    expect(told('window.setTitle')).toEqual([
      'false a secret',
      '1920',
      ...events.flatMap(([, title]) => (title === '' ? [] : [title])),
    ]);
    expect(told('tray.setTitle')).toEqual(['paused']);
    expect([told('window.show').length, told('powerSaveBlocker.start')]).toEqual([1, ['prevent-app-suspension']]);
  });

  it('has nothing that Electron has not', () => {
    // Its parts are checked by the compiler where they stand; this holds its names.
    type Made = typeof import('./electron.ts');
    const isPart: [Exclude<keyof Made, keyof typeof import('electron')>] extends [never] ? true : false = true;
    expect(isPart).toBe(true);
    // @ts-expect-error no tray explodes
    type Exploding = Pick<import('electron').Tray, 'explode'>;
    expect({} as Exploding).toEqual({});
  });

  it('serves a reloaded page anew', async () => {
    await desktop.page.reload();
    await desktop.page.evaluate(() => window.sample.tick());
    expect(await desktop.page.evaluate(() => window.heard.length)).toBe(1);
  });

  it('quits when the app lets it', async () => {
    expect(await desktop.close()).toBe(0);
  });
});

describe('values on the wire', () => {
  it('are what a structured clone is', () => {
    const value = {
      date: new Date(1),
      map: new Map<unknown, unknown>([[{ k: 1 }, new Set([1n])]]),
      bytes: new Uint8Array([1, 2]),
      none: undefined,
      infinite: -Infinity,
      ['__proto__']: 'own',
    };
    expect(decodeWire(encodeWire(value))).toEqual(structuredClone(value));
    expect(() => encodeWire({ act: () => 1 })).toThrow('could not be cloned');
  });
});
