import { MessagesSquare } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { Switch } from '../../ui/checkbox.tsx';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { Select } from '../../ui/select.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import './agent.css';
import { AgentTotals } from './agent-totals.tsx';
import { callsByParent, linkCalls } from './call-links.ts';
import { type Conversation, rowsOfConversation } from './conversation.ts';
import { ConversationList } from './conversation-list.tsx';
import { currentBlocks } from './liveness.ts';
import { LivenessLine } from './liveness-line.tsx';
import { showConversation, useRunChoices } from './run-store.ts';
import { useConversation } from './use-conversation.ts';

/** What the agents of a run say and do, as it happens. */
export function AgentTab({ view, total }: { readonly view: RunView; readonly total: number }) {
  const { t } = useTranslation('run');
  const { run, steps } = view;
  const isLive = run.completedAt === null;
  const path = useRunChoices((state) => state.conversationPath);
  // A live conversation opens at its end, one that is over at its beginning.
  const [isFollowing, setIsFollowing] = useState(isLive);
  const { conversation, error, isReading, retry } = useConversation(run.runId, total);
  const states = useMemo(() => new Map(steps.map((state) => [state.path, state])), [steps]);
  const rows = useMemo(() => rowsOfConversation(conversation, path), [conversation, path]);
  const links = useLinks(conversation, steps);
  const talkers = useMemo(() => [...new Set(conversation.sections.map((section) => section.path))], [conversation]);
  return (
    <>
      <div className="logbar">
        {talkers.length < 2 && path === null ? null : (
          <Select
            label={t('talk.stepFilter')}
            value={path ?? 'all'}
            choices={[
              { value: 'all', label: t('talk.allSteps') },
              ...talkers.map((each) => ({ value: each, label: labelOf(states.get(each), each) })),
            ]}
            onChange={(value) => showConversation(value === 'all' ? null : value)}
          />
        )}
        <span className="talk-live">
          <LiveSteps steps={steps} conversation={conversation} path={path} />
        </span>
        <span className="grow" />
        <AgentTotals view={view} path={path} />
        <Switch isOn={isFollowing} onChange={setIsFollowing}>
          {t('log.follow')}
        </Switch>
      </div>
      {error === null ? null : <ErrorNote error={error} onRetry={retry} className="mx-4 my-2" />}
      {isReading && conversation.read > 0 && total - conversation.read > 500 ? (
        <p className="sm muted px-4 py-1" role="status">
          {t('talk.reading', { percent: Math.floor((conversation.read / total) * 100) })}
        </p>
      ) : null}
      {rows.length > 0 ? (
        <ConversationList
          conversation={conversation}
          rows={rows}
          states={states}
          links={links}
          isFollowing={isFollowing}
          onFollow={setIsFollowing}
        />
      ) : isReading ? (
        <SkeletonRows rows={4} columns={[60]} />
      ) : (
        <div className="tab-body">
          <EmptyState
            icon={MessagesSquare}
            title={t(isLive ? 'talk.emptyLive' : path === null ? 'talk.empty' : 'talk.emptyStep')}
            text={t('talk.emptyText')}
          />
        </div>
      )}
    </>
  );
}

const labelOf = (state: StepState | undefined, path: string): string =>
  state === undefined ? path : path.includes('[') ? `${state.name} (${path})` : state.name;

function useLinks(conversation: Conversation, steps: readonly StepState[]): ReadonlyMap<number, string> {
  return useMemo(() => {
    const calls = callsByParent(steps);
    return new Map(conversation.sections.flatMap((section) => [...linkCalls(section, calls.get(section.path) ?? [])]));
  }, [conversation, steps]);
}

interface LiveStepsProps {
  readonly steps: readonly StepState[];
  readonly conversation: Conversation;
  readonly path: string | null;
}

/** More at once are counted, not told. */
const MAX_LIVE = 3;

/** What each agent step does at this moment. */
function LiveSteps({ steps, conversation, path }: LiveStepsProps) {
  const { t } = useTranslation('run');
  const calls = useMemo(() => callsByParent(steps), [steps]);
  const live = steps.filter(
    (step) =>
      step.agent !== null &&
      (path === null || step.path === path) &&
      (step.status === 'running' || step.status === 'in_doubt' || step.status === 'waiting' || step.retryAt !== null),
  );
  return (
    <>
      {live.slice(0, MAX_LIVE).map((step) => (
        <LivenessLine
          key={step.path}
          step={step}
          blocks={currentBlocks(conversation, step)}
          hasDoubtfulCall={(calls.get(step.path) ?? []).some((call) => call.status === 'in_doubt')}
          name={live.length > 1 ? step.name : undefined}
        />
      ))}
      {live.length > MAX_LIVE ? (
        <span className="muted sm">{t('live.others', { count: live.length - MAX_LIVE })}</span>
      ) : null}
    </>
  );
}
