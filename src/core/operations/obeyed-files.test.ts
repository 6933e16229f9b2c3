import { expect, it } from 'vitest';
import { whoObeys } from './obeyed-files.ts';

it.each([
  ...['aiworkflow.yaml', 'AIWorkflow.local.yml', 'aiworkflow.lock', 'sub/workflow.md', 'tools.yaml', 'x.awb'],
  ...[
    '.env',
    '.env.local',
    '.envrc',
    '.git',
    'a/.git/config',
    '.gitignore',
    '.gitlab-ci.yml',
    '.github/workflows/x.md',
  ],
  ...[
    '.vscode/settings.json',
    '.idea/x.xml',
    '.husky/pre-commit',
    '.claude/x',
    '.cursorrules',
    '.mcp.json',
    '.opencode/x',
  ],
  ...['CLAUDE.md', 'CLAUDE.local.md', 'AGENTS.md', 'Gemini.md', 'opencode.json', 'SKILL.md', 'mcp.json'],
  ...['.bashrc', '.profile', '.zshrc', 'profile.ps1', 'Microsoft.PowerShell_profile.ps1', 'desktop.ini', 'x.desktop'],
  ...['my.code-workspace', 'tsconfig.json', 'tsconfig.base.json', 'jsconfig.json', 'app.csproj'],
  ...['package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lockb', 'deno.json', 'vite.config.ts'],
  ...['requirements.txt', 'requirements-dev.txt', 'pyproject.toml', 'setup.py', 'conftest.py', 'evil.pth', 'Pipfile'],
  ...['Makefile', 'GNUmakefile', 'Makefile.am', 'Justfile', 'Dockerfile', 'Dockerfile.dev', 'docker-compose.yml'],
  ...['compose.override.yaml', 'Jenkinsfile', 'azure-pipelines.yml', 'CMakeLists.txt', 'build.gradle.kts', 'pom.xml'],
  ...[
    'Cargo.toml',
    'build.rs',
    'go.mod',
    'Gemfile',
    'composer.json',
    'flake.nix',
    'main.tf',
    'node_modules/a/index.js',
  ],
  // The same names as a forgiving file system reads them.
  ...[
    'PACKAGE.JSON',
    'package.json.',
    'package.json . ',
    'package.json::$DATA',
    '.ENV',
    '.env.',
    '.env:x',
    'pac\u212Aage.json',
  ],
  ...[
    'ｐackage.json',
    '.g\u200cit/config',
    'pac\u200bkage.json',
    '\u2024env',
    'PACKAG~1.JSO',
    'GIT~1/config',
    'AIWORK~1.YAM',
  ],
  ...['a\\.github\\x', './package.json', 'a//.vscode//x', 'package.json/', 'package.json/.', 'ma\u017fk/../.env'],
])('%s is obeyed', (path) => expect(whoObeys(path)).not.toBeNull());

it.each([
  ...['report.md', 'data/package-list.json', 'env.txt', 'my.env.md', 'git/notes.md', 'workspace/report.md', 'a..b.txt'],
  ...['Makefiles.md', 'package.json.md', 'requirements.md', 'Dockerfiles/list.csv', 'agents/summary.txt', 'a~b.txt'],
  ...[
    'make/x.csv',
    'config.yaml',
    'tools/list.csv',
    'ünï/größe.csv',
    'week.1/x',
    'setup.md',
    'notes~1final-version.md',
  ],
])('%s is data', (path) => expect(whoObeys(path)).toBeNull());
