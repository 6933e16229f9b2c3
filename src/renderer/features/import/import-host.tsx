import { type ChangeEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { requestImport, useFilePick, useImportRequest } from '../../client/shell-requests.ts';
import { showToast } from '../../ui/toasts.tsx';
import { DropZone } from './drop-zone.tsx';
import { incomingOfPicked } from './entry-walking.ts';
import { ImportDialog } from './import-dialog.tsx';

/** React's types do not know the attribute that every browser has. */
const WHOLE_FOLDER = { webkitdirectory: '' };

/** The hidden file pickers; buttons and commands anywhere ask for them. */
function FilePickers() {
  const { t } = useTranslation('import');
  const folder = useRef<HTMLInputElement>(null);
  const archive = useRef<HTMLInputElement>(null);
  const foreign = useRef<HTMLInputElement>(null);
  const { kind, count } = useFilePick();
  const seen = useRef(count);
  useEffect(() => {
    if (seen.current === count) return;
    seen.current = count;
    ({ folder, archive, foreign })[kind].current?.click();
  }, [kind, count]);
  const onPick = (event: ChangeEvent<HTMLInputElement>): void => {
    const picked = [...(event.target.files ?? [])];
    event.target.value = '';
    if (picked.length === 0) return;
    const { name, files } = incomingOfPicked(picked);
    if (files.length === 0) showToast(t('nothing'));
    else requestImport(name, files);
  };
  return (
    <div hidden>
      <input
        ref={folder}
        type="file"
        data-pick="folder"
        aria-label={t('pickFolder')}
        {...WHOLE_FOLDER}
        multiple
        onChange={onPick}
      />
      <input
        ref={archive}
        type="file"
        data-pick="archive"
        aria-label={t('pickArchive')}
        accept=".awb,.zip,.md"
        onChange={onPick}
      />
      <input ref={foreign} type="file" data-pick="foreign" aria-label={t('pickForeign')} multiple onChange={onPick} />
    </div>
  );
}

/** Everything an import needs that stands above the screens: drop overlay, pickers, sheet. */
export function ImportHost() {
  const request = useImportRequest((state) => state.request);
  return (
    <>
      <DropZone />
      <FilePickers />
      {request === null ? null : <ImportDialog key={request.id} request={request} />}
    </>
  );
}
