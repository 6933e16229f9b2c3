import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../../../shared/errors.ts';
import type { ToolType } from '../../../shared/model/tool.ts';
import { describeServer } from '../mcp/mcp-settings.ts';
import { listReferences } from '../mcp/references.ts';
import { readRegistry } from './file/read-registry.ts';
import { type Slot, serverOf, watchedFiles } from './implementations/open-implementation.ts';
import { pathRules, readSettingsText, showProjectPath } from './implementations/path-rules.ts';

/** What one implementation of a tool of the registry reaches, starts and is given, as the files say it. */
export interface RegistryReach {
  readonly tool: string;
  readonly description: string;
  readonly type: ToolType;
  /** Command line of a server; null = none is started. Adapters and scripts are among the files. */
  readonly command: string | null;
  /** The package that is started, in its version; null = it is none. */
  readonly package: string | null;
  /** Addresses that are written out. */
  readonly addresses: readonly string[];
  readonly hosts: readonly string[];
  /** Variables of this computer that it is given. */
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
  /** The entry and the settings of its server as they are written. */
  readonly written: unknown;
  /** Absolute paths of the files that it is made of. */
  readonly files: readonly string[];
}

/** All that the registry of a project reaches; what cannot be read reaches nothing. Starts nothing and sends nothing. */
export function readRegistryReach(places: {
  readonly projectPath: string;
  readonly registryFile: string;
}): readonly RegistryReach[] {
  const { projectPath, registryFile } = places;
  if (!existsSync(registryFile)) return [];
  const text = orNull(() => readSettingsText(registryFile));
  if (text === null) return [];
  const { entries } = readRegistry(showProjectPath(projectPath, registryFile), text);
  return entries.flatMap((entry) =>
    entry.implementations.map((implementation): RegistryReach => {
      const slot: Slot = { entry, implementation, pinKey: '' };
      const rules = pathRules(projectPath, registryFile, entry.security.allowedPaths);
      const server = implementation.type === 'mcp' ? orNull(() => serverOf({ ...slot, rules }).settings.server) : null;
      const { authentication, security, place: _, ...said } = entry;
      const { place: __, ...own } = implementation;
      return {
        tool: entry.name,
        description: entry.description,
        type: implementation.type,
        command: server === null || server.kind === 'url' ? null : describeServer(server),
        package: server?.kind === 'package' ? `${server.package.name}@${server.package.version}` : null,
        addresses: [implementation.baseUrl, implementation.specUrl, server?.kind === 'url' ? server.url : null].filter(
          (one) => one !== null,
        ),
        hosts: security.allowedHosts,
        variables: [
          ...(authentication?.tokenEnv == null ? [] : [authentication.tokenEnv]),
          ...(server === null ? [] : listReferences(server.kind === 'url' ? server.headers : server.env)),
        ],
        secrets: authentication?.secret == null ? [] : [authentication.secret],
        written: { ...said, authentication, security, implementations: own, server },
        files: watchedFiles(slot, places).filter((file) => orNull(() => readFileSync(file)) !== null),
      };
    }),
  );
}

/** What a tool is made of: its package with the version, its files with their SHA-256; null = the registry has no such tool. */
export function toolMadeOf(
  places: Parameters<typeof readRegistryReach>[0],
  name: string,
): Readonly<Record<string, string>> | null {
  const ways = readRegistryReach(places).filter(({ tool }) => tool === name);
  if (ways.length === 0) return null;
  const packages = ways.flatMap(({ package: one }) => (one === null ? [] : [one]));
  const files = [...new Set(ways.flatMap((one) => one.files))].sort();
  return Object.fromEntries([
    ...packages.map((one) => [one.slice(0, one.lastIndexOf('@')), one.slice(one.lastIndexOf('@') + 1)]),
    ...files.map((file) => [
      showProjectPath(places.projectPath, file),
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  ]);
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}
