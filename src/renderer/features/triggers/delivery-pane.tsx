import { ChevronRight, CircleCheck, CircleX, Copy, FlaskConical, Inbox, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { DeliveryDetail } from '../../../shared/contract/index.ts';
import type { DeliveryCheck } from '../../../shared/model/trigger.ts';
import { copyText } from '../../client/copy-text.ts';
import { isMissing } from '../../client/is-missing.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { CodeView } from '../../ui/code-view.tsx';
import { formatBytes, formatExact, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { JsonView } from '../../ui/json-view.tsx';
import { runLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { DeliveryMark } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';
import { shownDelivery } from './inbox.ts';
import { ReplayDelivery } from './replay-delivery.tsx';
import { openTestInput } from './test-input.ts';

interface DeliveryPaneProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** One delivery: why it started or not, its run, what came, and what can be done with it. */
export function DeliveryPane({ id, onClose }: DeliveryPaneProps) {
  const { t } = useTranslation('triggers');
  const { value, error } = useQueryOf(shownDelivery, id);
  const isGone = value === null && isMissing(error, 'delivery.not_found');
  return (
    <aside className="delivery-pane" aria-label={t('delivery.pane')}>
      {error === null || isGone ? null : (
        <ErrorNote className="m-4 flex-none" error={error} onRetry={() => void shownDelivery.refresh()} />
      )}
      {value === null && error === null ? <SkeletonRows rows={6} columns={[80]} /> : null}
      {value === null && error !== null ? (
        <div className="p-4">
          {isGone ? <EmptyState icon={Inbox} title={t('delivery.missing')} text={t('delivery.missingText')} /> : null}
          <Button icon={X} onClick={onClose}>
            {t('delivery.close')}
          </Button>
        </div>
      ) : null}
      {value === null ? null : <Shown delivery={value} onClose={onClose} />}
    </aside>
  );
}

function Shown({ delivery, onClose }: { readonly delivery: DeliveryDetail; readonly onClose: () => void }) {
  const { t } = useTranslation('triggers');
  const now = useNow(60_000);
  const { event, title, state, method, endpoint, receivedAt, sourceIp, externalId } = delivery;
  const facts = [
    t('delivery.facts', {
      method: method ?? t(`kind.${delivery.kind}`),
      endpoint,
      when: formatMoment(receivedAt, now),
    }),
    sourceIp === null ? '' : t('delivery.fromIp', { ip: sourceIp }),
    externalId === null ? '' : t('delivery.id', { id: externalId }),
  ].filter((part) => part !== '');
  return (
    <>
      <header className="delivery-head">
        <div className="row">
          <h2 className="grow cut" title={title}>
            <span className="mono">{event === '' ? endpoint : event}</span> <span className="muted">{title}</span>
          </h2>
          <DeliveryMark state={state} />
          <Button variant="ghost" icon={X} label={t('delivery.close')} onClick={onClose} />
        </div>
        <p className="sm muted" title={formatExact(receivedAt)}>
          {facts.join(' · ')}
        </p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll" aria-label={t('delivery.pane')} tabIndex={0}>
        <Why delivery={delivery} />
        {delivery.run === null ? null : <TheRun delivery={delivery} />}
        <Body delivery={delivery} />
        <More delivery={delivery} />
      </section>
      <Acts delivery={delivery} />
    </>
  );
}

/** A part of the pane under its own heading. */
export function Block({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="delivery-block">
      <div className="row">
        <h3 className="grow">{title}</h3>
        {aside}
      </div>
      {children}
    </section>
  );
}

function Why({ delivery: { state, checks, reason, triggerKey } }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('triggers');
  const isStarted = state === 'started' || state === 'received';
  return (
    <Block title={t(isStarted ? 'delivery.whyStarted' : 'delivery.whyNot')}>
      {reason === null ? null : (
        <p className="mt-1">
          <Said text={reason} />
        </p>
      )}
      {checks.length === 0 && triggerKey === null ? <p className="muted sm">{t('delivery.noTrigger')}</p> : null}
      <ul className="checks sm">
        {checks.map((check) => (
          <Check key={check.name} check={check} />
        ))}
      </ul>
    </Block>
  );
}

function Check({ check: { name, isPassed, detail } }: { readonly check: DeliveryCheck }) {
  const { t } = useTranslation('triggers');
  return (
    <li>
      <span className={`status ${isPassed ? 'st-success' : 'st-failed'}`}>
        <Icon of={isPassed ? CircleCheck : CircleX} />
        <span className="sr">{t(isPassed ? 'delivery.passed' : 'delivery.notPassed')}</span>
      </span>
      <span>
        <span className="strong">{t(`delivery.check.${name}`)}</span>{' '}
        <span className="muted">
          <Said text={detail} />
        </span>
      </span>
    </li>
  );
}

function TheRun({ delivery: { run, chain } }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('triggers');
  if (run === null) return null;
  return (
    <Block title={t('delivery.theRun')}>
      <Link className="plain made" to={runLink(run.runId)}>
        <span className="row">
          <span className="strong grow cut">{run.workflowName}</span>
          <Status status={run.status} outcome={run.outcome} />
        </span>
        <span className="sm muted mono">{run.runId.slice(0, 8)}</span>
      </Link>
      {chain.length === 0 ? null : (
        <>
          <h4 className="sm strong mt-3">{t('delivery.chain')}</h4>
          <ol className="sm chain">
            {chain.map((link) => (
              <li key={link.runId}>
                <Icon of={ChevronRight} small />
                <Link to={runLink(link.runId)}>{link.workflowId}</Link>
              </li>
            ))}
          </ol>
        </>
      )}
    </Block>
  );
}

const MAX_TEXT_BYTES = 65_536;

/** A body that is JSON is shown with its lines; everything else as it came. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Body({ delivery: { bodyText, bodyBytes, bodyHash } }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('triggers');
  const copy = (text: string): Promise<void> => copyText(text, t('delivery.copied'));
  if (bodyText === null)
    return bodyBytes === 0 ? null : (
      <Block title={t('delivery.body')}>
        <p className="muted sm">{t('delivery.bodyGone')}</p>
      </Block>
    );
  const facts = [formatBytes(bodyBytes), bodyHash?.slice(0, 8) ?? ''].filter((part) => part !== '').join(' · ');
  return (
    <Block
      title={t('delivery.body')}
      aside={
        <>
          <span className="sm muted">{facts}</span>
          <Button variant="ghost" icon={Copy} label={t('delivery.copyBody')} onClick={() => void copy(bodyText)} />
        </>
      }
    >
      {bodyText === '' ? (
        <p className="muted sm">{t('delivery.noBody')}</p>
      ) : (
        <div className="delivery-body">
          <CodeView label={t('delivery.body')} text={readable(bodyText)} isPlain />
        </div>
      )}
      {bodyBytes > MAX_TEXT_BYTES ? (
        <p className="muted sm mt-1">{t('delivery.bodyCut', { size: formatBytes(bodyBytes) })}</p>
      ) : null}
    </Block>
  );
}

function More({ delivery: { headers, data } }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('triggers');
  return (
    <section className="delivery-block">
      {headers.length === 0 ? null : (
        <details>
          <summary>{t('delivery.headers', { count: headers.length })}</summary>
          <dl className="kv sm mt-1">
            {headers.map(([name, value], at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice, and none of them moves
              <div key={at} className="contents">
                <dt className="mono">{name}</dt>
                <dd className="mono break-all">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <details>
        <summary>{t('delivery.data')}</summary>
        <div className="mt-1">
          <JsonView value={data} label={t('delivery.data')} />
        </div>
      </details>
    </section>
  );
}

function Acts({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const [isBusy, setIsBusy] = useState(false);
  if (delivery.triggerKey === null) return null;
  const test = async (): Promise<void> => {
    setIsBusy(true);
    await openTestInput(delivery, (to) => void navigate(to));
    setIsBusy(false);
  };
  return (
    <footer className="delivery-foot">
      <Button icon={FlaskConical} title={t('delivery.testInputTip')} onClick={() => (isBusy ? undefined : void test())}>
        {t('delivery.testInput')}
      </Button>
      <span className="grow" />
      <ReplayDelivery delivery={delivery} />
    </footer>
  );
}
