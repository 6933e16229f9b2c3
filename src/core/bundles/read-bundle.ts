import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, join, parse, relative } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import type { BundleConfig, ScriptTool } from '../../shared/model/bundle.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { WorkflowReading } from '../../shared/model/workflow.ts';
import { refuseSystemFolder, resolveInside, toFileError } from '../files/index.ts';
import type { ToolCatalog } from '../tool-port/index.ts';
import { discoverScriptTools } from '../tools/index.ts';
import { checkActions, readWorkflow, sanitizeId } from '../workflow/index.ts';
import { defaultBundleConfig, readBundleConfig } from './bundle-config.ts';
import { readEnvFile, resolveBundleEnv } from './bundle-env.ts';
import { type FoundFile, findBundleFiles } from './bundle-files.ts';
import { SMALL_FILE_BYTES, WORKFLOW_FILE_BYTES } from './bundle-limits.ts';
import { checkLock } from './bundle-lock.ts';
import type { BundleOutline, BundleReading, ReadBundleOptions } from './bundle-reading.ts';
import { hashFiles } from './content-hash.ts';
import { findWorkflowFile } from './workflow-file.ts';

const KNOWN_EXTENSIONS = new Set(['.sh', '.bash', '.py', '.rb', '.pl', '.js', '.mjs', '.ts']);

/** The head of a file, at most one byte more than `limit`, so that a reader can tell that it is too large. */
async function readHead(path: string, limit: number): Promise<Buffer> {
  // A pipe without a writer would never be opened otherwise.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((thrown: unknown) => Promise.reject(toFileError(thrown, path)));
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new AppError('file.not_found', `Not a regular file: ${path}`);
    const { size } = found;
    const buffer = Buffer.alloc(Math.min(size, limit + 1));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } catch (thrown) {
    throw toFileError(thrown, path);
  } finally {
    await handle.close();
  }
}

function decode(bytes: Buffer, file: string): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), diagnostics: [] };
  } catch {
    if (bytes.length > WORKFLOW_FILE_BYTES) return { text: bytes.toString('latin1'), diagnostics: [] };
    const message = 'The file is not UTF-8 text.';
    return {
      text: bytes.toString('utf8'),
      diagnostics: [{ severity: 'error', code: 'workflow.invalid', message, file, line: 1, column: 1 }],
    };
  }
}

interface WorkflowPart {
  readonly bytes: Buffer;
  readonly text: string;
  readonly reading: WorkflowReading | null;
  readonly diagnostics: readonly Diagnostic[];
}

async function readWorkflowPart(
  path: string | null,
  {
    file,
    fallbackId,
    agentNames,
    options: { text: given, memory },
  }: {
    readonly file: string;
    readonly fallbackId: string;
    readonly agentNames: readonly string[] | undefined;
    readonly options: Pick<ReadBundleOptions, 'text' | 'memory'>;
  },
): Promise<WorkflowPart> {
  if (path === null) {
    const message = 'No workflow file found (expected workflow.md or *.md)';
    const missing: Diagnostic = { severity: 'error', code: 'bundle.no_workflow', message, fix: 'workflow.md' };
    return { bytes: Buffer.alloc(0), text: '', reading: null, diagnostics: [missing] };
  }
  const bytes = given === undefined ? await readHead(path, WORKFLOW_FILE_BYTES) : Buffer.from(given);
  const { text, diagnostics } = decode(bytes, file);
  const names = { ...(agentNames === undefined ? {} : { agentNames }), ...(memory === undefined ? {} : { memory }) };
  const reading = readWorkflow(text, { file, fallbackId: sanitizeId(fallbackId), ...names });
  return { bytes, text, reading, diagnostics: [...diagnostics, ...reading.diagnostics] };
}

function checkTools(
  { reading }: WorkflowPart,
  file: string,
  catalogOf: (() => ToolCatalog) | undefined,
): readonly Diagnostic[] {
  return reading === null || catalogOf === undefined ? [] : checkActions(reading.workflow, catalogOf(), file);
}

