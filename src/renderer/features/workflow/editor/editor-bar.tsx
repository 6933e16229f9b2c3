import { Columns2, CopyPlus, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkflowDetail } from '../../../../shared/contract/index.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { Button } from '../../../ui/button.tsx';
import { hintOf } from '../../../ui/error-hint.ts';
import { Note } from '../../../ui/notes.tsx';
import { TimeAgo } from '../../../ui/time.tsx';
import { worded } from '../../../ui/worded.ts';
import type { KeptState } from './draft-keeper.ts';
import { SaveAsDialog } from './save-as-dialog.tsx';
import type { EditedDraft } from './use-draft.ts';

/** Whether what is typed is on disk. */
function Kept({ state }: { readonly state: KeptState }) {
  const { t } = useTranslation('workflow');
  if (state.is === 'published') return <span className="muted">{t('editor.isPublished')}</span>;
  if (state.is === 'keeping') return <span className="muted">{t('editor.keeping')}</span>;
  if (state.is === 'kept')
    return (
      <span className="muted">
        {t('editor.kept')} · <TimeAgo at={state.at} />
      </span>
    );
  return (
    <span className="st-failed" role="alert">
      {t('editor.notKept', { message: worded(state.error.message) })} {hintOf(state.error)}
    </span>
  );
}

interface EditorBarProps {
  readonly detail: WorkflowDetail;
  readonly edited: EditedDraft;
  readonly diagnostics: readonly Diagnostic[];
  readonly compare: { readonly isOn: boolean; readonly toggle: () => void };
}

/** What is edited, whether it is kept, and what can be done with it. */
export function EditorBar({ detail, edited, diagnostics, compare }: EditorBarProps) {
  const { t } = useTranslation('workflow');
  const [isSavingAs, setIsSavingAs] = useState(false);
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const why = edited.isOvertaken
    ? t('editor.whyOvertaken')
    : errors > 0
      ? t('editor.whyErrors', { count: errors })
      : edited.isPublishing
        ? t('editor.publishing')
        : null;
  return (
    <div className="flex flex-none flex-wrap items-center gap-3 border-b border-border px-6 py-1.5 max-[1200px]:px-4">
      <span className="mono sm">{detail.sourcePath}</span>
      <span className="sm flex-auto whitespace-nowrap">
        <Kept state={edited.kept} />
      </span>
      <Button icon={CopyPlus} needs="workflows.saveAs" onClick={() => setIsSavingAs(true)}>
        {t('saveAs.open')}
      </Button>
      {isSavingAs ? (
        <SaveAsDialog
          workflow={detail.entry.ref}
          name={detail.entry.name}
          source={edited.text}
          onClose={() => setIsSavingAs(false)}
        />
      ) : null}
      {edited.isChanged ? (
        <>
          <Button icon={Columns2} aria-pressed={compare.isOn} onClick={compare.toggle}>
            {t('editor.compare')}
          </Button>
          <Button icon={Trash2} needs="drafts.discard" onClick={() => void edited.discard()}>
            {t('editor.discard')}
          </Button>
          <Button
            icon={Upload}
            variant="primary"
            needs="workflows.publish"
            reason={why}
            onClick={() => void edited.publish()}
          >
            {t('editor.publish')}
          </Button>
        </>
      ) : null}
    </div>
  );
}

interface OvertakenNoteProps {
  readonly edited: EditedDraft;
  readonly onCompare: () => void;
}

/** Somebody else published, or wrote the file: three ways to go on. */
export function OvertakenNote({ edited, onCompare }: OvertakenNoteProps) {
  const { t } = useTranslation('workflow');
  return (
    <Note tone="waiting" role="alert" className="m-4 flex-none">
      <div className="flex flex-wrap items-center gap-3">
        <span className="grow">{t('editor.overtaken')}</span>
        <Button onClick={onCompare}>{t('editor.showDifference')}</Button>
        <Button onClick={() => void edited.discard()}>{t('editor.takeTheirs')}</Button>
        <Button onClick={edited.keepMine}>{t('editor.keepMine')}</Button>
      </div>
    </Note>
  );
}
