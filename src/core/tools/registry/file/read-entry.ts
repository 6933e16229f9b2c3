import { AppError } from '../../../../shared/errors.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import type { Fields, YamlNode } from '../../../yaml/index.ts';
import { readLimits } from '../../needs/read-needs.ts';
import { manifestFields, type Report } from '../../script/manifest-entries.ts';
import { readImplementation } from './read-implementation.ts';
import {
  AUTHENTICATION_TYPES,
  type RateLimit,
  type RegistryAuthentication,
  type RegistryEntry,
  type RegistryImplementation,
} from './registry-entry.ts';

const CODE = 'tool.registry_invalid';
const NAME = /^[A-Za-z_][\w-]{0,99}$/;
/** The product's own. */
const TAKEN = ['agent', 'workflow'];
const VARIABLE = /^[A-Za-z_]\w*$/;

/** One item of `tools`; nothing when it has no usable name. What is wrong with it stands in `problems` and, as its error, in the entry. */
export function readRegistryEntry(
  node: YamlNode,
  problems: readonly Diagnostic[],
  report: Report,
): readonly RegistryEntry[] {
  if (node.kind !== 'map') {
    report('error', CODE, node, "A tool must be a map with a 'name'.", '{name: …, implementations: […]}');
    return [];
  }
  const before = problems.length;
  const name = readName(manifestFields(node, 'the tool', report), report);
  if (name === null) return [];
  const fields = manifestFields(node, `tool '${name}'`, report);
  fields.get('name');
  const entry = {
    name,
    description: fields.text('description') ?? '',
    category: fields.text('category') ?? '',
    implementations: readImplementations(fields, name, report),
    authentication: readAuthentication(fields.map('authentication'), name, report),
    rateLimit: readRateLimit(fields.map('rate_limits'), name, report),
    security: readSecurity(fields.section('security')),
    place: { file: node.source.file, ...node.source.place(node.at) },
  };
  fields.checkAsked();
  warnOfSandbox(entry, report);
  return [{ ...entry, error: errorOf(name, problems.slice(before)) }];
}

function readName(fields: Fields, report: Report): string | null {
  const name = fields.text('name') ?? '';
  if (NAME.test(name) && !TAKEN.includes(name)) return name;
  if (name === '') report('error', CODE, fields.node, "A tool needs a 'name'.");
  else if (TAKEN.includes(name)) report('error', CODE, fields.node, `The name '${name}' belongs to the app itself.`);
  else {
    const message = `'${name.slice(0, 100)}' cannot be the name of a tool.`;
    report('error', CODE, fields.node, message, 'Use letters, digits, _ and -, with a letter first.');
  }
  return null;
}

function readImplementations(fields: Fields, tool: string, report: Report): readonly RegistryImplementation[] {
  const items = fields.list('implementations') ?? [];
  if (items.length === 0 && (fields.get('implementations')?.node.kind ?? 'list') === 'list') {
    const message = `Tool '${tool}' has no implementation.`;
    report('error', CODE, fields.node, message, 'implementations: [{type: mcp, config_path: mcp/…yaml}]');
  }
  return items.flatMap((item) => readImplementation(item, tool, report));
}

function readAuthentication(fields: Fields | undefined, tool: string, report: Report): RegistryAuthentication | null {
  if (fields === undefined) return null;
  const authentication: RegistryAuthentication = {
    type: fields.word('type', AUTHENTICATION_TYPES) ?? 'none',
    tokenEnv: fields.text('token_env') ?? null,
    secret: fields.text('secret') ?? null,
    header: fields.text('header') ?? null,
    query: fields.text('query') ?? null,
    scopes: fields.texts('scopes') ?? [],
    provider: fields.text('provider') ?? null,
  };
  const { tokenEnv, secret } = authentication;
  if (tokenEnv !== null && !VARIABLE.test(tokenEnv)) {
    // It may be the token itself, written into the wrong place: it is not repeated.
    const message = `'token_env' of tool '${tool}' must be the name of a variable.`;
    report('error', CODE, fields.spot('token_env'), message, 'token_env: SERVICE_TOKEN');
  }
  if (authentication.type !== 'none' && tokenEnv === null && secret === null) {
    const message = `The authentication of tool '${tool}' names no 'token_env', so it has nothing to log in with.`;
    report('warning', CODE, fields.node, message, 'token_env: SERVICE_TOKEN');
  }
  return authentication;
}

function readRateLimit(fields: Fields | undefined, tool: string, report: Report): RateLimit | null {
  if (fields === undefined) return null;
  const requestsPerMinute = fields.number('requests_per_minute', { above: 0 });
  const burst = fields.integer('burst', { min: 1 });
  if (requestsPerMinute !== undefined) return { requestsPerMinute, burst: burst ?? 1 };
  if (burst !== undefined) {
    const message = `The rate limits of tool '${tool}' have a 'burst' but no 'requests_per_minute'.`;
    report('error', CODE, fields.node, message, 'requests_per_minute: 60');
  }
  return null;
}

const readSecurity = (fields: Fields): RegistryEntry['security'] => ({
  isSandboxed: fields.flag('sandboxed') ?? false,
  allowedPaths: fields.texts('allowed_paths') ?? [],
  allowedHosts: fields.texts('allowed_hosts') ?? [],
  limits: readLimits(fields.section('limits')),
});

/** OpenAPI tools ask only hosts that are allowed; a process in a sandbox has the network or has it not. */
function warnOfSandbox({ name, security, implementations, place }: Omit<RegistryEntry, 'error'>, report: Report): void {
  const types = [...new Set(implementations.map(({ type }) => type).filter((type) => type !== 'openapi'))];
  if (!security.isSandboxed || security.allowedHosts.length === 0 || types.length === 0) return;
  const message = `Tool '${name}' names allowed hosts, which open the whole network to a process in a sandbox (${types.join(', ')}).`;
  report('warning', CODE, place, message);
}

function errorOf(tool: string, problems: readonly Diagnostic[]): RegistryEntry['error'] {
  const first = problems.find((problem) => problem.severity === 'error');
  if (first === undefined) return null;
  const { file, line, message, fix } = first;
  const at = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
  const details = { tool, file, line };
  return new AppError('tool.registry_invalid', `${at}${message}`, { hint: fix, details }).toRecord();
}
