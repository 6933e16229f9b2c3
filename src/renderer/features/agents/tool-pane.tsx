import { CircleCheck, CircleStop, CircleX, RefreshCw, Stethoscope } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolTest } from '../../../shared/contract/index.ts';
import type { ToolDetail, ToolSummary } from '../../../shared/model/tool.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { ToolChangePanel } from './tool-change.tsx';
import { ServerMark, ToolStateMark } from './tool-marks.tsx';
import { ToolOperations } from './tool-operations.tsx';
import { refreshTool, shownTool, stopServer, testTool, useTools } from './tools-store.ts';

interface ToolPaneProps {
  readonly summary: ToolSummary;
  readonly operation: string | null;
}

/** All about one tool: how it is reached, what changed, what it can do, and a form to try it. */
export function ToolPane({ summary, operation }: ToolPaneProps) {
  const { t } = useTranslation('tools');
  const test = useTools((state) => state.tests.get(summary.name) ?? null);
  const { value: detail, error } = useQueryOf(shownTool, summary.name);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section className="tool-pane scroll" tabIndex={0} aria-label={t('pane', { name: summary.name })}>
      <ToolHead summary={summary} detail={detail} />
      {error === null ? null : <ErrorNote className="mb-3" error={error} onRetry={() => void shownTool.refresh()} />}
      {detail === null ? (
        error === null ? (
          <SkeletonRows rows={6} columns={[40, 70]} />
        ) : null
      ) : (
        <>
          {detail.error === null ? null : (
            <ErrorNote className="mb-3" error={detail.error} onRetry={() => void refreshTool(detail.name)} />
          )}
          {detail.change === null ? null : <ToolChangePanel tool={detail.name} change={detail.change} />}
          {test === null ? null : <TestResult test={test} />}
          <ToolFacts detail={detail} />
          <LeftOut operations={detail.leftOut} />
          <ToolOperations detail={detail} asked={operation} />
        </>
      )}
    </section>
  );
}

