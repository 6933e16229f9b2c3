import { ShieldCheck, X } from 'lucide-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { canonicalJson, isJsonMap, type Json } from '../../../shared/json.ts';
import type { AuditEvent } from '../../../shared/model/audit.ts';
import { saveEvidence } from '../../client/audit-files.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { labelOf } from '../../ui/form-values.ts';
import { formatCount, formatExact } from '../../ui/format.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { runLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import type { AuditQuestion } from './audit-address.ts';
import { ResultMark, whatKey } from './audit-marks.tsx';
import { actOf } from './audit-store.ts';

interface AuditPaneProps {
  readonly id: string;
  /** The event, where the list has it. */
  readonly listed: AuditEvent | null;
  readonly onFilter: (change: Partial<AuditQuestion>) => void;
  readonly onClose: () => void;
}

/** The event with this id, or the events of one act: they name each other. */
const askFor = (id: string): Promise<readonly AuditEvent[]> =>
  call('audit.query', { text: id, limit: 100 }).then(({ events }) => events);

/** All about one event: who, what, what was wanted and what became of it, its place in the chain. */
export function AuditPane({ id, listed, onFilter, onClose }: AuditPaneProps) {
  const { t } = useTranslation('admin');
  const { data } = useOwnQuery({ ask: askFor }, listed === null ? id : null);
  const event = listed ?? data.value?.find((one) => one.id === id) ?? null;
  return (
    <aside className="access-pane" aria-label={t('audit.pane')}>
      {event === null ? (
        <div className="admin-block">
          <div className="row">
            <span className="grow" />
            <Button variant="ghost" icon={X} label={t('close')} onClick={onClose} />
          </div>
          {data.status === 'error' ? <ErrorNote error={data.error} /> : null}
          {data.status === 'loading' ? <SkeletonRows rows={5} columns={[80]} /> : null}
          {data.status === 'ready' ? <EmptyState icon={X} title={t('audit.noSuch')} /> : null}
        </div>
      ) : (
        <Shown event={event} onFilter={onFilter} onClose={onClose} />
      )}
    </aside>
  );
}

interface ShownProps extends Pick<AuditPaneProps, 'onFilter' | 'onClose'> {
  readonly event: AuditEvent;
}

function Shown({ event, onFilter, onClose }: ShownProps) {
  const { t } = useTranslation('admin');
  const { user_id, resource, resource_id, door, source_ip, user_agent, action, event_type } = event;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className="scroll" aria-label={t('audit.pane')} tabIndex={0}>
      <div className="admin-block">
        <div className="row">
          <h2 className="grow cut">{t(whatKey(event))}</h2>
          <ResultMark event={event} pill />
          <Button variant="ghost" icon={X} label={t('close')} onClick={onClose} />
        </div>
        <p className="sm muted">{formatExact(Date.parse(event.timestamp))}</p>
        {event.error_message === null ? null : (
          <p className="mt-2">
            <Said text={event.error_message} />
          </p>
        )}
      </div>
      <div className="admin-block sep">
        <dl className="kv sm">
          <dt>{t('audit.who')}</dt>
          <dd>
            <button
              type="button"
              className="link"
              title={t('audit.onlyWho')}
              onClick={() => onFilter({ user: user_id })}
            >
              {user_id}
            </button>
          </dd>
          <dt>{t('audit.on')}</dt>
          <dd className="break-all">
            {resource_id === '' ? (
              <span className="mono">{resource}</span>
            ) : (
              <button
                type="button"
                className="link mono text-left"
                title={t('audit.onlyOn')}
                onClick={() => onFilter({ resource })}
              >
                {resource}
              </button>
            )}
          </dd>
          {door === null ? null : (
            <>
              <dt>{t('audit.door')}</dt>
              <dd>
                {t(`door.${door}`, door)}{' '}
                <span className="muted">{[source_ip, user_agent].filter(Boolean).join(', ')}</span>
              </dd>
            </>
          )}
          <dt>{t('audit.action')}</dt>
          <dd className="mono">{action}</dd>
          <dt>{t('audit.typeWord')}</dt>
          <dd>
            <button
              type="button"
              className="link mono"
              title={t('audit.onlyType')}
              onClick={() => onFilter({ type: event_type })}
            >
              {event_type}
            </button>
          </dd>
        </dl>
      </div>
      <Details event={event} />
      <RunOf event={event} />
      <div className="admin-block sep">
        <h3>{t('audit.place')}</h3>
        <dl className="kv sm">
          <dt>{t('audit.number')}</dt>
          <dd className="mono">{formatCount(event.seq)}</dd>
          <dt>{t('audit.before')}</dt>
          <dd className="mono break-all">{event.prev_hash}</dd>
          <dt>{t('audit.hash')}</dt>
          <dd className="mono break-all">{event.hash}</dd>
        </dl>
        <p className="sm muted mt-1">{t('audit.placeText')}</p>
      </div>
    </section>
  );
}

