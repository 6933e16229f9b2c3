import { Bot } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { AgentList } from '../../../shared/contract/index.ts';
import type { AgentInfo } from '../../../shared/model/agent.ts';
import { useQuery } from '../../client/use-query.ts';
import { Chip } from '../../ui/chip.tsx';
import { classNames } from '../../ui/class-names.ts';
import { isDemoAgent } from '../../ui/demo.ts';
import { agentLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { Said, saidPlainly } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Status } from '../../ui/status.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { worded } from '../../ui/worded.ts';
import { AgentConditionMark, AgentModel, BreakerMark } from './agent-marks.tsx';
import { AgentPane } from './agent-pane.tsx';
import { type AgentCondition, conditionOf, splitAgents, unhealthyKey } from './agent-words.ts';
import { agentList, useChecking } from './agents-store.ts';

/** The agents, in the order in which they are asked; at the right all about the chosen one. */
export function AgentsTab({ asked }: { readonly asked: string | null }) {
  const { t } = useTranslation('agents');
  const list = useQuery(agentList);
  const value = list.value;
  if (value === null)
    return list.status === 'error' ? (
      <ErrorNote className="m-6" error={list.error} onRetry={() => void agentList.refresh()} />
    ) : (
      <SkeletonRows rows={6} columns={[50, 30, 40, 30]} />
    );
  const { usable, planned } = splitAgents(value.agents);
  const all = [...usable, ...planned];
  const chosen = all.find((agent) => agent.name === asked) ?? all[0];
  if (chosen === undefined)
    return <EmptyState className="px-6" icon={Bot} title={t('empty.title')} text={t('empty.text')} />;
  return (
    <div className="agents">
      <div className="agent-side">
        {list.status === 'error' ? (
          <ErrorNote className="mx-6 my-2" error={list.error} onRetry={() => void agentList.refresh()} />
        ) : null}
        <FailoverOrder list={value} />
        <AgentTable usable={usable} planned={planned} chosen={chosen.name} />
      </div>
      <AgentPane key={chosen.name} agent={chosen} primary={value.primary} />
    </div>
  );
}

/** How a step finds its agent, in one line. */
function FailoverOrder({ list }: { readonly list: AgentList }) {
  const { t } = useTranslation('agents');
  return (
    <p className="agent-order sm">
      <span className="muted">{t('order.name')}</span>
      {list.failoverOrder.map((name, at) => (
        <span key={name} className="row">
          {at === 0 ? null : <span className="muted">{t('order.next')}</span>}
          <span className="strong">{name}</span>
        </span>
      ))}
      {list.failoverOrder.length > 1 ? null : (
        <span className="muted">{t(list.failoverOrder.length === 0 ? 'order.nobody' : 'order.alone')}</span>
      )}
      <span className="muted">· {t(`strategy.${list.strategy}`)}</span>
      {list.hasFile ? null : <span className="muted">· {t('noFile')}</span>}
    </p>
  );
}

interface AgentTableProps {
  readonly usable: readonly AgentInfo[];
  readonly planned: readonly AgentInfo[];
  readonly chosen: string;
}

function AgentTable({ usable, planned, chosen }: AgentTableProps) {
  const { t } = useTranslation('agents');
  const navigate = useNavigate();
  const all = [...usable, ...planned];
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = all.findIndex((agent) => agent.name === chosen) + step;
    const next = all[Math.max(0, Math.min(all.length - 1, at))];
    if (next === undefined) return;
    event.preventDefault();
    void navigate(agentLink(next.name), { replace: true });
    document.getElementById(`agent-${next.name}`)?.focus();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section className="scroll agent-list" tabIndex={0} aria-label={t('tab.agents')}>
      <table onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">{t('column.agent')}</th>
            <th scope="col">{t('column.health')}</th>
            <th scope="col" className="c-model">
              {t('column.model')}
            </th>
            <th scope="col" className="c-breaker">
              {t('column.breaker')}
            </th>
            <th scope="col" className="num">
              {t('column.running')}
            </th>
          </tr>
        </thead>
        <tbody>
          {usable.map((agent) => (
            <AgentRow key={agent.name} agent={agent} isChosen={agent.name === chosen} />
          ))}
        </tbody>
        {planned.length === 0 ? null : (
          <tbody>
            <tr className="group">
              <th scope="rowgroup" colSpan={2}>
                {t('planned.title')}
              </th>
              <td className="c-model" />
              <td className="c-breaker" />
              <td />
            </tr>
            {planned.map((agent) => (
              <AgentRow key={agent.name} agent={agent} isChosen={agent.name === chosen} />
            ))}
          </tbody>
        )}
      </table>
    </section>
  );
}

interface ConditionLineProps {
  readonly agent: AgentInfo;
  readonly condition: AgentCondition;
}

/** Why it is unhealthy, in a few words where there are any; else when it was looked at. */
function ConditionLine({ agent: { health }, condition }: ConditionLineProps) {
  const { t } = useTranslation('agents');
  if (condition === 'unhealthy' && health.error !== null) {
    const { code, message } = health.error;
    const key = unhealthyKey(code);
    return <span title={saidPlainly(message)}>{key === null ? <Said text={message} /> : t(key)}</span>;
  }
  if (health.lastCheck === null || condition === 'planned') return t(`conditionLine.${condition}`);
  return <TimeAgo at={health.lastCheck} />;
}

function AgentRow({ agent, isChosen }: { readonly agent: AgentInfo; readonly isChosen: boolean }) {
  const { t } = useTranslation('agents');
  const navigate = useNavigate();
  const isChecking = useChecking(({ names }) => names.has(agent.name));
  const condition = conditionOf(agent, isChecking);
  const open = (event: React.MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('a, button') !== null) return;
    void navigate(agentLink(agent.name), { replace: true });
  };
  return (
    <tr className={classNames('agent-row', isChosen && 'chosen')} onClick={open}>
      <td>
        <span className="row">
          <Link
            id={`agent-${agent.name}`}
            className="plain strong"
            to={agentLink(agent.name)}
            replace
            aria-current={isChosen ? 'true' : undefined}
          >
            {agent.name}
          </Link>
          {agent.isPrimary ? <Chip>{t('primary')}</Chip> : null}
          {agent.isPrimary || agent.failoverRank === null ? null : (
            <Chip>{t('fallback', { rank: agent.failoverRank })}</Chip>
          )}
          {isDemoAgent(agent.name) ? <Status status="demo" className="sm" /> : null}
        </span>
        <span className="muted sm cut block" title={worded(agent.description)}>
          {isDemoAgent(agent.name) ? t('demo.line') : `${agent.provider} · ${t(`kindShort.${agent.kind}`)}`}
        </span>
      </td>
      <td>
        <AgentConditionMark condition={condition} />
        <span className="muted sm cut block">
          <ConditionLine agent={agent} condition={condition} />
        </span>
      </td>
      <td className="c-model cut" title={agent.model ?? undefined}>
        {agent.isAvailable ? <AgentModel agent={agent} /> : <span className="muted">–</span>}
      </td>
      <td className="c-breaker">
        {agent.isAvailable ? <BreakerMark breaker={agent.breaker} /> : <span className="muted">–</span>}
      </td>
      <td className="num">
        {agent.runningSteps === 0 ? <span className="muted">{agent.isAvailable ? 0 : '–'}</span> : agent.runningSteps}
      </td>
    </tr>
  );
}
