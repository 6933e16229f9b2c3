import { FolderOpen } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { uploadFiles } from '../../client/upload-files.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatMoment } from '../../ui/format.ts';
import { runLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Status } from '../../ui/status.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Opens a run of another control center from a file, and lists those that were opened. */
export function ForeignDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('runs');
  const navigate = useNavigate();
  const now = useNow(60_000);
  const input = useRef<HTMLInputElement>(null);
  const { isBusy, error, attempt } = useTried();
  const { data, refresh } = useOwnQuery({ ask: (_key: string) => call('runs.foreign', {}) }, 'foreign');
  const open = (file: File | undefined): void => {
    if (file === undefined) return;
    void attempt(async () => {
      const uploadId = await uploadFiles({ name: file.name, files: [{ path: file.name, file }] });
      const { runId } = await call('runs.openFile', { uploadId: uploadId ?? '' });
      await navigate(runLink(runId));
    });
  };
  const letGo = async (runId: string): Promise<void> => {
    await act(() => call('runs.closeFile', { runId }));
    refresh();
  };
  const runs = data.value?.runs ?? [];
  return (
    <Dialog
      isOpen
      onClose={onClose}
      width="34rem"
      title={t('foreign.title')}
      description={t('foreign.text')}
      footer={
        <Button
          variant="primary"
          icon={FolderOpen}
          needs="runs.openFile"
          reason={isBusy ? t('everywhere:busy') : null}
          onClick={() => input.current?.click()}
        >
          {t('foreign.choose')}
        </Button>
      }
    >
      <input
        ref={input}
        type="file"
        accept=".zip"
        hidden
        aria-label={t('foreign.choose')}
        onChange={(event) => {
          open(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {error === null ? null : <ErrorNote error={error} />}
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {runs.length === 0 ? null : (
        <ul aria-label={t('foreign.list')}>
          {runs.map(({ run, madeAt, madeBy }) => (
            <li key={run.runId} className="flex gap-3 border-b border-border py-2">
              <span className="grow">
                <Link className="plain block cut" to={runLink(run.runId)}>
                  {run.workflowName}
                </Link>
                <span className="muted sm block">
                  {t('foreign.made', { when: formatMoment(Date.parse(madeAt), now), who: madeBy })}
                </span>
              </span>
              <Status status={run.status} outcome={run.outcome} />
              <Button
                needs="runs.closeFile"
                aria-label={t('foreign.letGoNamed', { name: run.workflowName })}
                onClick={() => void letGo(run.runId)}
              >
                {t('foreign.letGo')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
