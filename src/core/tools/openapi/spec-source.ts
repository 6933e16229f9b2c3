import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { isInside, toFileError, writeFileAtomic } from '../../files/index.ts';
import { type HttpClient, serviceSentence } from '../../http/index.ts';
import { definitionInvalid } from './definition-error.ts';
import { loadSpecFile, specOfText } from './load-spec.ts';
import { type OpenSpec, openSpec } from './open-spec.ts';
import { SPEC_LIMITS } from './spec-limits.ts';

export interface SpecSettings {
  readonly tool: string;
  readonly specFile: string | null;
  readonly specUrl: string | null;
  readonly baseUrl: string | null;
  readonly cacheDir: string;
  readonly projectDir: string | null;
  readonly allowedHosts: readonly string[];
  readonly timeoutMs: number;
  readonly http: HttpClient;
}

/** Where the spec of a tool comes from (SPEC §5.4). */
export interface SpecSource {
  /** What was read last, without reading. */
  current(): OpenSpec | null;
  /** Reads local files only, again when they changed. `tool.not_configured` for a `spec_url` that was never fetched. */
  load(): Promise<OpenSpec>;
  /** The explicit refresh: fetches a `spec_url`. */
  refresh(signal: AbortSignal): Promise<OpenSpec>;
}

interface Kept {
  readonly spec: OpenSpec;
  /** Times and sizes of its files; empty for a fetched one. */
  readonly stamp: string;
}

/** Reads the specification of a tool and keeps it while its files stay as they are. */
export function createSpecSource(settings: SpecSettings): SpecSource {
  let kept: Kept | null = null;
  let reading: Promise<Kept> | null = null;
  const read = async (): Promise<OpenSpec> => {
    if (kept !== null && (await stampOf(kept.spec, settings)) === kept.stamp) return kept.spec;
    // Calls that come at the same time read it once.
    reading ??= readKept(settings).finally(() => {
      reading = null;
    });
    kept = await reading;
    return kept.spec;
  };
  return {
    current: () => kept?.spec ?? null,
    load: read,
    refresh: async (signal) => {
      if (settings.specFile !== null || settings.specUrl === null) return read();
      kept = await fetchSpec(settings, settings.specUrl, signal);
      return kept.spec;
    },
  };
}

async function readKept(settings: SpecSettings): Promise<Kept> {
  const { specFile, specUrl, tool, cacheDir } = settings;
  if (specFile !== null) {
    const spec = openSpec(await loadSpecFile(specFile, settings.projectDir ?? dirname(specFile)), settings);
    return { spec, stamp: await stampOf(spec, settings) };
  }
  if (specUrl === null) {
    throw new AppError('tool.not_configured', `The tool '${tool}' names no spec.`, {
      hint: "Write 'spec_path' or 'spec_url' in the registry.",
    });
  }
  const cached = await readCachedSpec(cacheDir, specUrl);
  if (cached !== null) return { spec: openSpec(await specOfText(cached.text, specUrl), settings), stamp: '' };
  throw new AppError('tool.not_configured', `The spec of '${tool}' was not fetched yet.`, {
    hint: `'aiworkflow tools show ${tool}' fetches it.`,
  });
}

async function fetchSpec(settings: SpecSettings, url: string, signal: AbortSignal): Promise<Kept> {
  const { http, allowedHosts, timeoutMs, cacheDir, tool } = settings;
  const headers = { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' };
  const answer = await http.request({
    ...{ method: 'GET', url, headers, signal, timeoutMs, allowedHosts },
    maxBytes: SPEC_LIMITS.bytes,
  });
  const text = await answer.text();
  if (answer.status !== 200) {
    const said = serviceSentence(text);
    const message = `The spec of '${tool}' was answered with HTTP ${answer.status}`;
    throw new AppError('tool.http_error', said === '' ? `${message}.` : `${message}: ${said}`, {
      hint: "Check 'spec_url' of the tool.",
      details: { status: answer.status },
      retryable: answer.status === 429 || answer.status >= 500,
    });
  }
  // Only a spec that can be used takes the place of the one before.
  const spec = openSpec(await specOfText(text, url), settings);
  await writeCachedSpec(cacheDir, url, text);
  return { spec, stamp: '' };
}

async function stampOf(spec: OpenSpec, { specFile, projectDir }: SpecSettings): Promise<string> {
  if (specFile === null) return '';
  const base = projectDir !== null && isInside(projectDir, specFile) ? projectDir : dirname(specFile);
  const files = [...spec.documents.documents.keys()].map((key) => join(base, key));
  const stamps = await Promise.all(
    files.map(async (file) => {
      const found = await stat(file).catch((thrown: unknown) => Promise.reject(toFileError(thrown, file)));
      return `${found.mtimeMs} ${found.size}`;
    }),
  );
  return stamps.join('\n');
}

/** `spec_path` must be absolute: a relative one would mean the folder of the process. */
export function checkSettings({ specFile, tool }: Pick<SpecSettings, 'specFile' | 'tool'>): void {
  if (specFile !== null && !isAbsolute(specFile)) throw definitionInvalid(`The spec of '${tool}' is no absolute path.`);
}

/** A spec as it was fetched. */
interface FetchedSpec {
  readonly url: string;
  /** SHA-256 of `text`. */
  readonly hash: string;
  readonly text: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
/** One file for each address, whatever characters are in it. */
const fileFor = (folder: string, url: string): string => join(folder, `openapi-${sha256(url).slice(0, 32)}.json`);

/** The spec that was fetched last from this address; null = none, or the file was changed since. */
async function readCachedSpec(folder: string, url: string): Promise<FetchedSpec | null> {
  const written = await readFile(fileFor(folder, url), 'utf8').catch(() => null);
  if (written === null) return null;
  try {
    const { url: from, hash, text } = JSON.parse(written) as Partial<FetchedSpec>;
    return from === url && typeof text === 'string' && hash === sha256(text) ? { url, hash, text } : null;
  } catch {
    return null;
  }
}

/** Keeps it for later calls, pinned by its hash. Errors: `file.io`, `file.disk_full`. */
async function writeCachedSpec(folder: string, url: string, text: string): Promise<void> {
  await writeFileAtomic(fileFor(folder, url), JSON.stringify({ url, hash: sha256(text), text }), 0o600);
}
