import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApprovalDetail, RequestedAct } from '../../../shared/contract/index.ts';
import { isJsonMap } from '../../../shared/json.ts';
import { LinkButton } from '../button.tsx';
import { labelOf } from '../form-values.ts';
import { workflowLink } from '../links.ts';
import { Note } from '../notes.tsx';
import { Said } from '../said.tsx';
import { TrustFindings } from '../trust/trust-findings.tsx';
import type { ReadDraft } from '../trust/use-consent.ts';
import { FieldTable } from './value-view.tsx';

interface ActViewProps {
  readonly detail: ApprovalDetail;
  readonly act: RequestedAct;
  /** Absent = whoever sees it does not decide. */
  readonly reading?: ReadDraft;
}

/** What a person has asked others to let happen, and why it could not be done where that is so. */
export function ActView({ detail, act: { kind, fields, findings, problem }, reading }: ActViewProps) {
  const { t } = useTranslation('approvals');
  // While it is to be decided about, what was found is listed below, to be read one by one.
  const { findings: _titles, ...others } = fields;
  const shown = findings.length > 0 ? others : fields;
  return (
    <>
      <p className="sm muted mb-2">
        {t(`act.does.${kind === 'bundle_trust' && 'folder' in fields ? 'folder_trust' : kind}`)}
      </p>
      {problem === null ? null : (
        <Note tone="failed" icon={TriangleAlert} className="mb-2">
          <Said text={problem} />
        </Note>
      )}
      <FieldTable
        fields={Object.fromEntries(Object.entries(shown).filter(([, value]) => !isJsonMap(value)))}
        label={detail.title}
      />
      {Object.entries(shown).map(([name, value]) =>
        isJsonMap(value) && Object.keys(value).length > 0 ? (
          <section key={name} className="mt-3" aria-label={labelOf(name)}>
            <h3>{labelOf(name)}</h3>
            <FieldTable fields={value} label={labelOf(name)} />
          </section>
        ) : null,
      )}
      {findings.length === 0 ? null : (
        <section className="mt-3" aria-label={t('act.findings')}>
          <TrustFindings
            findings={findings}
            read={reading?.read ?? new Set()}
            {...(reading && { onRead: reading.onRead })}
          />
        </section>
      )}
      {kind !== 'bundle_trust' || detail.status !== 'pending' || detail.workflowId === null ? null : (
        <p className="mt-2">
          <LinkButton to={workflowLink(detail.workflowId)}>{t('act.toSheet')}</LinkButton>
        </p>
      )}
    </>
  );
}