function ToolHead({ summary, detail }: { readonly summary: ToolSummary; readonly detail: ToolDetail | null }) {
  const { t } = useTranslation('tools');
  const work = useTools((state) => state.busy.get(summary.name) ?? null);
  const busy = work === null ? null : t(`busy.${work}`);
  const busyId = useId();
  const off = busy === null ? undefined : busyId;
  const server = detail?.server ?? null;
  const stopReason = server?.state === 'stopped' || server?.state === 'failed' ? t('server.notRunning') : null;
  return (
    <>
      <div className="tool-head">
        <h2 className="mono cut" title={summary.name}>
          {summary.name}
        </h2>
        <ToolStateMark state={detail?.state ?? summary.state} pill />
        {summary.types.map((type) => (
          <Chip key={type}>{t(`type.${type}`)}</Chip>
        ))}
        <span className="grow" />
        {busy === null ? null : (
          <span className="sm muted" role="status" id={busyId}>
            {busy}
          </span>
        )}
        <Button
          needs="tools.refresh"
          icon={RefreshCw}
          reasonId={off}
          title={t('refreshTip')}
          onClick={() => void refreshTool(summary.name)}
        >
          {t('refresh')}
        </Button>
        <Button
          needs="tools.test"
          icon={Stethoscope}
          reasonId={off}
          title={t('testTip')}
          onClick={() => void testTool(summary.name)}
        >
          {t('test')}
        </Button>
        {server === null ? null : (
          <Button
            needs="tools.stopServer"
            icon={CircleStop}
            reasonId={off}
            reason={stopReason}
            onClick={() => void stopServer(summary.name)}
          >
            {t('server.stop')}
          </Button>
        )}
      </div>
      {summary.description === '' ? null : <p className="muted mb-3">{summary.description}</p>}
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function ToolFacts({ detail }: { readonly detail: ToolDetail }) {
  const { t } = useTranslation('tools');
  const { server, authentication, rateLimit, pin } = detail;
  return (
    <div className="tool-facts">
      <dl className="kv sm">
        <Fact name={t('fact.from')}>
          <ul>
            {detail.implementations.map((one) => (
              <li key={`${one.type} ${one.source}`} className={classNames(!one.isChosen && 'muted')}>
                {t(`type.${one.type}`)} <code className="break-all">{one.source}</code>{' '}
                {detail.implementations.length === 1 ? null : one.isChosen ? (
                  <Chip>{t('fact.chosen')}</Chip>
                ) : (
                  t('fact.priority', { value: one.priority })
                )}
                {Object.entries(one.agentCompatibility).length === 0 ? null : (
                  <span className="muted block">
                    {Object.entries(one.agentCompatibility)
                      .map(([agent, support]) => `${agent}: ${support.replaceAll('_', ' ')}`)
                      .join(', ')}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Fact>
        {detail.category === '' ? null : <Fact name={t('fact.category')}>{detail.category}</Fact>}
        <Fact name={t('fact.pin')}>
          {pin === null ? (
            <span className="muted">{t('fact.noPin')}</span>
          ) : (
            <>
              <code title={pin.hash}>{pin.hash.slice(0, 12)}</code> <TimeAgo at={pin.at} className="muted" />
            </>
          )}
        </Fact>
      </dl>
      <dl className="kv sm">
        {server === null ? null : (
          <>
            <Fact name={t('server.name')}>
              <ServerMark state={server.state} />
              {server.pid === null ? null : (
                <span className="muted"> · {t('server.pid', { pid: String(server.pid) })}</span>
              )}
              {server.startedAt === null ? null : (
                <span className="muted">
                  {' '}
                  · {t('server.since')} <TimeAgo at={server.startedAt} />
                </span>
              )}
              {server.restarts === 0 ? null : (
                <span className="muted"> · {t('server.restarts', { count: server.restarts })}</span>
              )}
              {server.error === null ? null : (
                <span className="block text-failed">
                  <Said text={server.error.message} />
                </span>
              )}
            </Fact>
            <Fact name={t('server.reachedBy')}>
              <code className="break-all">{server.reachedBy}</code>
              {server.name === '' ? null : <span className="muted block">{`${server.name} ${server.version}`}</span>}
            </Fact>
          </>
        )}
        {authentication === null ? null : (
          <Fact name={t('fact.signIn')}>
            {t('fact.signInFrom', { type: authentication.type, from: authentication.from })}{' '}
            <span className={authentication.isSet ? 'text-success' : 'text-failed'}>
              {t(authentication.isSet ? 'fact.set' : 'fact.missing')}
            </span>
          </Fact>
        )}
        {rateLimit === null ? null : (
          <Fact name={t('fact.limit')}>
            {t('fact.limitOf', { value: rateLimit.requestsPerMinute, burst: rateLimit.burst })}
          </Fact>
        )}
      </dl>
    </div>
  );
}

/** What the tool also tells of, in a way that nobody can call it by. */
function LeftOut({ operations }: { readonly operations: ToolDetail['leftOut'] }) {
  const { t } = useTranslation('tools');
  if (operations.length === 0) return null;
  return (
    <Note tone="waiting" className="mb-3">
      <b>{t('leftOut.title', { count: operations.length })}</b>
      <p className="sm">{t('leftOut.text')}</p>
      <ul className="sm mt-1">
        {operations.map(({ name, problem }) => (
          <li key={name} className="break-words">
            <code>{name}</code>{' '}
            <span className="muted">
              <Said text={problem} />
            </span>
          </li>
        ))}
      </ul>
    </Note>
  );
}

/** What the last test of the tool found. */
function TestResult({ test }: { readonly test: ToolTest }) {
  const { t } = useTranslation('tools');
  return (
    <section className="tool-test" aria-label={t('tested.name')} role="status">
      <p className="strong">{t(test.ok ? 'tested.ok' : 'tested.bad')}</p>
      <ul className="sm">
        {test.checks.map((check) => (
          <li key={check.name} className="row items-start">
            <span className={classNames('status', check.ok ? 'st-success' : 'st-failed')}>
              <Icon of={check.ok ? CircleCheck : CircleX} />
              {check.name}
            </span>
            <span className="muted min-w-0 break-words">
              <Said text={check.message} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
