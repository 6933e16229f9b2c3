import { AppError } from '../../../shared/errors.ts';
import { definitionInvalid } from './definition-error.ts';

export interface BaseSources {
  readonly tool: string;
  /** Written in the registry: wins. */
  readonly baseUrl: string | null;
  /** `servers[0].url` of the spec. */
  readonly server: string | null;
  /** Relative servers are meant from here. */
  readonly specUrl: string | null;
}

/** Where the paths of an operation begin, without a slash at the end. `tool.not_configured`, `tool.definition_invalid`. */
export function baseUrlOf({ tool, baseUrl, server, specUrl }: BaseSources): string {
  const written = baseUrl ?? server ?? (specUrl === null ? null : '/');
  const url = written === null || /[{}]/.test(written) ? null : URL.parse(written, specUrl ?? undefined);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) {
    // Kept as it was written where it is absolute: odd spellings of hosts are refused later, not mended here.
    const isAbsolute = /^https?:\/\//i.test(written ?? '');
    return (isAbsolute ? (written ?? '') : url.href).replace(/[?#].*$/s, '').replace(/\/+$/, '');
  }
  const hint = `Write 'base_url' for the tool '${tool}', for example https://api.example.com/v1.`;
  if (url !== null) throw definitionInvalid(`The server of '${tool}' is neither http nor https.`, hint);
  throw new AppError('tool.not_configured', `The spec of '${tool}' does not say where its server is.`, { hint });
}

/** `host:port` of an address that a person wrote, for the list of allowed hosts; null = it is none. */
export function hostOf(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.host === '') return null;
  return `${parsed.hostname}:${parsed.port === '' ? (parsed.protocol === 'https:' ? '443' : '80') : parsed.port}`;
}
