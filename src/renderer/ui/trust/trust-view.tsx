import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrustSheet } from '../../../shared/contract/index.ts';
import type { TrustDifference } from '../../../shared/model/trust.ts';
import { Checkbox } from '../checkbox.tsx';
import { formatExact } from '../format.ts';
import { Note } from '../notes.tsx';
import { Segmented } from '../segmented.tsx';
import { TrustFindings } from './trust-findings.tsx';
import { TrustTable } from './trust-table.tsx';
import './trust.css';
import type { ConsentDraft } from './use-consent.ts';

interface TrustViewProps {
  readonly sheet: TrustSheet;
  /** Absent = there is nothing to consent to. */
  readonly consent?: ConsentDraft;
  /** Above the list and below it. */
  readonly head: ReactNode;
  readonly children?: ReactNode;
}

/** The evidence of a decision: what a version could do against the accepted one, and what reading it found. */
export function TrustView({ sheet, consent, head, children }: TrustViewProps) {
  const { t } = useTranslation('trust');
  const { rows, findings, against, difference } = sheet;
  const different = rows.filter(({ mark }) => mark !== 'same');
  const [isWhole, setIsWhole] = useState(against === null);
  const shown = isWhole ? rows : different;
  const version = against?.versionLabel ?? null;
  return (
    <div className="trust-columns">
      <section className="trust-main" aria-labelledby="trust-could">
        {head}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <h3 id="trust-could" className="grow">
            {version === null ? t('could') : t('couldAgainst', { version })}
          </h3>
          {version === null ? null : (
            <Segmented
              label={t('show')}
              value={isWhole ? 'everything' : 'differences'}
              choices={[
                { value: 'differences', label: t('differences', { count: different.length }) },
                { value: 'everything', label: t('everything', { count: rows.length }) },
              ]}
              onChoose={(value) => setIsWhole(value === 'everything')}
            />
          )}
        </div>
        <p className="sm muted">
          {against === null
            ? null
            : `${against.by === undefined || against.at === undefined ? t('installed', { version }) : t('trustedBy', { version, by: against.by, at: formatExact(against.at) })} `}
          {t('scope')}
          {sheet.signer === null ? null : ` ${t('signedBy', { signer: sheet.signer })}`}
        </p>
        {difference === null ? null : <Difference difference={difference} version={version ?? ''} />}
        {shown.length > 0 ? (
          <TrustTable of={sheet.of} rows={shown} findings={findings} against={version} />
        ) : (
          <p className="muted mt-2">{version === null ? t('nothing') : t('noDifferences', { version })}</p>
        )}
        {children}
      </section>
      <aside className="trust-side" aria-label={t('findings')}>
        <TrustFindings
          findings={findings}
          read={consent?.read ?? new Set()}
          {...(consent && { onRead: consent.onRead })}
        />
      </aside>
    </div>
  );
}

const SHOWN_FILES = 30;

function Difference({ difference, version }: { readonly difference: TrustDifference; readonly version: string }) {
  const { t } = useTranslation('trust');
  const { parametersOnly, parameters, files } = difference;
  if (parametersOnly)
    return (
      <Note className="mt-2">
        <b>{t('parametersOnly')}</b>
        <p className="sm">{t('parametersText', { version })}</p>
        <ul className="mt-1 sm">
          {parameters.map(({ place, before, after }) => (
            <li key={place}>
              <span className="mono">{place}</span>: {after ?? '–'}{' '}
              <span className="muted">
                {t('was')} {before ?? '–'}
              </span>
            </li>
          ))}
        </ul>
      </Note>
    );
  if (files.length === 0) return null;
  return (
    <p className="sm mt-1">
      {t('otherFiles', { count: files.length })}{' '}
      <span className="mono">
        {files
          .slice(0, SHOWN_FILES)
          .map(({ path }) => path)
          .join(', ')}
        {files.length > SHOWN_FILES ? ' …' : ''}
      </span>
    </p>
  );
}

/** The words that bind a consent to its content: four groups of the hash, and the last one. */
const shortHash = (hash: string): string => `${(hash.slice(0, 16).match(/.{4}/g) ?? []).join(' ')} … ${hash.slice(-4)}`;

/** The line in which a person says it. */
export function ConsentBar({ sheet, consent }: { readonly sheet: TrustSheet; readonly consent: ConsentDraft }) {
  const { t } = useTranslation('trust');
  return (
    <div className="trust-consent">
      <Checkbox isChecked={consent.isGiven} onChange={consent.onGive}>
        <span className="strong">{t('consent')}</span>{' '}
        <span className="mono" title={sheet.contentHash}>
          {shortHash(sheet.contentHash)}
        </span>
      </Checkbox>
      <span className="sm muted grow">
        {t(sheet.of === 'project' ? 'consentFolder' : 'consentText')}{' '}
        {sheet.armedTriggers > 0 && sheet.against !== null
          ? t('consentKeeps', { version: sheet.against.versionLabel })
          : null}
      </span>
    </div>
  );
}
