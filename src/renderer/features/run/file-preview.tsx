import { FileQuestionMark } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFile } from '../../../shared/contract/index.ts';
import type { Json } from '../../../shared/json.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { formatBytes } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { parseCsv } from './csv.ts';
import { endingOf, type FileKind, fileKindOf, framedPage, IMAGE_TYPES, looksBinary } from './file-kind.ts';
import { type FileBytes, readFileStart } from './read-file.ts';

/** As much of a text as is shown; a picture is read whole up to what one call gives. */
const TEXT_BYTES = 256_000;
const PAGE_BYTES = 1_000_000;
const IMAGE_BYTES = 4_000_000;
const BYTES: Readonly<Partial<Record<FileKind, number>>> = { page: PAGE_BYTES, image: IMAGE_BYTES };

interface FilePreviewProps {
  readonly runId: string;
  readonly file: RunFile;
}

/** The content of a file, made of our own elements: its bytes never become markup, style or script of this page. */
export function FilePreview({ runId, file }: FilePreviewProps) {
  const { t } = useTranslation('run');
  const kind = fileKindOf(file.path);
  const { data: content, refresh } = useOwnQuery<FileBytes, string>(
    { ask: (path) => readFileStart(runId, path, BYTES[fileKindOf(path)] ?? TEXT_BYTES) },
    file.path,
  );
  if (content.status === 'error') return <ErrorNote error={content.error} className="m-4" onRetry={refresh} />;
  if (content.value === null) return <SkeletonRows rows={4} />;
  const { bytes, sizeBytes } = content.value;
  const isCut = bytes.length < sizeBytes;
  const isHidden = kind === 'image' ? isCut : looksBinary(bytes);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a region without a heading of its own
    <div className="file-body" role="region" tabIndex={0} aria-label={t('files.content', { name: file.path })}>
      {isHidden ? (
        <EmptyState
          icon={FileQuestionMark}
          title={t('files.noPreview')}
          text={t('files.noPreviewText', { size: formatBytes(sizeBytes) })}
        />
      ) : (
        <Content kind={kind} path={file.path} bytes={bytes} isCut={isCut} />
      )}
      {isCut && !isHidden ? (
        <p className="sm muted mt-2">
          {t('files.cut', { shown: formatBytes(bytes.length), size: formatBytes(sizeBytes) })}
        </p>
      ) : null}
    </div>
  );
}

interface ContentProps {
  readonly kind: FileKind;
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isCut: boolean;
}

function Content({ kind, path, bytes, isCut }: ContentProps) {
  const { t } = useTranslation('run');
  if (kind === 'image') return <Picture path={path} bytes={bytes} />;
  const text = new TextDecoder().decode(bytes);
  if (text === '') return <p className="muted sm">{t('files.blank')}</p>;
  if (kind === 'markdown') return <Markdown text={text} />;
  if (kind === 'csv') return <CsvView text={text} />;
  if (kind === 'page')
    return <iframe className="page" sandbox="" srcDoc={framedPage(text)} title={t('files.page', { name: path })} />;
  const json = kind === 'json' && !isCut ? readJson(text) : undefined;
  return json === undefined ? <pre>{text}</pre> : <JsonView value={json} label={path} openLevels={3} />;
}

function readJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function Picture({ path, bytes }: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }) {
  const { t } = useTranslation('run');
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: IMAGE_TYPES[endingOf(path)] ?? 'image/png' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [path, bytes]);
  return url === null ? null : <img src={url} alt={t('files.picture', { name: path })} />;
}

function CsvView({ text }: { readonly text: string }) {
  const { t } = useTranslation('run');
  const table = parseCsv(text);
  return (
    <>
      <table className="inset">
        <thead>
          <tr>
            {table.head.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity
              <th key={at} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
            <tr key={at}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.isCut ? <p className="sm muted mt-2">{t('files.firstRows', { count: table.rows.length })}</p> : null}
    </>
  );
}
