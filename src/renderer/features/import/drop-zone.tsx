import { Package } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requestImport } from '../../client/shell-requests.ts';
import { Icon } from '../../ui/icon.tsx';
import { showError, showToast } from '../../ui/toasts.tsx';
import { type WalkedEntry, walkDropped } from './entry-walking.ts';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** The entries must be taken before the handler returns: after that the browser empties the list. */
function entriesOfDrop(event: DragEvent): readonly WalkedEntry[] {
  const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
  return items.flatMap((item) => (item.webkitGetAsEntry() as WalkedEntry | null) ?? []);
}

/** Listens on the whole window: files over it show the overlay, dropped ones become an import request. */
function useFileDrop(onNothing: () => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    let depth = 0;
    const change = (by: number): void => {
      depth = Math.max(0, depth + by);
      setIsOver(depth > 0);
    };
    const onEnter = (event: DragEvent): void => {
      if (hasFiles(event)) change(1);
    };
    const onLeave = (event: DragEvent): void => {
      if (hasFiles(event)) change(-1);
    };
    const onOver = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setIsOver(false);
      walkDropped(entriesOfDrop(event))
        .then(({ name, files }) => (files.length === 0 ? onNothing() : requestImport(name, files)))
        .catch(showError);
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, [onNothing]);
  return isOver;
}

/** What is seen while something is dragged over the window. */
export function DropZone() {
  const { t } = useTranslation('import');
  const [onNothing] = useState(() => () => showToast(t('nothing')));
  if (!useFileDrop(onNothing)) return null;
  return (
    <div className="dropping" role="status">
      <div className="dz">
        <div>
          <Icon of={Package} />
          <p>
            <b>{t('dropAny')}</b>
            <br />
            <span className="sm muted">{t('dropText')}</span>
          </p>
        </div>
      </div>
    </div>
  );
}
