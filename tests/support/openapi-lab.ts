import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHttpClient, type HttpClient } from '../../src/core/http/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import type { ToolCall, ToolResult } from '../../src/core/tools/index.ts';
import { createOpenApiTool } from '../../src/core/tools/openapi/index.ts';
import type { RegistryTool, ToolAuth, ToolDefinitions } from '../../src/core/tools/registry-port.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { JsonMap } from '../../src/shared/json.ts';

const NO_AUTH: ToolAuth = { type: 'none', token: null, header: null, query: null, scopes: [] };

export interface LabTool {
  readonly spec?: unknown;
  /** Beside the spec, for references; absolute `spec_path` is `folder`/`specFile`. */
  readonly specFile?: string;
  readonly specUrl?: string;
  readonly baseUrl?: string | null;
  readonly auth?: Partial<ToolAuth>;
  readonly allowedHosts?: readonly string[];
  readonly timeoutMs?: number;
}

/** OpenAPI tools over a real HTTP client in a folder of their own. */
export interface OpenApiLab {
  readonly folder: string;
  readonly http: HttpClient;
  /** A pin that accepts the first definitions; `accept` stands for a person's word. */
  readonly pin: { accepted: ToolDefinitions | null };
  /** Lines that calls logged. */
  readonly log: string[];
  /** Calls of `onChange`. */
  changes(): number;
  write(name: string, content: unknown): Promise<string>;
  tool(options: LabTool): Promise<RegistryTool>;
  call(tool: RegistryTool, operation: string, inputs?: JsonMap, more?: Partial<ToolCall>): Promise<ToolResult>;
  close(): Promise<void>;
}

export async function createOpenApiLab(): Promise<OpenApiLab> {
  const folder = await mkdtemp(join(tmpdir(), 'aiw-openapi-'));
  const http = createHttpClient({ clock: systemClock });
  const pin: OpenApiLab['pin'] = { accepted: null };
  const log: string[] = [];
  let changes = 0;
  const write = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  return {
    ...{ folder, http, pin, log, write, changes: () => changes },
    tool: async ({ spec, specFile, specUrl, baseUrl = null, auth = {}, allowedHosts = [], timeoutMs = 20_000 }) => {
      const file = spec === undefined ? specFile : await write('spec.json', spec);
      return createOpenApiTool({
        commons: {
          ...{ name: 'shop', description: 'A shop', allowedHosts, allowedPaths: [], timeoutMs },
          auth: async () => ({ ...NO_AUTH, ...auth }),
          pin: {
            accepted: () => pin.accepted,
            check: (current) => {
              pin.accepted ??= current;
              if (pin.accepted.hash !== current.hash) throw new AppError('tool.changed', 'The tool has changed.');
            },
          },
          onChange: () => {
            changes += 1;
          },
        },
        http,
        specFile: file ?? null,
        specUrl: specUrl ?? null,
        baseUrl,
        cacheDir: join(folder, 'cache'),
        projectDir: folder,
      });
    },
    call: async (tool, operation, inputs = {}, more = {}) =>
      tool.execute({
        ...{ operation, inputs, runId: 'run', stepId: 'step', path: 'step', attempt: 1, stepNow: 0, stepKey: 'key' },
        ...{ timeoutMs: 20_000, workDir: folder, runDir: folder, env: {}, signal: new AbortController().signal },
        log: (_stream, text) => log.push(text),
        ...more,
      }),
    close: async () => {
      await http.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The error of a call that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const thrown: unknown = await work.then(
    () => new Error('it succeeded'),
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw thrown;
}
