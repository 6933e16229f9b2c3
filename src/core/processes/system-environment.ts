type HostEnv = Readonly<Record<string, string | undefined>>;

/** What a child may see of the host by itself (SPEC §5.2); everything else has to be declared. */
const ALLOWED = new Set(['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR']);
/** Without these nothing runs on Windows. Names count in any case there. */
const WINDOWS_ESSENTIALS = new Set(
  'PATH PATHEXT SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC TEMP TMP USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES PROGRAMFILES(X86) NUMBER_OF_PROCESSORS PROCESSOR_ARCHITECTURE OS'.split(
    ' ',
  ),
);
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** The host's variables that every child gets, and a PATH in any case. */
export function systemEnvironment(host: HostEnv): Record<string, string> {
  const isWindows = process.platform === 'win32';
  const isAllowed = (name: string): boolean =>
    ALLOWED.has(name) || name.startsWith('LC_') || (isWindows && WINDOWS_ESSENTIALS.has(name.toUpperCase()));
  const kept = Object.entries(host).flatMap(([name, value]) =>
    value !== undefined && isAllowed(name) ? [[name, value]] : [],
  );
  return { ...(isWindows ? {} : { PATH: DEFAULT_PATH }), ...Object.fromEntries(kept) };
}
