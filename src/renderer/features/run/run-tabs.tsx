import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import type { StepState } from '../../../shared/model/run.ts';
import { useQuery } from '../../client/use-query.ts';
import { formatCount } from '../../ui/format.ts';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { AgentTab } from './agent-tab.tsx';
import { DemoLine } from './demo-line.tsx';
import { EventsTab } from './events-tab.tsx';
import { FilesTab } from './files-tab.tsx';
import { LogPanel } from './log-panel.tsx';
import { ResultTab } from './result-tab.tsx';
import { hasAgentPart, hasDemoAnswers } from './run-agents.ts';
import { type RunTab, shownRun, showTab, useRunChoices } from './run-store.ts';
import { InputsTab } from './values-tabs.tsx';

interface RunTabsProps {
  readonly view: RunView;
  readonly logTotal: number;
  readonly logRevision: number;
}

/** What a run leaves behind: log, values, files, events. Only the open tab is there. */
export function RunTabs({ view, logTotal, logRevision }: RunTabsProps) {
  const { t } = useTranslation('run');
  const asked = useRunChoices((state) => state.tab);
  const conversationTotal = useQuery(shownRun).value?.conversationTotal ?? 0;
  const { run } = view;
  const isLive = run.completedAt === null;
  const inputs = Object.keys(view.inputs).length;
  const outputs = Object.keys(view.outputs).length;
  const hasAgent = conversationTotal > 0 || hasAgentPart(view);
  const byItself = run.status === 'completed' && outputs > 0 ? 'outputs' : 'log';
  const tab = asked === null || (asked === 'agent' && !hasAgent) ? byItself : asked;
  const isDemo = hasDemoAnswers(view);
  const tabs = [
    { value: 'log', label: t('tabs.log'), note: formatCount(logTotal) },
    ...(hasAgent
      ? [
          {
            value: 'agent',
            label: t('tabs.agent'),
            note: conversationTotal === 0 ? undefined : formatCount(conversationTotal),
          },
        ]
      : []),
    { value: 'inputs', label: t('tabs.inputs'), note: inputs === 0 ? undefined : String(inputs) },
    { value: 'outputs', label: t('tabs.result'), note: outputs === 0 ? undefined : String(outputs) },
    { value: 'files', label: t('tabs.files') },
    // While the run goes on, only the tab itself knows how many there are by now.
    { value: 'events', label: t('tabs.events'), note: isLive ? undefined : formatCount(view.eventCount) },
  ];
  const steps = useMemo(() => stepsWithLog(view.steps), [view.steps]);
  // Who works in a tab has chosen it: it does not go away under his hands when the run ends.
  const keep = (): void => (asked === null ? showTab(tab) : undefined);
  return (
    <section
      className="run-pane"
      aria-label={t('tabs.name')}
      onPointerDownCapture={keep}
      onKeyDownCapture={keep}
      onWheelCapture={keep}
    >
      <Tabs label={t('tabs.name')} value={tab} tabs={tabs} onChange={(next) => showTab(next as RunTab)}>
        <TabPanel value="log">
          <LogPanel runId={run.runId} total={logTotal} revision={logRevision} isLive={isLive} steps={steps} />
        </TabPanel>
        {hasAgent ? (
          <TabPanel value="agent">
            <AgentTab view={view} total={conversationTotal} />
          </TabPanel>
        ) : null}
        <TabPanel value="inputs">
          <InputsTab view={view} />
        </TabPanel>
        <TabPanel value="outputs">
          <ResultTab view={view} />
        </TabPanel>
        <TabPanel value="files">
          {isDemo ? <DemoLine /> : null}
          <FilesTab runId={run.runId} stamp={`${run.status}-${run.stepsSucceeded}`} />
        </TabPanel>
        <TabPanel value="events">
          <EventsTab runId={run.runId} position={view.position} />
        </TabPanel>
      </Tabs>
    </section>
  );
}

/** More do not fit into a menu that a person reads. */
const MAX_CHOICES = 200;

/** Steps whose lines one may want to see: those that began, with trouble first when they are many. */
function stepsWithLog(states: readonly StepState[]): readonly { readonly path: string; readonly name: string }[] {
  const begun = states.filter((state) => state.attempts.length > 0);
  const loud =
    begun.length <= MAX_CHOICES
      ? begun
      : [
          ...begun.filter((state) => state.status !== 'completed'),
          ...begun.filter((state) => state.status === 'completed'),
        ];
  return loud
    .slice(0, MAX_CHOICES)
    .map(({ path, name }) => ({ path, name: path.includes('[') ? `${name} (${path})` : name }));
}
