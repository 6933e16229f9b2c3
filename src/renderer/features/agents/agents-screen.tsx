import { RefreshCw } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { PageHead } from '../../ui/page.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { agentList, checkAgents, useChecking } from './agents-store.ts';
import { AgentsTab } from './agents-tab.tsx';
import './agents.css';
import { toolList } from './tools-store.ts';
import { ToolsTab } from './tools-tab.tsx';

/** Who can do the work? */
export function AgentsScreen() {
  const { t } = useTranslation('agents');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const agents = useQuery(agentList).value?.agents ?? null;
  const tools = useQuery(toolList).value?.tools ?? null;
  const isChecking = useChecking(({ names }) => names.size > 0);
  useEffect(() => agentList.open(null), []);
  useEffect(() => toolList.open(null), []);
  const tab = params.get('tab') === 'tools' ? 'tools' : 'agents';
  const usable = agents?.filter((agent) => agent.isAvailable).length;
  const counted = (count: number | undefined): string | undefined =>
    count === undefined ? undefined : formatCount(count);
  return (
    <>
      <PageHead title={t('title')}>
        {tab === 'agents' && agents !== null ? (
          <Button
            needs="agents.check"
            icon={RefreshCw}
            reason={isChecking ? t('why.checking') : null}
            onClick={() => void checkAgents()}
          >
            {t('checkAll')}
          </Button>
        ) : null}
      </PageHead>
      <Tabs
        label={t('title')}
        value={tab}
        tabs={[
          { value: 'agents', label: t('tab.agents'), note: counted(usable) },
          { value: 'tools', label: t('tab.tools'), note: counted(tools?.length) },
        ]}
        onChange={(next) => void navigate(next === 'tools' ? '/agents?tab=tools' : '/agents', { replace: true })}
      >
        <TabPanel value="agents">
          <AgentsTab asked={params.get('agent')} />
        </TabPanel>
        <TabPanel value="tools">
          <ToolsTab asked={params.get('tool')} operation={params.get('op')} />
        </TabPanel>
      </Tabs>
    </>
  );
}
