import type { FindingSeverity } from '../../shared/model/trust.ts';

/** A line of a script that a person should look at before it may run. Line from 1. */
export interface RiskyLine {
  readonly code: string;
  readonly severity: FindingSeverity;
  readonly title: string;
  readonly text: string;
  readonly line: number;
  readonly source: string;
}

type Language = 'shell' | 'python' | 'node' | 'ruby' | 'perl';

interface Rule {
  readonly code: string;
  readonly severity: FindingSeverity;
  readonly title: string;
  readonly text: string;
  /** For one language, or for every one. */
  readonly language?: Language;
  readonly pattern: RegExp;
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  sh: 'shell',
  bash: 'shell',
  py: 'python',
  rb: 'ruby',
  pl: 'perl',
  js: 'node',
  mjs: 'node',
  cjs: 'node',
  ts: 'node',
  mts: 'node',
};

/** Patterns look at one line of at most `LONGEST` characters and have no nested repetition. */
const LONGEST = 2_000;
const EACH = 20;

const SHELL_TEXT =
  'It puts a text together and has the shell run it. Whoever can write into that text could run commands here.';
const EVAL_TEXT = 'It runs a text as a program. What that text will be, reading the file does not show.';

const RULES: readonly Rule[] = [
  ...(
    [
      ['python', /shell\s*=\s*True|os\.(?:system|popen)\s*\(|commands\.getoutput\s*\(/],
      ['node', /(?:^|[^.\w])exec(?:Sync)?\s*\(|\b(?:child_process|cp)\.exec(?:Sync)?\s*\(|shell\s*:\s*true/],
      ['ruby', /\b(?:system|exec|popen)\s*\(?\s*"[^"]*#\{|`[^`]*#\{|%x[[({]/],
      ['perl', /\b(?:system|exec)\s*\(?\s*"[^"]*[$@]|`[^`]*[$@]/],
    ] as const
  ).map(
    ([language, pattern]): Rule => ({
      ...{
        code: 'code.shell',
        severity: 'high',
        title: 'A text becomes a shell command',
        text: SHELL_TEXT,
        language,
        pattern,
      },
    }),
  ),
  ...(
    [
      ['python', /(?:^|[^.\w])(?:eval|exec|compile)\s*\(|pickle\.loads?\s*\(|marshal\.loads\s*\(/],
      ['node', /(?:^|[^.\w])eval\s*\(|new\s+Function\s*\(|\bvm\.(?:run|Script|compile)/],
      ['shell', /(?:^|[\s;&|])eval\s|\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\b(?:ba|z|da)?sh\s+-c\s+"[^"]*\$/],
      ['ruby', /\b(?:eval|instance_eval|class_eval)\b/],
      ['perl', /\beval\s+["$]/],
    ] as const
  ).map(
    ([language, pattern]): Rule => ({
      ...{
        code: 'code.eval',
        severity: 'high',
        title: 'A text is run as a program',
        text: EVAL_TEXT,
        language,
        pattern,
      },
    }),
  ),
  {
    code: 'code.credentials',
    severity: 'high',
    title: 'It looks where passwords and keys of yours lie',
    text: 'The line names a place in which programs keep passwords, keys or sign-ins of yours.',
    pattern:
      /\.ssh\b|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws\b|\.netrc\b|\.npmrc\b|\.pgpass\b|\.kube\/|\.docker\/config|\.gnupg\b|\.git-credentials|Login Data|cookies\.sqlite|find-generic-password|\/etc\/shadow/,
  },
  {
    code: 'code.deletes',
    severity: 'high',
    title: 'It deletes whole folders',
    text: 'The line deletes a folder with everything in it.',
    pattern:
      /\brm\s+-[a-zA-Z]*[rR][a-zA-Z]*\s|shutil\.rmtree\s*\(|\brm(?:Sync)?\s*\([^)]*recursive|FileUtils\.rm_r|\bfind\b.*\s-delete\b/,
  },
  {
    code: 'code.stays',
    severity: 'high',
    title: 'It sets something up that stays after the run',
    text: 'The line names a place from which the system or a shell starts programs by itself.',
    pattern:
      /\bcrontab\b|\.bashrc\b|\.zshrc\b|\.profile\b|LaunchAgents|systemctl\s+(?:--user\s+)?enable|\/etc\/(?:cron|rc)|schtasks|authorized_keys/,
  },
  {
    code: 'code.installs',
    severity: 'watch',
    title: 'It fetches more code',
    text: 'The line installs or downloads programs; what those do, this sheet does not show.',
    pattern:
      /\b(?:npm|pnpm|yarn)\s+(?:i|install|add)\b|\bnpx\s|\bpipx?\s+install\b|\bgem\s+install\b|\b(?:curl|wget)\s|\burlretrieve\b/,
  },
  {
    code: 'code.hides',
    severity: 'watch',
    title: 'It unpacks a text that cannot be read as it stands',
    text: 'The line turns coded text back into something else.',
    pattern: /\bbase64\s+(?:-d|-D|--decode)|b64decode\s*\(|\batob\s*\(|(?:\\x[0-9a-fA-F]{2}){8}|[A-Za-z0-9+/]{300}/,
  },
];

/** The language that a script is written in by its name or its first line; null = not known. */
function languageOf(path: string, text: string): Language | null {
  const known = LANGUAGES[path.split('.').at(-1)?.toLowerCase() ?? ''];
  if (known !== undefined) return known;
  const first = /^#!.*?\b(bash|dash|zsh|sh|python|node|ruby|perl)[\d.]*\b/.exec(text.slice(0, 200))?.[1];
  if (first === undefined) return null;
  return first === 'python' || first === 'node' || first === 'ruby' || first === 'perl' ? first : 'shell';
}

/** The lines of a script that a person should look at, at most 20 of one sort. It finds what it knows; nothing found proves nothing. */
export function findRiskyLines(path: string, text: string): readonly RiskyLine[] {
  const language = languageOf(path, text);
  const found: RiskyLine[] = [];
  const counts = new Map<string, number>();
  for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
    const source = whole.slice(0, LONGEST);
    for (const { pattern, language: only, ...rule } of RULES) {
      if (only !== undefined && only !== language) continue;
      const count = counts.get(rule.code) ?? 0;
      if (count >= EACH || !pattern.test(source)) continue;
      counts.set(rule.code, count + 1);
      found.push({ ...rule, line: index + 1, source });
    }
  }
  return found;
}

const URL_HOST = /\b(?:https?|wss?|ftp):\/\/(?:[^\s/@'"`<>]*@)?(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)/g;

/** Hosts of addresses that are written out in a text, each with its first line. */
export function findHosts(text: string): ReadonlyMap<string, number> {
  const hosts = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries())
    for (const [, host] of line.slice(0, LONGEST).matchAll(URL_HOST))
      if (host !== undefined && !hosts.has(host.toLowerCase())) hosts.set(host.toLowerCase(), index + 1);
  return hosts;
}