/** Made only where there is a workflow to check. */
const catalogFor = ({ catalogOf }: ReadBundleOptions, tools: readonly ScriptTool[], inherits: boolean) =>
  catalogOf === undefined ? undefined : () => catalogOf(tools, inherits);

/** Whether a script without a known extension can be started: by its exec bit or its shebang. */
async function isStartable(path: string): Promise<boolean> {
  if (KNOWN_EXTENSIONS.has(parse(path).ext.toLowerCase())) return true;
  const found = await stat(path).catch(() => null);
  if (found === null || (process.platform !== 'win32' && (found.mode & 0o111) !== 0)) return true;
  return (await readHead(path, 1)).toString('latin1') === '#!';
}

/** A tool must be a file of the version, or the run's copy would lack it; without an extension it must be startable. */
async function checkScripts(tools: readonly ScriptTool[], files: readonly FoundFile[]): Promise<readonly Diagnostic[]> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const checked = tools.map(async (tool): Promise<readonly Diagnostic[]> => {
    const file = byPath.get(tool.scriptPath.normalize('NFC'));
    if (file === undefined) {
      const message = `Script is not part of the bundle: ${tool.scriptPath}`;
      return [{ severity: 'error', code: 'bundle.script_left_out', message, file: tool.scriptPath }];
    }
    if (await isStartable(file.absolutePath)) return [];
    const message = `Script not executable and no shebang: ${basename(tool.scriptPath)}`;
    return [{ severity: 'error', code: 'bundle.script_not_startable', message, file: tool.scriptPath }];
  });
  return (await Promise.all(checked)).flat();
}

async function readConfigPart(
  root: string,
  folderName: string,
  agentNames: readonly string[] | undefined,
): Promise<{ readonly config: BundleConfig; readonly diagnostics: readonly Diagnostic[] }> {
  const path = await resolveInside(root, 'config.yaml').catch(() => null);
  const found = path === null ? null : await stat(path).catch(() => null);
  if (path === null || found === null) return { config: defaultBundleConfig(folderName), diagnostics: [] };
  if (found.isFile() && found.size <= SMALL_FILE_BYTES) {
    return readBundleConfig((await readHead(path, SMALL_FILE_BYTES)).toString('utf8'), folderName, agentNames);
  }
  const message = found.isFile() ? `The file is larger than ${SMALL_FILE_BYTES / 1024} KiB.` : 'It is no file.';
  const tooLarge: Diagnostic = { severity: 'error', code: 'config.invalid', message, file: 'config.yaml' };
  return { config: defaultBundleConfig(folderName), diagnostics: [tooLarge] };
}

