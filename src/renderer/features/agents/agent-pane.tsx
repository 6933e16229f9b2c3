import { FlaskConical, Plug, RefreshCw, Star, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentInfo } from '../../../shared/model/agent.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { isDemoAgent } from '../../ui/demo.ts';
import { hintOf } from '../../ui/error-hint.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { worded } from '../../ui/worded.ts';
import { AgentConditionMark, AgentModel, BreakerMark } from './agent-marks.tsx';
import { CAPABILITY_KEYS, checkRefusal, conditionOf, primaryRefusal } from './agent-words.ts';
import { checkAgents, closeBreaker, makePrimary, useChecking } from './agents-store.ts';

interface AgentPaneProps {
  readonly agent: AgentInfo;
  readonly primary: string;
}

/** All about one agent: whether it works, what it can do, what can be done with it. */
export function AgentPane({ agent, primary }: AgentPaneProps) {
  const { t } = useTranslation('agents');
  const isChecking = useChecking(({ names }) => names.has(agent.name));
  const condition = conditionOf(agent, isChecking);
  const noPrimary = primaryRefusal(agent);
  const noCheck = checkRefusal(agent, isChecking);
  return (
    <aside className="agent-pane scroll" aria-label={t('pane', { name: agent.name })}>
      <div className="row items-start">
        <h2 className="grow">{agent.name}</h2>
        {isDemoAgent(agent.name) ? <Status status="demo" pill /> : null}
        <AgentConditionMark condition={condition} pill />
      </div>
      {agent.description === '' ? null : <p className="muted">{worded(agent.description)}</p>}
      {isDemoAgent(agent.name) ? (
        <Note icon={FlaskConical} className="mt-2">
          {t('demo.text')}
        </Note>
      ) : null}
      {agent.isAvailable ? (
        <>
          <div className="agent-acts">
            <Button
              needs="agents.check"
              icon={RefreshCw}
              reason={noCheck === null ? null : t(noCheck)}
              onClick={() => void checkAgents(agent.name)}
            >
              {t('check')}
            </Button>
            <Button
              needs="agents.setPrimary"
              icon={Star}
              reason={noPrimary === null ? null : t(noPrimary)}
              onClick={() => void makePrimary(agent.name, primary)}
            >
              {t('makePrimary')}
            </Button>
          </div>
          <HealthNote agent={agent} />
        </>
      ) : (
        <Note className="mt-3">{t('planned.text')}</Note>
      )}
      <AgentFacts agent={agent} />
      <Capabilities agent={agent} />
      <Texts title={t('strengths')} texts={agent.strengths} />
      <Texts title={t('limitations')} texts={agent.limitations} />
    </aside>
  );
}

