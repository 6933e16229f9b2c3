import { Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { ConversionNote, ConvertedDraft } from '../../../shared/model/conversion.ts';
import { call } from '../../client/bridge.ts';
import { endImport } from '../../client/shell-requests.ts';
import { undoImport } from '../../client/workflow-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { workflowLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { Said } from '../../ui/said.tsx';
import { showToast } from '../../ui/toasts.tsx';

const MARKS = {
  lost: { icon: TriangleAlert, tone: 'st-waiting' },
  changed: { icon: Info, tone: 'st-skipped' },
} as const;

function NoteRow({ severity, message, line }: ConversionNote) {
  const { t } = useTranslation('import');
  const kind = severity === 'warning' ? 'lost' : 'changed';
  return (
    <li className="flex gap-3 border-b border-border py-1.5">
      <span className={`status w-32 flex-none ${MARKS[kind].tone}`}>
        <Icon of={MARKS[kind].icon} />
        {t(`drafts.${kind}`)}
      </span>
      <span className="grow">
        <Said text={message} />
      </span>
      <span className="mono muted flex-none">{line === undefined ? '' : t('sheet.line', { line })}</span>
    </li>
  );
}

interface DraftProps {
  readonly draft: ConvertedDraft;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

function Draft({ draft, isChosen, onChoose }: DraftProps) {
  const { t } = useTranslation('import');
  const { title, file, format, steps, triggers, notes } = draft;
  return (
    <section className="mt-3" aria-label={title}>
      <Checkbox isChecked={isChosen} onChange={onChoose}>
        <b>{title}</b>
      </Checkbox>
      <p className="sm muted">
        {t('drafts.about', { count: steps, format: t(`drafts.format.${format}`), file })}
        {triggers.map(({ type, detail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two triggers may say the same, and none moves
          <span key={index}>
            {' · '}
            {t(`drafts.starts.${type === 'schedule' || type === 'file' || type === 'webhook' ? type : 'other'}`, {
              detail,
            })}
          </span>
        ))}
      </p>
      {notes.length === 0 ? (
        <p className="sm muted">{t('drafts.allMapped')}</p>
      ) : (
        <ul className="mt-1 border-t border-border">
          {notes.map((note) => (
            <NoteRow key={`${note.line ?? 0} ${note.message}`} {...note} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** What a file of another program became, with what did not map; whoever reads it chooses which of the drafts come into the library. */
export function DraftsDialog({ drafts, name }: { readonly drafts: readonly ConvertedDraft[]; readonly name: string }) {
  const { t } = useTranslation('import');
  const navigate = useNavigate();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<ErrorRecord | null>(null);
  const whyNoUndo = useWhyNot('bundles.undoImport');
  const chosen = drafts.filter(({ uploadId }) => !left.has(uploadId));
  const discard = (some: readonly ConvertedDraft[]): void => {
    for (const { uploadId } of some) call('bundles.discard', { uploadId }).catch(() => undefined);
  };
  const close = (): void => {
    discard(drafts);
    endImport();
  };
  const choose = (uploadId: string, isChosen: boolean): void =>
    setLeft(new Set(isChosen ? [...left].filter((one) => one !== uploadId) : [...left, uploadId]));
  const bring = async (): Promise<void> => {
    setIsBusy(true);
    setRefused(null);
    const refs: string[] = [];
    try {
      for (const { uploadId, contentHash, name: folder } of chosen) {
        const input = { uploadId, contentHash, name: folder, onConflict: 'keep_both' as const };
        refs.push((await call('bundles.import', input)).ref);
        // Where a later one is refused, those before it are in the library.
        setLeft((known) => new Set([...known, uploadId]));
      }
      discard(drafts.filter(({ uploadId }) => left.has(uploadId)));
      endImport();
      const [ref = '', ...others] = refs;
      const path = others.length === 0 ? workflowLink(ref) : '/workflows';
      const open = { label: t('sheet.open'), onPress: () => void navigate(path) };
      const title = chosen[0]?.title ?? ref;
      const undo = { label: t('everywhere:undo'), onPress: () => void undoImport(ref, title) };
      const said = t('drafts.done', { count: refs.length, title });
      showToast(said, whyNoUndo === null && others.length === 0 ? [undo, open] : open);
    } catch (thrown) {
      setRefused(toErrorRecord(thrown));
      setIsBusy(false);
    }
  };
  const reason = isBusy ? t('sheet.actBusy') : chosen.length === 0 ? t('drafts.chooseFirst') : null;
  const footer = (
    <>
      <Button onClick={close}>{t('sheet.cancel')}</Button>
      <span className="grow" />
      <Button variant="primary" needs="bundles.import" reason={reason} onClick={() => void bring()}>
        {t('drafts.act', { count: chosen.length })}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      onClose={close}
      title={t('drafts.title', { name })}
      description={t('drafts.text')}
      width="52rem"
      footer={footer}
    >
      {refused === null ? null : <ErrorNote error={refused} className="mb-3" />}
      {drafts.map((draft) => (
        <Draft
          key={draft.uploadId}
          draft={draft}
          isChosen={!left.has(draft.uploadId)}
          onChoose={(isChosen) => choose(draft.uploadId, isChosen)}
        />
      ))}
    </Dialog>
  );
}
