import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/** One file of the built client as it is served. */
export interface ClientFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly cacheControl: string;
}

/** The built client: a closed list of files, so no path of a request ever reaches the file system. */
export interface ClientFiles {
  /** `urlPath` is the path of the request, still percent-encoded. Null when there is no such file and no page answers for it. */
  read(urlPath: string): Promise<ClientFile | null>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
/** Vite puts a hash of the content into the name of everything in this folder. */
const HASHED_FOLDER = '/assets/';

/** Lists the built client in `clientDir`. Throws `file.not_found` when it has not been built. */
export function openClientFiles(clientDir: string): ClientFiles {
  const paths = listFiles(clientDir);
  if (!paths.has('/index.html')) {
    throw new AppError('file.not_found', 'The screens of the app have not been built.', {
      hint: "Run 'npm run build'.",
    });
  }
  return {
    read: async (urlPath) => {
      const decoded = decodePath(urlPath);
      if (decoded === null) return null;
      const known = paths.has(decoded) ? decoded : pageFor(decoded);
      const path = known === null ? undefined : paths.get(known);
      if (path === undefined || known === null) return null;
      return {
        body: new Uint8Array(await readFile(path)),
        contentType: CONTENT_TYPES[extname(known)] ?? 'application/octet-stream',
        cacheControl: known.startsWith(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache',
      };
    },
  };
}

/** URL path -> file. Symbolic links are left out: the build makes none. */
function listFiles(clientDir: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  try {
    for (const item of readdirSync(clientDir, { recursive: true, withFileTypes: true })) {
      if (!item.isFile()) continue;
      const path = join(item.parentPath, item.name);
      paths.set(`/${relative(clientDir, path).split(sep).join('/')}`, path);
    }
  } catch {
    return new Map();
  }
  return paths;
}

/** Every screen is drawn by the one page; a path whose last part looks like a file is not a screen. */
function pageFor(path: string): string | null {
  if (path.startsWith('/api/') || path.includes('\\') || path.includes('\0')) return null;
  return extname(path) === '' && !path.split('/').includes('..') ? '/index.html' : null;
}

function decodePath(urlPath: string): string | null {
  try {
    return decodeURIComponent(urlPath.split(/[?#]/, 1)[0] ?? '');
  } catch {
    return null;
  }
}
