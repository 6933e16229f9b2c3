import { useTranslation } from 'react-i18next';
import type { QueueView } from '../../../shared/contract/index.ts';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { queueList } from './workers-store.ts';

/** What is to be known of the servers that keep queues: which cannot be asked, and what the others can lose. */
export function ServerNotes({ queues }: { readonly queues: readonly QueueView[] }) {
  const { t } = useTranslation('workers');
  return (
    <>
      {queues.map(({ type, name, fault, place, loss }) => {
        const key = `${type} ${name}`;
        if (fault !== null)
          return <ErrorNote key={key} className="mx-6 my-2" error={fault} onRetry={() => void queueList.refresh()} />;
        if (place === null || loss === 'none') return null;
        return (
          <Note key={key} tone="waiting" className="mx-6 my-2">
            <span className="strong">{t('loss.title', { name })}</span>
            <p className="sm">{t(`loss.${loss}`)}</p>
          </Note>
        );
      })}
    </>
  );
}
