import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { TriggerDetail } from '../../../shared/contract/index.ts';
import { isJsonMap, type Json } from '../../../shared/json.ts';
import { appInfo } from '../../client/app-state.ts';
import { useQuery } from '../../client/use-query.ts';
import { formatMoment, ownZone } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { workflowLink } from '../../ui/links.ts';
import { Said } from '../../ui/said.tsx';
import { startsWords } from '../../ui/trigger/starts-words.ts';
import { cronWords } from '../../ui/trigger/trigger-words.ts';
import { useNow } from '../../ui/use-now.ts';

/** Shown in places of their own. */
const OWN = new Set(['id', 'schedule', 'cron', 'timezone', 'inputs', 'workflow_id', 'workflow_inputs', 'description']);
const short = (hash: string): string => hash.slice(0, 8);

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="contents">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What it starts, when, which version, as whom, and where that is written. */
export function TriggerFacts({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const { kind, config, workflowName, workflowPath, source } = trigger;
  const inputs = config.inputs ?? config.workflow_inputs;
  const others = Object.entries(config).filter(([key]) => !OWN.has(key));
  return (
    <>
      <h2 className="mt-4 mb-2">{t('detail.whatStarts')}</h2>
      <dl className="kv">
        <Fact name={t('detail.workflow')}>
          <Link to={workflowLink(trigger.workflowId)}>{workflowName}</Link>
        </Fact>
        <When trigger={trigger} />
        <Fact name={t('detail.version')}>
          <Version trigger={trigger} />
        </Fact>
        <Fact name={t('detail.asWhom')}>
          <AsWhom trigger={trigger} />
        </Fact>
        <Fact name={t('detail.inputs')}>
          {isJsonMap(inputs) && Object.keys(inputs).length > 0 ? (
            <JsonView value={inputs} label={t('detail.inputs')} />
          ) : (
            <span className="muted">{t('detail.noInputs')}</span>
          )}
        </Fact>
        {others.map(([key, value]) => (
          <Fact key={key} name={t(`detail.keys.${key}`, { defaultValue: key })}>
            <Setting value={value} />
          </Fact>
        ))}
        <Fact name={t('detail.written')}>
          <span className="mono">{source}</span>
          {source === workflowPath || kind === 'event' ? (
            <>
              {' '}
              <Link className="link" to={workflowLink(trigger.workflowId, 'source')}>
                {t('detail.openFile')}
              </Link>
              {kind === 'schedule' ? <p className="sm muted">{t('detail.editedThere')}</p> : null}
            </>
          ) : null}
        </Fact>
      </dl>
    </>
  );
}

function When({ trigger }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const { kind, config } = trigger;
  if (kind !== 'schedule') return <Fact name={t('detail.when')}>{startsWords(trigger)}</Fact>;
  const written = config.schedule ?? config.cron;
  const text = typeof written === 'string' ? written : '';
  const words = cronWords(text);
  const zone = typeof config.timezone === 'string' && config.timezone !== '' ? config.timezone : 'UTC';
  return (
    <>
      <Fact name={t('detail.when')}>
        {words} {words === text ? null : <code className="muted">{text}</code>}
      </Fact>
      <Fact name={t('detail.zone')}>
        {zone} {zone === ownZone() ? null : <span className="muted">{t('detail.yourZone', { zone: ownZone() })}</span>}
      </Fact>
    </>
  );
}

function Version({
  trigger: { armed, contentHash, problem, isNewer, versionPolicy },
}: {
  readonly trigger: TriggerDetail;
}) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const content =
    contentHash === null ? (
      <span className="st-failed">
        <Said text={problem ?? ''} />
      </span>
    ) : (
      <code>{short(contentHash)}</code>
    );
  if (armed === null)
    return (
      <>
        {t('detail.ofNow')} {content}
      </>
    );
  return (
    <>
      {t('detail.armedVersion', { label: armed.versionLabel, when: formatMoment(armed.at, now) })}{' '}
      {isNewer ? (
        <span className="muted">
          {t('detail.newerNow')} {content}
        </span>
      ) : (
        content
      )}
      {versionPolicy === 'pin' ? <span className="muted"> {t('detail.policy.pin')}</span> : null}
    </>
  );
}

function AsWhom({ trigger: { armed, kind } }: { readonly trigger: TriggerDetail }) {
  const { t } = useTranslation('triggers');
  const user = useQuery(appInfo).value?.user ?? '';
  if (armed !== null) return <>{t('detail.as', { kind, by: armed.by })}</>;
  return <span className="muted">{t('detail.asYou', { kind, user })}</span>;
}

const isPlain = (value: Json): boolean => value === null || typeof value !== 'object';

function Setting({ value }: { readonly value: Json }) {
  const { t } = useTranslation('triggers');
  if (isPlain(value)) return <>{String(value)}</>;
  if (Array.isArray(value) && value.every(isPlain)) return <>{value.map(String).join(', ')}</>;
  return <JsonView value={value} label={t('detail.other')} />;
}
