import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { appInfo } from '../../client/app-state.ts';
import { useQuery } from '../../client/use-query.ts';
import { PageHead } from '../../ui/page.tsx';
import { RightGate } from '../../ui/right-gate.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { readTab } from './admin-address.ts';
import { ADMIN_TABS } from './admin-tabs.ts';
import './admin.css';

/** Who may do what, who did what? */
export function AdminScreen() {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const project = useQuery(appInfo).value?.project.name;
  return (
    <>
      <PageHead title={t('title')} aside={<span className="muted">{project}</span>} />
      <Tabs
        label={t('title')}
        value={readTab(params, ADMIN_TABS)}
        tabs={ADMIN_TABS.map(({ value, title }) => ({ value, label: t(title) }))}
        onChange={(next) => void navigate(next === 'users' ? '/admin' : `/admin?tab=${next}`, { replace: true })}
      >
        {ADMIN_TABS.map(({ value, needs, closed, Component }) => (
          <TabPanel key={value} value={value}>
            <RightGate needs={needs} title={t(closed)}>
              <Component />
            </RightGate>
          </TabPanel>
        ))}
      </Tabs>
    </>
  );
}