interface ToolsPart {
  readonly tools: readonly ScriptTool[];
  readonly exists: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

async function readToolsPart(root: string, toolsDir: string): Promise<ToolsPart> {
  const folder = await resolveInside(root, toolsDir).catch(() => null);
  if (folder === null) {
    const message = `Link leaves the bundle: ${toolsDir}`;
    return {
      tools: [],
      exists: false,
      diagnostics: [{ severity: 'error', code: 'bundle.link_leaves', message, file: toolsDir }],
    };
  }
  const exists = (await stat(folder).catch(() => null))?.isDirectory() ?? false;
  return { ...(await discoverScriptTools(root, { toolsDir })), exists };
}

function sortedMap(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function outlineFolder(root: string, options: ReadBundleOptions): Promise<Outlined> {
  const folderName = options.folderName ?? basename(root);
  const agentNames = options.agentNames?.();
  const configPart = await readConfigPart(root, folderName, agentNames);
  const { config } = configPart;
  const found = await findBundleFiles(root);
  const candidate = await findWorkflowFile(root);
  const name = candidate === null ? null : relative(root, candidate).normalize('NFC');
  const workflowFile = found.files.find((file) => file.path === name)?.absolutePath ?? null;
  const file = options.displayFile ?? name ?? 'workflow.md';
  const part = await readWorkflowPart(workflowFile, {
    ...{ file, fallbackId: folderName, agentNames },
    options,
  });
  const toolsPart = await readToolsPart(root, config.toolsDir);
  const diagnostics = [
    ...configPart.diagnostics,
    ...toolsPart.diagnostics,
    ...found.diagnostics,
    ...(await checkScripts(toolsPart.tools, found.files)),
    ...part.diagnostics,
    ...checkTools(part, file, catalogFor(options, toolsPart.tools, config.inheritGlobalTools)),
  ];
  const { text, reading } = part;
  const { tools, exists: toolsDirExists } = toolsPart;
  const outline = {
    path: root,
    kind: 'bundle',
    workflowFile,
    text,
    reading,
    config,
    tools,
    toolsDirExists,
    diagnostics,
  } as const;
  return { outline, sources: found.files, bytes: part.bytes };
}

async function outlineFile(path: string, options: ReadBundleOptions): Promise<Outlined> {
  const file = options.displayFile ?? basename(path);
  const stem = parse(path).name;
  const part = await readWorkflowPart(path, {
    ...{ file, fallbackId: stem, agentNames: options.agentNames?.() },
    options,
  });
  const outline: BundleOutline = {
    path,
    kind: 'file',
    workflowFile: path,
    text: part.text,
    reading: part.reading,
    config: defaultBundleConfig(stem),
    tools: [],
    toolsDirExists: false,
    diagnostics: [...part.diagnostics, ...checkTools(part, file, catalogFor(options, [], true))],
  };
  return { outline, sources: [{ path: 'workflow.md', absolutePath: path }], bytes: part.bytes };
}

interface Outlined {
  readonly outline: BundleOutline;
  readonly sources: readonly FoundFile[];
  readonly bytes: Buffer;
}

async function readOutlined(path: string, options: ReadBundleOptions): Promise<Outlined> {
  await refuseSystemFolder(path);
  const isMarkdown = path.toLowerCase().endsWith('.md');
  const real = await realpath(path).catch(() => null);
  const found = real === null ? null : await stat(real).catch(() => null);
  if (real === null || found === null) {
    if (isMarkdown) throw new AppError('workflow.not_found', `Workflow file not found: ${path}`);
    throw new AppError('bundle.not_found', `Bundle directory not found: ${path}`);
  }
  if (found.isDirectory()) return outlineFolder(real, options);
  if (found.isFile() && isMarkdown) return outlineFile(real, options);
  throw new AppError('bundle.invalid', `Bundle path must be a directory: ${path}`);
}

/** As `readBundle`, without hashing and environment: what lists need, cheap for bundles with big files. */
export async function readBundleOutline(path: string, options: ReadBundleOptions = {}): Promise<BundleOutline> {
  return (await readOutlined(path, options)).outline;
}

/**
 * Reads a bundle folder, or a lone workflow `.md` file, as data (SPEC §6.1-6.5). Content never throws, it becomes
 * diagnostics; starts no process, sends nothing (DESIGN decision 13). Errors: `bundle.not_found`, `bundle.invalid`
 * (neither a folder nor `.md`), `workflow.not_found`, `bundle.too_large`, `bundle.changed` (edited meanwhile), `file.outside` (`/proc`, `/dev`), `file.io`.
 */
export async function readBundle(path: string, options: ReadBundleOptions = {}): Promise<BundleReading> {
  const { outline, sources, bytes } = await readOutlined(path, options);
  const hashed = await hashFiles(sources);
  const { workflowFile } = outline;
  if (workflowFile !== null && !bytes.equals(await readHead(workflowFile, WORKFLOW_FILE_BYTES))) {
    throw new AppError('bundle.changed', `The file changed while it was read: ${workflowFile}`, { hint: 'Try again.' });
  }
  const isFolder = outline.kind === 'bundle';
  const bundleEnv = isFolder ? await readEnvFile(join(options.envFolder ?? outline.path, '.env')) : {};
  const env = sortedMap(resolveBundleEnv(outline.config.env, bundleEnv, options.hostEnv ?? {}));
  const diagnostics = [...outline.diagnostics, ...(await checkLock(outline, sources, options.madeOf))];
  return { ...outline, ...hashed, diagnostics, sources, env };
}
