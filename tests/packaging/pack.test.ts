import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { targetsOf } from '../../src/main/opened/open-targets.ts';
import { launchMainWithoutPages } from '../support/electron-stand-in/launch-main.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';

/**
 * Packs the app as a release does, for Linux, with all but Electron's own program, which cannot be fetched on every machine: in its place
 * stands a file that carries Electron's fuses, so that they are really set. Needs a build (`npm test` has made one).
 */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

describe('the package of the desktop app', () => {
  let folder: string;
  let inside: readonly string[];
  let resources: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pack-'));
    const electron = join(folder, 'electron-dist');
    mkdirSync(join(electron, 'resources'), { recursive: true });
    mkdirSync(join(electron, 'locales'));
    writeFileSync(join(electron, 'locales', 'en-US.pak'), '');
    writeFileSync(join(electron, 'version'), '45.4.1');
    // Version 1 of the wire, with nine fuses, each '0' or '1'.
    writeFileSync(
      join(electron, 'electron'),
      Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, 9]), Buffer.from('101001011')]),
    );
    chmodSync(join(electron, 'electron'), 0o755);
    await build({
      projectDir: REPOSITORY_DIR,
      targets: Platform.LINUX.createTarget('dir'),
      publish: 'never',
      config: {
        extends: join(REPOSITORY_DIR, 'electron-builder.yml'),
        electronDist: electron,
        directories: { output: join(folder, 'out') },
      },
    });
    resources = join(folder, 'out', 'linux-unpacked', 'resources');
    inside = listPackage(join(resources, 'app.asar'), { isPack: false }).map((path) => path.slice(1));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what runs, and nothing of how it was made', () => {
    for (const needed of [
      'package.json',
      'dist/client/index.html',
      'dist/node/electron-main.js',
      'dist/node/preload.cjs',
    ])
      expect(inside).toContain(needed);
    const unwanted = inside.filter(
      (path) =>
        /\.(?:map|tsx?|mts|cts)$|\.test\.|^(?:src|tests|docs|scripts|release|\.github)\//.test(path) ||
        /^node_modules\/(?:typescript|vite|vitest|react|electron|electron-builder|playwright[^/]*|@types)\//.test(path),
    );
    expect(unwanted.slice(0, 20)).toEqual([]);
  });

  it('has every library that the build loads, and no other', () => {
    const external = new Set<string>();
    for (const file of readdirSync(join(REPOSITORY_DIR, 'dist', 'node'))) {
      const text = readFileSync(join(REPOSITORY_DIR, 'dist', 'node', file), 'utf8');
      for (const [, name = ''] of text.matchAll(/^(?:import .*?from |import )"([^."][^"]*)";?$/gm)) external.add(name);
      for (const [, name = ''] of text.matchAll(/\bimport\("([^."][^"]*)"\)/g)) external.add(name);
    }
    const needed = [...external]
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name) && name !== 'electron')
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(needed).toEqual(expect.arrayContaining(['@napi-rs/keyring', 'better-sqlite3', 'electron-updater']));
    for (const name of needed) expect(inside).toContain(`node_modules/${name}/package.json`);
    for (const name of ['zod', 'yaml', 'undici', '@modelcontextprotocol/sdk', 'fastify', 'ws'])
      expect(inside).not.toContain(`node_modules/${name}/package.json`);
  });

  it('lets the menu of a folder open it with the app on Windows, until it is removed, and on macOS', () => {
    const { nsis, mac } = parse(readFileSync(join(REPOSITORY_DIR, 'electron-builder.yml'), 'utf8'));
    const script = readFileSync(join(REPOSITORY_DIR, nsis.include), 'utf8');
    const [installs = '', removes = ''] = script.split('!macro customUnInstall');
    const written = [...installs.matchAll(/^ {2}WriteRegStr SHELL_CONTEXT "([^"\\]+)/gm)].map(([, key]) => key);
    expect(new Set(written)).toEqual(new Set([/^ {2}DeleteRegKey SHELL_CONTEXT "([^"]+)"/m.exec(removes)?.[1]]));
    const line = /\\command" "" '(.+)'/.exec(installs)?.[1]?.replace('%V', 'C:/my folder') ?? '';
    const argv = [...line.matchAll(/"([^"]*)"/g)].map(([, argument = '']) => argument);
    expect(targetsOf(argv.slice(1), '/')).toEqual([{ kind: 'file', path: resolve('/', 'C:/my folder') }]);
    expect(mac.extendInfo.CFBundleDocumentTypes).toContainEqual(
      expect.objectContaining({ LSHandlerRank: 'Alternate', LSItemContentTypes: ['public.folder'] }),
    );
    expect(inside.filter((path) => path.endsWith('.nsh'))).toEqual([]);
  });

  it('adds to the installer for Windows what its compiler takes without a warning', () => {
    const { nsis } = parse(readFileSync(join(REPOSITORY_DIR, 'electron-builder.yml'), 'utf8'));
    const script = join(folder, 'installer.nsi');
    const made = join(folder, 'installer.exe');
    const lines = [
      'Unicode true',
      'Name "installer"',
      `OutFile "${made}"`,
      'Var appExe',
      `!include "${join(REPOSITORY_DIR, nsis.include)}"`,
      ...['Section', 'StrCpy $appExe "$INSTDIR\\app.exe"', '!insertmacro customInstall'],
      ...['WriteUninstaller "$INSTDIR\\uninstall.exe"', 'SectionEnd'],
      ...['Section Uninstall', '!insertmacro customUnInstall', 'SectionEnd'],
    ];
    writeFileSync(script, `${lines.join('\n')}\n`);
    execFileSync('makensis', ['-WX', '-V2', script], { stdio: 'pipe' });
    expect(existsSync(made)).toBe(true);
  });

  it('has native modules, examples and icons beside the archive, where the system can load them', () => {
    const beside = (path: string): boolean => existsSync(join(resources, 'app.asar.unpacked', path));
    const natives = inside.filter((path) => path.endsWith('.node'));
    expect(natives.some((path) => path.includes('better-sqlite3'))).toBe(true);
    for (const path of natives) expect(beside(path)).toBe(true);
    for (const path of ['examples', 'resources/tray/idle.png', 'resources/prices.yaml'])
      expect(beside(path)).toBe(true);
    expect(readdirSync(join(resources, 'app.asar.unpacked', 'examples')).length).toBeGreaterThan(3);
  });

  it('has the fuses of Electron as decision 5 says', async () => {
    const wire = await getCurrentFuseWire(join(folder, 'out', 'linux-unpacked', 'aiworkflow-desktop'));
    const isOn = (fuse: FuseV1Options): boolean => String.fromCharCode(Number(wire[fuse])) === '1';
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      cookies: isOn(FuseV1Options.EnableCookieEncryption),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      integrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      fileScheme: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      ...{ runAsNode: true, cookies: true, nodeOptions: false, inspect: false },
      ...{ integrity: true, onlyAsar: true, fileScheme: false },
    });
  });

  it('starts: the app from the archive, its engine and its command line', async () => {
    // Node reads no archives; Electron does. What is inside is laid out as it lies there.
    const app = join(folder, 'app');
    extractAll(join(resources, 'app.asar'), app);
    const home = join(folder, 'home');
    // As an installed product that was built with an address of releases.
    writeFileSync(join(resources, 'app-update.yml'), 'provider: generic\nurl: http://127.0.0.1:9/\n');
    const env = {
      STAND_IN_RESOURCES: resources,
      HOME: home,
      AIWORKFLOW_USER_DIR: join(home, 'user'),
      XDG_CONFIG_HOME: home,
    };
    mkdirSync(join(home, 'project'), { recursive: true });
    const main = await launchMainWithoutPages({
      main: join(app, 'dist', 'node', 'electron-main.js'),
      args: [`--project=${join(home, 'project')}`],
      env,
    });
    const told = (what: string): readonly unknown[] =>
      main.recorded.filter((entry) => entry.what === what).map(({ args }) => args[0]);
    expect(told('window.new')).toHaveLength(1);
    expect(told('app.setAsDefaultProtocolClient')).toEqual(['aiworkflow']);
    // The updater is the real one; it finds that this is no AppImage, and asks nobody.
    await expect.poll(() => told('menu.app')).toHaveLength(1);
    main.tell({ kind: 'emit', event: 'click-menu', args: ['app', 'help', 'Look for updates…'] });
    await expect
      .poll(() => told('dialog.showMessageBox'))
      .toEqual([expect.objectContaining({ message: 'This is the newest version' })]);
    main.tell({ kind: 'emit', event: 'click-menu', args: ['app', 'help', 'Install the command-line tool…'] });
    await expect.poll(() => told('dialog.showMessageBox')).toHaveLength(2);
    const tool = join(home, '.local', 'bin', 'aiworkflow');
    expect(await main.close()).toBe(0);
    const version = execFileSync(tool, ['--json', 'version'], { env: { ...process.env, ...env }, encoding: 'utf8' });
    expect(JSON.parse(version)).toMatchObject({ version: expect.any(String) });
  });
});
