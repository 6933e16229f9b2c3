import i18next from 'i18next';
import { ShieldCheck } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ImportSheet } from '../../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../../shared/errors.ts';
import type { ConvertedDraft } from '../../../shared/model/conversion.ts';
import { call } from '../../client/bridge.ts';
import { endImport, type ImportRequest } from '../../client/shell-requests.ts';
import { TrustMark } from '../../client/trust-dialog.tsx';
import type { UploadProgress } from '../../client/upload-files.ts';
import { undoImport } from '../../client/workflow-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { useWhyNot } from '../../ui/rights.ts';
import { showToast } from '../../ui/toasts.tsx';
import { ConsentBar } from '../../ui/trust/trust-view.tsx';
import { useConsent } from '../../ui/trust/use-consent.ts';
import { DraftsDialog } from './drafts-dialog.tsx';
import { type ConflictChoice, ImportSheetBody } from './import-sheet.tsx';
import { uploadAndInspect } from './upload.ts';
import { type DroppedKind, whatWasDropped } from './what-was-dropped.ts';

type Stage =
  | { readonly is: 'unfit'; readonly kind: DroppedKind }
  | { readonly is: 'uploading'; readonly progress: UploadProgress | null }
  | { readonly is: 'sheet'; readonly sheet: ImportSheet }
  | { readonly is: 'drafts'; readonly drafts: readonly ConvertedDraft[] }
  | { readonly is: 'error'; readonly error: ErrorRecord };

/** Uploads and inspects once a request; closing in between leaves nothing behind. */
function useSheet(request: ImportRequest): Stage {
  const [stage, setStage] = useState<Stage>({ is: 'uploading', progress: null });
  useEffect(() => {
    const kind = request.uploadId === undefined ? whatWasDropped(request.files) : null;
    if (kind !== null) {
      setStage({ is: 'unfit', kind });
      return;
    }
    let isStopped = false;
    uploadAndInspect(
      request,
      (progress) => (isStopped ? undefined : setStage({ is: 'uploading', progress })),
      () => isStopped,
    )
      .then((found) => {
        if (isStopped || found === null) return;
        setStage(found.is === 'unknown' ? { is: 'unfit', kind: 'unknown' } : found);
      })
      .catch((thrown: unknown) => (isStopped ? undefined : setStage({ is: 'error', error: toErrorRecord(thrown) })));
    return () => {
      isStopped = true;
    };
  }, [request]);
  return stage;
}

/** Something else than a workflow was dropped: what it is, and what could be dropped. */
function Unfit({ name, kind }: { readonly name: string; readonly kind: DroppedKind }) {
  const { t } = useTranslation('import');
  return (
    <>
      <p className="strong">{t(`unfit.${kind}`, { name })}</p>
      <p className="mt-2">{t('unfit.instead')}</p>
      <ul className="mt-1 list-disc pl-5">
        <li>{t('unfit.folder')}</li>
        <li>{t('unfit.archive')}</li>
        <li>{t('unfit.file')}</li>
        <li>{t('unfit.foreign')}</li>
      </ul>
      <p className="muted mt-2">{t('unfit.asInput')}</p>
    </>
  );
}

function Uploading({ name, progress }: { readonly name: string; readonly progress: UploadProgress | null }) {
  const { t } = useTranslation('import');
  const isDone = progress !== null && progress.doneBytes >= progress.totalBytes;
  const part = progress === null || progress.totalBytes === 0 ? 0 : progress.doneBytes / progress.totalBytes;
  const words =
    progress === null
      ? t('reading', { name })
      : isDone
        ? t('inspecting', { name })
        : t('uploading', { name, done: formatBytes(progress.doneBytes), total: formatBytes(progress.totalBytes) });
  return (
    <div className="grid gap-2" role="status">
      <p>{words}</p>
      <div
        className="progress"
        role="progressbar"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
      >
        <i style={{ width: `${part * 100}%` }} />
      </div>
    </div>
  );
}

