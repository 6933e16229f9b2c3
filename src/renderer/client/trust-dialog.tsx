import { Lock, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrustSheet } from '../../shared/contract/index.ts';
import { type ErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatBytes } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { ErrorNote } from '../ui/notes.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { showToast } from '../ui/toasts.tsx';
import { ConsentBar, TrustView } from '../ui/trust/trust-view.tsx';
import { useConsent } from '../ui/trust/use-consent.ts';
import { AskInstead } from './ask-approval.tsx';
import { call } from './bridge.ts';
import { useOwnQuery } from './use-query.ts';

/** Whether it may run, as a word with its sign. */
export function TrustMark({ state }: { readonly state: TrustSheet['state'] }) {
  const { t } = useTranslation('trust');
  const isFine = state === 'trusted' || state === 'own';
  return (
    <span className={`status pill ${isFine ? 'st-success' : 'st-skipped'}`}>
      <Icon of={isFine ? ShieldCheck : Lock} />
      {t(`state.${state}`)}
    </span>
  );
}

interface TrustDialogProps {
  readonly workflow: string;
  readonly onClose: () => void;
}

/** What a workflow of the library could do, and the consent to exactly that. */
export function TrustDialog({ workflow, onClose }: TrustDialogProps) {
  const { t } = useTranslation('trust');
  const { data, refresh } = useOwnQuery({ ask: (ref: string) => call('trust.show', { ref }) }, workflow);
  const sheet = data.value;
  const consent = useConsent(sheet);
  const [isBusy, setIsBusy] = useState(false);
  const [refused, setRefused] = useState<ErrorRecord | null>(null);
  const isAsked = sheet?.state === 'untrusted' || sheet?.state === 'changed';
  const decide = async (shown: TrustSheet, isTrusting: boolean): Promise<void> => {
    setIsBusy(true);
    setRefused(null);
    try {
      const { contentHash, name } = shown;
      if (isTrusting) await call('trust.give', { ref: workflow, contentHash, read: [...consent.read] });
      else await call('trust.withdraw', { ref: workflow });
      onClose();
      showToast(t(isTrusting ? 'done' : 'withdrawn', { name }));
    } catch (thrown) {
      setRefused(toErrorRecord(thrown));
      setIsBusy(false);
      // What was changed meanwhile is shown as it is now, to be read anew.
      consent.onGive(false);
      refresh();
    }
  };
  const footer = (
    <>
      <Button variant="ghost" onClick={onClose}>
        {t('everywhere:close')}
      </Button>
      <span className="grow" />
      {sheet?.state === 'trusted' ? (
        <Button needs="trust.withdraw" reason={isBusy ? t('busy') : null} onClick={() => void decide(sheet, false)}>
          {t('withdraw')}
        </Button>
      ) : null}
      {sheet === null || !isAsked ? null : (
        <AskInstead
          of="trust.give"
          asked={() => ({ kind: 'bundle_trust', ref: workflow, contentHash: sheet.contentHash })}
        />
      )}
      {sheet === null || !isAsked ? null : (
        <Button
          variant="primary"
          icon={ShieldCheck}
          needs="trust.give"
          reason={isBusy ? t('busy') : consent.whyNot}
          onClick={() => void decide(sheet, true)}
        >
          {t('act')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={sheet === null ? workflow : `${sheet.name} ${sheet.version}`.trim()}
      mark={sheet === null ? null : <TrustMark state={sheet.state} />}
      footer={footer}
      width="75rem"
      isSheet
      bar={sheet === null || !isAsked ? null : <ConsentBar sheet={sheet} consent={consent} />}
    >
      {refused === null ? null : <ErrorNote error={refused} />}
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {sheet === null && data.status !== 'error' ? <SkeletonRows rows={10} /> : null}
      {sheet === null ? null : (
        <TrustView
          key={sheet.contentHash}
          sheet={sheet}
          {...(isAsked && { consent })}
          head={
            <p className="sm muted">
              {t(sheet.of === 'project' ? 'folderFacts' : 'facts', {
                count: sheet.files,
                size: formatBytes(sheet.sizeBytes),
              })}
            </p>
          }
        />
      )}
    </Dialog>
  );
}