/** The run that the event is about: there, and what proves it. */
function RunOf({ event: { details } }: { readonly event: AuditEvent }) {
  const { t } = useTranslation('admin');
  const { run_id: runId } = details;
  if (typeof runId !== 'string') return null;
  return (
    <Block title={t('audit.run')}>
      <p className="row wrap sm">
        <Link className="link mono grow cut" to={runLink(runId)}>
          {runId}
        </Link>
        <Button icon={ShieldCheck} needs="audit.evidence" onClick={() => void saveEvidence(runId)}>
          {t('everywhere:evidence.save')}
        </Button>
      </p>
    </Block>
  );
}

/** What is written down of it: of an act what was wanted before it and what became of it after. */
function Details({ event }: { readonly event: AuditEvent }) {
  const { t } = useTranslation('admin');
  const act = actOf(event);
  const { data } = useOwnQuery({ ask: askFor }, act);
  if (act === null)
    return Object.keys(event.details).length === 0 ? null : (
      <Block title={t('audit.details')}>
        <JsonView value={event.details} label={t('audit.details')} openLevels={2} />
      </Block>
    );
  const before = data.value?.find(({ id }) => id === act) ?? null;
  const after = data.value?.find((one) => one.id !== act && actOf(one) === act) ?? null;
  return (
    <>
      <Block title={t('audit.wanted')}>
        {before === null ? (
          <p className="sm muted">{data.status === 'loading' ? t('everywhere:loading') : t('audit.gone')}</p>
        ) : (
          <JsonView value={before.details.input ?? null} label={t('audit.wanted')} openLevels={2} />
        )}
      </Block>
      <Changes before={before?.details.before} after={after?.details.after} />
      <Block title={t('audit.became')}>
        {after === null ? (
          <p className="sm muted">{data.status === 'loading' ? t('everywhere:loading') : t('audit.nobodyKnows')}</p>
        ) : (
          <p className="row sm">
            <ResultMark event={after} />
            <span>{after.error_message === null ? null : <Said text={after.error_message} />}</span>
          </p>
        )}
      </Block>
    </>
  );
}

/** What of a user, a role, a trigger or a setting is another than before; nothing where both are not known. */
function Changes({ before, after }: { readonly before: Json | undefined; readonly after: Json | undefined }) {
  const { t } = useTranslation('admin');
  if (!isJsonMap(before) || !isJsonMap(after)) return null;
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => canonicalJson(before[name]) !== canonicalJson(after[name]),
  );
  if (names.length === 0) return null;
  return (
    <Block title={t('audit.changed')}>
      <dl className="kv sm">
        {names.map((name) => (
          <Fragment key={name}>
            <dt>{labelOf(name)}</dt>
            <dd className="break-all">
              <del>{valueText(before[name])}</del> <span aria-hidden="true">→</span> <ins>{valueText(after[name])}</ins>
            </dd>
          </Fragment>
        ))}
      </dl>
    </Block>
  );
}

const valueText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '–' : JSON.stringify(value);

function Block({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div className="admin-block sep">
      <h3>{title}</h3>
      {children}
    </div>
  );
}