/** Why the button does nothing yet, as a sentence; null when it works. */
function refusalOf(sheet: ImportSheet, choice: ConflictChoice | null): 'sheet.blocked' | 'sheet.chooseFirst' | null {
  if (sheet.diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return 'sheet.blocked';
  if (sheet.conflict !== null && choice === null) return 'sheet.chooseFirst';
  return null;
}

const discard = (sheet: ImportSheet): void => {
  call('bundles.discard', { uploadId: sheet.uploadId }).catch(() => undefined);
};

function titleOf(stage: Stage, request: ImportRequest): string {
  if (stage.is === 'unfit') return i18next.t('import:unfit.title');
  const name = stage.is === 'sheet' ? (stage.sheet.info.workflow.name ?? stage.sheet.suggestedName) : request.name;
  return i18next.t('import:sheet.title', { name });
}

/** From the first byte to "it is there": progress, the sheet to read, the consent. */
export function ImportDialog({ request }: { readonly request: ImportRequest }) {
  const { t } = useTranslation('import');
  const navigate = useNavigate();
  const stage = useSheet(request);
  const [choice, setChoice] = useState<ConflictChoice | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<ErrorRecord | null>(null);
  const close = (): void => {
    if (stage.is === 'sheet') discard(stage.sheet);
    endImport();
  };
  const left = useEffectEvent(close);
  // Back and Forward leave the page, and with it what was asked there. One listener as long as it is open: the router draws anew in the very
  // event, and a listener that comes with that is not called any more.
  useEffect(() => {
    const leave = (): void => left();
    window.addEventListener('popstate', leave);
    return () => window.removeEventListener('popstate', leave);
  }, []);
  const whyNoUndo = useWhyNot('bundles.undoImport');
  const consent = useConsent(stage.is === 'sheet' ? stage.sheet.trust : null);
  const bring = async (sheet: ImportSheet, isTrusted: boolean): Promise<void> => {
    setIsBusy(true);
    setRefused(null);
    try {
      const input = { uploadId: sheet.uploadId, contentHash: sheet.contentHash, name: sheet.suggestedName };
      const done = await call('bundles.import', {
        ...input,
        onConflict: choice ?? 'refuse',
        ...(isTrusted ? { consent: { read: [...consent.read] } } : {}),
      });
      endImport();
      const open = { label: t('sheet.open'), onPress: () => void navigate(workflowLink(done.ref)) };
      const name = sheet.info.workflow.name ?? done.name;
      const undo = { label: t('everywhere:undo'), onPress: () => void undoImport(done.ref, name) };
      showToast(t('sheet.done', { name }), whyNoUndo === null ? [undo, open] : open);
    } catch (thrown) {
      setRefused(toErrorRecord(thrown));
      setIsBusy(false);
    }
  };
  const why = stage.is === 'sheet' ? refusalOf(stage.sheet, choice) : null;
  const reason = isBusy ? t('sheet.actBusy') : why === null ? null : t(why);
  const footer = (
    <>
      <Button onClick={close}>
        {stage.is === 'error' || stage.is === 'unfit' ? t('everywhere:close') : t('sheet.cancel')}
      </Button>
      {stage.is === 'sheet' ? (
        <>
          <span className="grow" />
          <Button needs="bundles.import" reason={reason} onClick={() => void bring(stage.sheet, false)}>
            {t('sheet.actOnly')}
          </Button>
          <Button
            variant="primary"
            icon={ShieldCheck}
            needs={['bundles.import', 'trust.give']}
            reason={reason ?? consent.whyNot}
            onClick={() => void bring(stage.sheet, true)}
          >
            {t('sheet.act')}
          </Button>
        </>
      ) : null}
    </>
  );
  if (stage.is === 'drafts') return <DraftsDialog drafts={stage.drafts} name={request.name} />;
  const isSheet = stage.is === 'sheet';
  return (
    <Dialog
      isOpen
      onClose={close}
      title={titleOf(stage, request)}
      footer={footer}
      width={isSheet ? '75rem' : '28rem'}
      isSheet={isSheet}
      mark={isSheet ? <TrustMark state={stage.sheet.trust.state} /> : null}
      bar={isSheet ? <ConsentBar sheet={stage.sheet.trust} consent={consent} /> : null}
    >
      {stage.is === 'uploading' ? <Uploading name={request.name} progress={stage.progress} /> : null}
      {stage.is === 'error' ? <ErrorNote error={stage.error} /> : null}
      {stage.is === 'unfit' ? (
        <Unfit
          name={(request.files.length === 1 ? request.files[0]?.path : undefined) ?? request.name}
          kind={stage.kind}
        />
      ) : null}
      {refused === null ? null : <ErrorNote error={refused} className="mb-3" />}
      {stage.is === 'sheet' ? (
        <ImportSheetBody sheet={stage.sheet} consent={consent} choice={choice} onChoose={setChoice} />
      ) : null}
    </Dialog>
  );
}