/** What is wrong and what to do; nothing where nothing is. */
function HealthNote({ agent }: { readonly agent: AgentInfo }) {
  const { t } = useTranslation('agents');
  const { health, breaker } = agent;
  const hint = health.error === null ? undefined : hintOf(health.error);
  if (!agent.isInstalled)
    return (
      <Note icon={TriangleAlert} className="mb-3">
        <b>{t('install.title')}</b>
        {agent.installHint === null ? null : <p className="sm break-words">{worded(agent.installHint)}</p>}
      </Note>
    );
  return (
    <>
      {health.lastCheck !== null && !health.isHealthy && health.error !== null ? (
        <Note tone="failed" className="mb-3">
          <b className="break-words">
            <Said text={health.error.message} />
          </b>
          {hint === undefined ? null : (
            <p className="sm">
              <Said text={hint} />
            </p>
          )}
          <details className="sm muted mt-2">
            <summary>{t('everywhere:details')}</summary>
            <code>{health.error.code}</code>
          </details>
        </Note>
      ) : null}
      {breaker.state === 'closed' ? null : (
        <Note tone="waiting" icon={Plug} className="mb-3">
          <b>{t(`breaker.title.${breaker.state}`)}</b>
          <p className="sm">{t('breaker.text', { count: breaker.failures })}</p>
          <div className="row mt-2">
            <Button needs="agents.resetBreaker" onClick={() => void closeBreaker(agent.name)}>
              {t('breaker.close')}
            </Button>
          </div>
        </Note>
      )}
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

function AgentFacts({ agent }: { readonly agent: AgentInfo }) {
  const { t } = useTranslation('agents');
  const { health } = agent;
  const others = isDemoAgent(agent.name) ? [] : agent.models.filter((model) => model !== agent.model);
  return (
    <dl className="kv sm">
      <Fact name={t('fact.provider')}>{agent.provider}</Fact>
      <Fact name={t('fact.kind')}>
        {t(`kind.${agent.kind}`)}
        {agent.baseUrl === null ? null : <code className="muted block break-all">{agent.baseUrl}</code>}
      </Fact>
      {agent.isAvailable ? (
        <>
          <Fact name={t('fact.order')}>
            {agent.isPrimary
              ? t('fact.isPrimary')
              : agent.failoverRank === null
                ? t('fact.notInOrder')
                : t('fact.rank', { rank: agent.failoverRank })}
          </Fact>
          <Fact name={t('fact.checked')}>
            {health.lastCheck === null ? t('fact.never') : <TimeAgo at={health.lastCheck} />}
            {health.latencyMs === null ? null : <span className="muted"> · {formatDuration(health.latencyMs)}</span>}
            {health.consecutiveFailures === 0 ? null : (
              <span className="muted"> · {t('fact.failures', { count: health.consecutiveFailures })}</span>
            )}
          </Fact>
          {health.version === null ? null : <Fact name={t('fact.version')}>{health.version}</Fact>}
          <Fact name={t('fact.breaker')}>
            <BreakerMark breaker={agent.breaker} />
          </Fact>
          <Fact name={t('fact.running')}>{t('fact.steps', { count: agent.runningSteps })}</Fact>
        </>
      ) : null}
      <Fact name={t('fact.model')}>
        <AgentModel agent={agent} />
        {others.length === 0 ? null : <span className="muted mono block break-words">{others.join(', ')}</span>}
      </Fact>
      {agent.keys.length === 0 ? null : (
        <Fact name={t('fact.keys')}>
          <ul>
            {agent.keys.map((key) => (
              <li key={key.name}>
                <span className="mono">{key.name}</span>{' '}
                <span className={key.isSet ? 'text-success' : 'muted'}>{t(key.isSet ? 'key.set' : 'key.missing')}</span>
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  );
}

function Capabilities({ agent: { capabilities } }: { readonly agent: AgentInfo }) {
  const { t } = useTranslation('agents');
  const has = CAPABILITY_KEYS.filter((key) => capabilities[key]);
  const lacks = CAPABILITY_KEYS.filter((key) => !capabilities[key]);
  return (
    <section className="agent-part">
      <h3>{t('capabilities.title')}</h3>
      <dl className="kv sm">
        <Fact name={t('capabilities.tools')}>{t(`toolCalling.${capabilities.toolCalling}`)}</Fact>
        <Fact name={t('capabilities.reasoning')}>{t(`reasoning.${capabilities.reasoning}`)}</Fact>
        <Fact name={t('capabilities.context')}>
          {t('capabilities.tokens', { value: formatCount(capabilities.contextWindow) })}
        </Fact>
      </dl>
      <ul className="mt-2 flex flex-wrap gap-1" aria-label={t('capabilities.can')}>
        {has.map((key) => (
          <li key={key}>
            <Chip>{t(`capability.${key}`)}</Chip>
          </li>
        ))}
      </ul>
      {lacks.length === 0 ? null : (
        <p className="sm muted mt-2">
          {t('capabilities.cannot', { list: lacks.map((key) => t(`capability.${key}`)).join(', ') })}
        </p>
      )}
    </section>
  );
}

function Texts({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <section className="agent-part">
      <h3>{title}</h3>
      <ul className="sm list-disc pl-4">
        {texts.map((text) => (
          <li key={text}>{worded(text)}</li>
        ))}
      </ul>
    </section>
  );
}
