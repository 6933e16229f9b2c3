/** How a server is reached (SPEC §5.3). `${NAME}` stands for a variable of the host in values of `env` and `headers` only. */
export type McpServerSettings =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Absolute folders, the one that exists first is the working folder. */
      readonly folders: readonly string[];
    }
  | {
      readonly kind: 'package';
      readonly package: McpPackage;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly folders: readonly string[];
    }
  | { readonly kind: 'url'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** A package of the npm registry in one exact version: the lock records it. */
export interface McpPackage {
  readonly name: string;
  readonly version: string;
}

/** `.aiworkflow/tools/mcp/<tool>.yaml`, read. */
export interface McpSettings {
  readonly server: McpServerSettings;
  /** Of a call, ms; null = the default of tools. */
  readonly timeoutMs: number | null;
  /** Tools of the server that may be called; null = all but `exclude`. `-` and `_` are equal. */
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
  /** Host variables that `env` and `headers` name, for screens; never a value. */
  readonly references: readonly string[];
}

const PACKAGE = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*)@(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/;

/** `name@1.2.3`; null for anything else: ranges, tags, addresses and folders name no exact version. */
export function parseMcpPackage(text: string): McpPackage | null {
  const [, name, version] = PACKAGE.exec(text) ?? [];
  return name === undefined || version === undefined ? null : { name, version };
}

/** What is started for a server that is a process: `npx -y <package>@<version>` or the command as it is written. */
export function commandOf(server: Exclude<McpServerSettings, { kind: 'url' }>): {
  readonly command: string;
  readonly args: readonly string[];
} {
  if (server.kind === 'command') return { command: server.command, args: server.args };
  return { command: 'npx', args: ['-y', `${server.package.name}@${server.package.version}`, ...server.args] };
}

/** How a server is reached, for people: no variables, no headers, no query and no login of an address. */
export function describeServer(server: McpServerSettings): string {
  if (server.kind === 'url') {
    const url = new URL(server.url);
    return `${url.origin}${url.pathname}`;
  }
  const { command, args } = commandOf(server);
  return [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
