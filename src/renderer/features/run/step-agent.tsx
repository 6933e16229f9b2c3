import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { RunView } from '../../../shared/contract/index.ts';
import type { StepAgent, TokenUsage } from '../../../shared/model/agent.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { isDemoAgent } from '../../ui/demo.ts';
import { formatCount, formatMoney } from '../../ui/format.ts';
import { Status } from '../../ui/status.tsx';
import { worded } from '../../ui/worded.ts';
import { LivenessLine } from './liveness-line.tsx';
import { isDemoStep } from './run-agents.ts';
import { showConversation, shownRun } from './run-store.ts';
import { useHandOvers } from './use-hand-overs.ts';
import { useStepWords } from './use-step-words.ts';

interface StepAgentFactsProps {
  readonly runId: string;
  readonly state: StepState;
}

/** Who did the step, with what, for how much, and why it changed hands. Rows of the pane's list of facts. */
export function StepAgentFacts({ runId, state }: StepAgentFactsProps) {
  const { t } = useTranslation('run');
  const handOvers = useHandOvers(runId, state);
  const { agent } = state;
  if (agent === null) return null;
  return (
    <>
      <dt>{t('agent.name')}</dt>
      <dd>
        {agent.agentUsed} <span className="muted">{isDemoAgent(agent.agentUsed) ? '' : agent.model}</span>{' '}
        {isDemoAgent(agent.agentUsed) ? <Status status="demo" className="sm" /> : null}
      </dd>
      {agent.agentsTried.length < 2 ? null : (
        <>
          <dt>{t('agent.tried')}</dt>
          <dd>{agent.agentsTried.join(', ')}</dd>
        </>
      )}
      {handOvers.length === 0 ? null : (
        <>
          <dt>{t('agent.handOver')}</dt>
          <dd>
            <ul>
              {handOvers.map((each, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what happened keeps its place
                <li key={at}>
                  {t('agent.tookOver', { from: each.from, to: each.to })}
                  {each.reason === null ? '' : `: ${t(`event.reason.${each.reason}`)}`}
                  {each.message === null ? null : (
                    <p className="muted break-words">{worded(plainText(each.message))}</p>
                  )}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      <dt>{t('agent.tokensName')}</dt>
      <dd>{agent.calls === 0 ? '–' : <Tokens usage={agent.usage} />}</dd>
      <dt>{t('agent.cost')}</dt>
      <dd>
        <StepCost agent={agent} />
      </dd>
    </>
  );
}

function Tokens({ usage }: { readonly usage: TokenUsage }) {
  const { t } = useTranslation('run');
  return (
    <>
      {t('agent.tokens', { input: formatCount(usage.inputTokens), output: formatCount(usage.outputTokens) })}
      {usage.cachedTokens === 0 ? '' : ` · ${t('agent.cached', { value: formatCount(usage.cachedTokens) })}`}
      {usage.isEstimated ? ` · ${t('agent.estimated')}` : ''}
    </>
  );
}

/** In full sentences: here is the room to say why there is no amount. */
function StepCost({ agent: { cost, calls, unpricedCalls } }: { readonly agent: StepAgent }) {
  const { t } = useTranslation('run');
  if (calls === 0) return '–';
  const isUnpriced = calls === unpricedCalls;
  return (
    <>
      {isUnpriced ? t('agent.unpricedAll') : formatMoney(cost)}{' '}
      <span className="muted">
        {t('agent.calls', { count: calls })}
        {unpricedCalls === 0 || isUnpriced ? '' : `, ${t('agent.unpricedOf', { count: unpricedCalls })}`}
      </span>
    </>
  );
}

interface StepAgentLineProps {
  readonly view: RunView;
  readonly state: StepState;
}

/** What the agent is doing now, and the way to all it said. */
export function StepAgentLine({ view, state }: StepAgentLineProps) {
  const { t } = useTranslation('run');
  const total = useQuery(shownRun).value?.conversationTotal ?? 0;
  const isLive = state.status === 'running';
  const words = useStepWords({ runId: view.run.runId, path: state.path, attempt: state.attempt, total }, isLive);
  const hasDoubtfulCall = view.steps.some(
    (step) =>
      step.status === 'in_doubt' &&
      step.path.length > state.path.length &&
      step.path.indexOf(`${state.path}.call[`) === 0,
  );
  return (
    <div className="block agent-line">
      {isDemoStep(state) ? <p className="sm">{t('demo.step')}</p> : null}
      <div className="row flex-wrap">
        <LivenessLine step={state} blocks={words} hasDoubtfulCall={hasDoubtfulCall} />
        <Button icon={MessagesSquare} onClick={() => showConversation(state.path)}>
          {t('agent.showTalk')}
        </Button>
      </div>
    </div>
  );
}
