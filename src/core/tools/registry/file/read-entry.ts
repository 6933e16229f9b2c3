import { AppError } from '../../../../shared/errors.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { suggestName } from '../../../../shared/suggest-name.ts';
import type { LocatedMap, LocatedValue, Place, Report } from '../../script/located-yaml.ts';
import { ManifestFields } from '../../script/manifest-fields.ts';
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
  value: LocatedValue,
  problems: readonly Diagnostic[],
  report: Report,
): readonly RegistryEntry[] {
  if (value.kind !== 'map') {
    report('error', CODE, value.place, 'A tool must be a map with a `name`.', '{name: …, implementations: […]}');
    return [];
  }
  const before = problems.length;
  const fields = new ManifestFields(value, 'the tool', report);
  const name = readName(fields, value.place, report);
  if (name === null) return [];
  const entry = {
    name,
    description: fields.text('description') ?? '',
    category: fields.text('category') ?? '',
    implementations: readImplementations(fields, { name, place: value.place }, report),
    authentication: readAuthentication(fields.map('authentication'), name, report),
    rateLimit: readRateLimit(fields.map('rate_limits'), name, report),
    security: readSecurity(fields.map('security'), name, report),
    place: value.place,
  };
  fields.reportUnknown();
  warnOfSandbox(entry, report);
  return [{ ...entry, error: errorOf(name, problems.slice(before)) }];
}

function readName(fields: ManifestFields, place: Place, report: Report): string | null {
  const name = fields.text('name') ?? '';
  if (NAME.test(name) && !TAKEN.includes(name)) return name;
  if (name === '') report('error', CODE, place, 'A tool needs a `name`.');
  else if (TAKEN.includes(name)) report('error', CODE, place, `The name '${name}' belongs to the app itself.`);
  else {
    const message = `'${name.slice(0, 100)}' cannot be the name of a tool.`;
    report('error', CODE, place, message, 'Use letters, digits, _ and -, with a letter first.');
  }
  return null;
}

function readImplementations(
  fields: ManifestFields,
  tool: { readonly name: string; readonly place: Place },
  report: Report,
): readonly RegistryImplementation[] {
  const value = fields.find('implementations');
  if (value?.kind === 'list' && value.items.length > 0)
    return value.items.flatMap((item) => readImplementation(item, tool.name, report));
  if (value === undefined || value.kind === 'list') {
    const message = `Tool '${tool.name}' has no implementation.`;
    report('error', CODE, tool.place, message, 'implementations: [{type: mcp, config_path: mcp/…yaml}]');
  } else report('error', CODE, value.place, '`implementations` must be a list.');
  return [];
}

function readAuthentication(map: LocatedMap | undefined, tool: string, report: Report): RegistryAuthentication | null {
  if (map === undefined) return null;
  const fields = new ManifestFields(map, `the authentication of '${tool}'`, report);
  const written = fields.text('type') ?? 'none';
  const type = AUTHENTICATION_TYPES.find((one) => one === written);
  if (type === undefined) {
    const near = suggestName(written, AUTHENTICATION_TYPES);
    const message = `Unknown type of authentication '${written}'. Types: ${AUTHENTICATION_TYPES.join(', ')}.`;
    report('error', CODE, fields.find('type')?.place ?? map.place, message, near);
  }
  const authentication: RegistryAuthentication = {
    type: type ?? 'none',
    tokenEnv: fields.text('token_env') ?? null,
    secret: fields.text('secret') ?? null,
    header: fields.text('header') ?? null,
    query: fields.text('query') ?? null,
    scopes: fields.texts('scopes') ?? [],
    provider: fields.text('provider') ?? null,
  };
  fields.reportUnknown();
  const { tokenEnv, secret } = authentication;
  if (tokenEnv !== null && !VARIABLE.test(tokenEnv)) {
    // It may be the token itself, written into the wrong place: it is not repeated.
    const message = `\`token_env\` of tool '${tool}' must be the name of a variable.`;
    report('error', CODE, fields.find('token_env')?.place ?? map.place, message, 'token_env: SERVICE_TOKEN');
  }
  if (authentication.type !== 'none' && tokenEnv === null && secret === null) {
    const message = `The authentication of tool '${tool}' names no \`token_env\`, so it has nothing to log in with.`;
    report('warning', CODE, map.place, message, 'token_env: SERVICE_TOKEN');
  }
  return authentication;
}

function readRateLimit(map: LocatedMap | undefined, tool: string, report: Report): RateLimit | null {
  if (map === undefined) return null;
  const fields = new ManifestFields(map, `the rate limits of '${tool}'`, report);
  const read = (key: string, isWhole: boolean): number | null => {
    const value = fields.find(key);
    if (value === undefined) return null;
    const number = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : 0;
    if (number > 0 && (!isWhole || Number.isInteger(number))) return number;
    const expected = isWhole ? 'a whole number above 0' : 'a number above 0';
    report('error', CODE, value.place, `\`${key}\` of tool '${tool}' must be ${expected}.`);
    return null;
  };
  const requestsPerMinute = read('requests_per_minute', false);
  const burst = read('burst', true);
  fields.reportUnknown();
  if (requestsPerMinute !== null) return { requestsPerMinute, burst: burst ?? 1 };
  if (burst !== null) {
    const message = `The rate limits of tool '${tool}' have a \`burst\` but no \`requests_per_minute\`.`;
    report('error', CODE, map.place, message, 'requests_per_minute: 60');
  }
  return null;
}

function readSecurity(map: LocatedMap | undefined, tool: string, report: Report): RegistryEntry['security'] {
  if (map === undefined) return { isSandboxed: false, allowedPaths: [], allowedHosts: [] };
  const fields = new ManifestFields(map, `the security of '${tool}'`, report);
  const security = {
    isSandboxed: fields.flag('sandboxed'),
    allowedPaths: fields.texts('allowed_paths') ?? [],
    allowedHosts: fields.texts('allowed_hosts') ?? [],
  };
  fields.reportUnknown();
  return security;
}

/** What OpenAPI tools do is bounded by their spec and the hosts; whatever is a process has the rights of the user. */
function warnOfSandbox({ name, security, implementations, place }: Omit<RegistryEntry, 'error'>, report: Report): void {
  const types = [...new Set(implementations.map(({ type }) => type).filter((type) => type !== 'openapi'))];
  if (!security.isSandboxed || types.length === 0) return;
  const message = `Tool '${name}' asks for a sandbox, but a process (${types.join(', ')}) runs with the rights of your user.`;
  report('warning', CODE, place, `${message} Its environment is clean and its hosts and paths are checked.`);
}

function errorOf(tool: string, problems: readonly Diagnostic[]): RegistryEntry['error'] {
  const first = problems.find((problem) => problem.severity === 'error');
  if (first === undefined) return null;
  const { file, line, message, fix } = first;
  const at = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
  const details = { tool, file, line };
  return new AppError('tool.registry_invalid', `${at}${message}`, { hint: fix, details }).toRecord();
}
