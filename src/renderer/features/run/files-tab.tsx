import { Download, ExternalLink, FileText, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFile } from '../../../shared/contract/index.ts';
import { act } from '../../client/act.ts';
import { call, getHost } from '../../client/bridge.ts';
import { saveFile } from '../../client/save-file.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from '../../ui/format.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { OptionList } from '../../ui/option-list.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { FilePreview } from './file-preview.tsx';
import './files-tab.css';
import { readWholeFile } from './read-file.ts';

interface FilesTabProps {
  readonly runId: string;
  /** Changes when files may have changed. */
  readonly stamp: string;
}

/** What the run wrote: a list at the left, what is in the chosen file at the right. */
export function FilesTab({ runId, stamp }: FilesTabProps) {
  const { t } = useTranslation('run');
  const { data: list, refresh } = useOwnQuery({ ask: (id: string) => call('runs.files', { runId: id }) }, runId, stamp);
  const [chosen, setChosen] = useState<string | null>(null);
  const files = list.value?.files ?? null;
  if (files === null)
    return list.status === 'error' ? (
      <ErrorNote error={list.error} className="m-4" onRetry={refresh} />
    ) : (
      <SkeletonRows rows={4} />
    );
  if (files.length === 0) {
    return (
      <div className="tab-body">
        <EmptyState icon={FileText} title={t('files.empty')} text={t('files.emptyText')} />
      </div>
    );
  }
  const file = files.find((each) => each.path === chosen) ?? files[0];
  return (
    <div className="files">
      <FileList files={files} chosen={file?.path ?? ''} onChoose={setChosen} />
      {file === undefined ? null : (
        <div className="file">
          <FileBar runId={runId} file={file} />
          <FilePreview key={`${file.path}-${file.modifiedAt}`} runId={runId} file={file} />
        </div>
      )}
    </div>
  );
}

interface FileListProps {
  readonly files: readonly RunFile[];
  readonly chosen: string;
  readonly onChoose: (path: string) => void;
}

function FileList({ files, chosen, onChoose }: FileListProps) {
  const { t } = useTranslation('run');
  return (
    <OptionList
      className="option-list file-list"
      label={t('files.name')}
      options={files}
      keyOf={(file) => file.path}
      chosen={chosen}
      rowHeight={44}
      onChoose={onChoose}
    >
      {(file) => (
        <>
          <span className="cut strong" title={file.path}>
            {file.path}
          </span>
          <span className="sm muted nowrap">
            {formatBytes(file.sizeBytes)} · <TimeAgo at={file.modifiedAt} />
          </span>
        </>
      )}
    </OptionList>
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function FileBar({ runId, file }: { readonly runId: string; readonly file: RunFile }) {
  const { t } = useTranslation('run');
  const [percent, setPercent] = useState<number | null>(null);
  const host = getHost();
  const save = async (): Promise<void> => {
    setPercent(0);
    await act(async () => {
      const parts = await readWholeFile(runId, file.path, (part) => setPercent(Math.round(part * 100)));
      saveFile(nameOf(file.path), new Blob([...parts], { type: 'application/octet-stream' }));
    });
    setPercent(null);
  };
  return (
    <div className="file-bar">
      <h2 className="cut" title={file.path}>
        {file.path}
      </h2>
      <span className="grow" />
      {host === null ? null : (
        <>
          <Button variant="ghost" icon={ExternalLink} onClick={() => void act(() => host.openFile(runId, file.path))}>
            {t('files.open')}
          </Button>
          <Button variant="ghost" icon={FolderOpen} onClick={() => void act(() => host.revealFile(runId, file.path))}>
            {t('files.reveal')}
          </Button>
        </>
      )}
      {percent === null ? (
        <Button variant="ghost" icon={Download} onClick={() => void save()}>
          {t('files.download')}
        </Button>
      ) : (
        <span className="muted sm" role="status">
          {t('files.loading', { percent })}
        </span>
      )}
    </div>
  );
}
