import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../shared/model/trust.ts';
import { Checkbox } from '../checkbox.tsx';
import { Icon } from '../icon.tsx';
import { worded } from '../worded.ts';
import './trust.css';
import { toneOf } from './trust-table.tsx';

const SHOWN = 200;

interface TrustFindingsProps {
  readonly findings: readonly Finding[];
  readonly read: ReadonlySet<string>;
  /** Absent = there is nothing to consent to. */
  readonly onRead?: (id: string, isRead: boolean) => void;
}

/** What reading the files showed; each serious one is ticked by itself. */
export function TrustFindings({ findings, read, onRead }: TrustFindingsProps) {
  const { t } = useTranslation('trust');
  return (
    <>
      <h3>
        {t('findings')} <span className="muted font-normal">{findings.length}</span>
      </h3>
      <p className="sm muted">{t(findings.length === 0 ? 'noFindings' : 'findingsText')}</p>
      <ol className="findings">
        {findings.slice(0, SHOWN).map((finding, index) => (
          <li key={finding.id} id={`finding-${index + 1}`}>
            <div className="flex items-start gap-2">
              <span className="number">{index + 1}</span>
              <span className="strong grow">{worded(finding.title)}</span>
              <span className={`status sm ${toneOf(finding)}`}>
                <Icon of={TriangleAlert} />
                {t(`severity.${finding.severity}`)}
              </span>
            </div>
            <p className={finding.severity === 'high' ? 'sm' : 'sm muted'}>{worded(finding.text)}</p>
            {finding.excerpt === undefined ? null : (
              <div className="excerpt mono sm">
                <span className="muted">{finding.line}</span>
                <code>{finding.excerpt}</code>
              </div>
            )}
            {finding.severity !== 'high' || onRead === undefined ? null : (
              <Checkbox isChecked={read.has(finding.id)} onChange={(isRead) => onRead(finding.id, isRead)}>
                <span className="sm">
                  {t('read')}
                  <span className="sr"> {t('finding', { number: index + 1 })}</span>
                </span>
              </Checkbox>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
