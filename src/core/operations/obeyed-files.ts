/**
 * Files that are read as instruction (SPEC §1.5): by this product, an agent, a shell, an editor, a continuous integration or a
 * package manager. What a workflow writes is data, and data never reaches them.
 */

interface Obeying {
  /** Who obeys, as the words of a sentence. */
  readonly who: string;
  readonly names: RegExp;
}

const names = (who: string, ...patterns: readonly string[]): Obeying => ({
  who,
  names: new RegExp(`^(?:${patterns.join('|')})$`),
});

/**
 * Names as `plainName` gives them. What begins with a dot is hidden because it is a setting: `.git`, `.env`, `.vscode`, `.npmrc`,
 * `.bashrc`, `.claude` … Everything below such a folder counts, too.
 */
const ANYWHERE: readonly Obeying[] = [
  names('Programs take files and folders whose name begins with a dot for their settings.', '\\..*'),
  names('Programs load code from such a folder.', 'node_modules', 'site-packages', '__pycache__'),
];

const FILES: readonly Obeying[] = [
  names(
    'This app obeys such a file.',
    'aiworkflow.*\\.ya?ml',
    'aiworkflow\\.lock',
    'workflow\\.md',
    'tools\\.ya?ml',
    '.*\\.awb',
  ),
  names(
    'Agents obey such a file.',
    'claude(?:\\..*)?\\.md',
    'agents?(?:\\..*)?\\.md',
    'gemini\\.md',
    'skill\\.md',
    'copilot-instructions\\.md',
    'opencode\\.jsonc?',
    'mcp\\.json',
  ),
  names(
    'Shells and desktops obey such a file.',
    '(?:.*_)?profile\\.ps1',
    'desktop\\.ini',
    'autorun\\.inf',
    'autoexec\\.bat',
    '.*\\.(?:desktop|lnk|url|scf|reg)',
  ),
  names(
    'Editors obey such a file.',
    '.*\\.(?:code-workspace|code-profile|sublime-project|sublime-workspace|iml|ipr|iws)',
    '[jt]sconfig(?:\\..*)?\\.json',
    '.*\\.(?:sln|slnx|[a-z]*proj|props|targets|xcworkspace|xcodeproj)',
  ),
  names(
    'A continuous integration obeys such a file.',
    '(?:azure-pipelines|bitbucket-pipelines|appveyor|cloudbuild|buildspec|circle|codemagic|screwdriver)\\.ya?ml',
    'jenkinsfile(?:\\..*)?',
    '(?:renovate|vercel|now)\\.json5?',
    '(?:netlify|fly)\\.toml',
    '(?:serverless|skaffold|render|helmfile|kustomization|pulumi)\\.ya?ml',
    'ansible\\.cfg',
    '.*\\.(?:tf|tfvars)(?:\\.json)?',
  ),
  names(
    'Build tools obey such a file.',
    '(?:gnu)?makefile(?:\\..*)?',
    '.*\\.(?:mk|cmake|ninja|gradle|gradle\\.kts|bazel|bzl)',
    '(?:just|rake|vagrant|proc|tilt|earth|snake|docker|container|brew|pod|fast|cart|gulp|grunt)file(?:\\..*)?',
    '.*\\.dockerfile',
    '(?:docker-)?compose.*\\.ya?ml',
    'docker-bake\\.(?:hcl|json)',
    'taskfile\\.ya?ml',
    'cmake(?:lists\\.txt|presets\\.json|userpresets\\.json)',
    'meson\\.build',
    '(?:sconstruct|sconscript|wscript|workspace)',
    '(?:gradlew|mvnw)(?:\\..*)?',
    'gradle(?:-wrapper)?\\.properties',
    '(?:pom|build)\\.xml',
    'build\\.(?:sbt|zig|rs)',
    '.*\\.config\\.[cm]?[jt]sx?',
  ),
  names(
    'Package managers obey such a file.',
    '(?:package|package-lock|npm-shrinkwrap|composer|lerna|nx|turbo|bower|global|pyrightconfig)\\.json',
    'deno\\.(?:jsonc?|lock)',
    '(?:pnpm-lock|pnpm-workspace|pubspec|stack|environment|conda-lock)\\.ya?ml',
    'pubspec\\.lock',
    'bun(?:fig\\.toml|\\.lockb?)',
    '(?:yarn|composer|cargo|gemfile|poetry|uv|pdm|flake|pipfile|mix)\\.lock',
    '(?:cargo|pyproject|pixi|rust-toolchain)\\.toml',
    'rust-toolchain',
    '(?:gem|pip)file',
    '.*\\.(?:gemspec|nimble|cabal|podspec|pth)',
    '(?:requirements|constraints).*\\.txt',
    '(?:setup|noxfile|conftest|sitecustomize|usercustomize|fabfile|dodo)\\.py',
    '(?:setup|tox|pytest|mypy)\\.(?:cfg|ini)',
    'go\\.(?:mod|sum|work)',
    'package\\.(?:swift|resolved)',
    '(?:default|shell|flake)\\.nix',
    '(?:nuget|packages)\\.config',
  ),
];

/** `PACKAG~1.JSO`: what Windows also calls a file whose name is longer. */
const SHORT_NAME = /^[^.]{1,7}~\d{1,6}(?:\.[^.]{0,3})?$/;
/** Characters that some file systems pass over when they compare names. */
const IGNORED = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/**
 * A name as the most forgiving file system compares it: whatever its case, composed or not, without dots and blanks at its end,
 * without the stream of NTFS (`name:stream`).
 */
export function plainName(name: string): string {
  const folded = name.normalize('NFKC').replace(IGNORED, '').toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replace(/:.*$/s, '').replace(/[. ]+$/, '');
}

/** Who obeys a file at a path below the folder where it is written, as a sentence; null = nobody. */
export function whoObeys(path: string): string | null {
  const segments = path.split(/[\\/]/).map(plainName);
  const named = segments.filter((name) => name !== '');
  for (const [index, name] of named.entries()) {
    if (SHORT_NAME.test(name)) return 'It may be the short name of another file.';
    const tables = index === named.length - 1 ? [...ANYWHERE, ...FILES] : ANYWHERE;
    const found = tables.find((one) => one.names.test(name));
    if (found !== undefined) return found.who;
  }
  return null;
}
