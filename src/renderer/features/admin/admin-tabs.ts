import type { ComponentType } from 'react';
import type { OperationName } from '../../../shared/contract/index.ts';
import { AuditTab } from './audit-tab.tsx';
import { MetricsTab } from './metrics-tab.tsx';
import { SecretsTab } from './secrets-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { StorageTab } from './storage-tab.tsx';
import { UsersTab } from './users-tab.tsx';

/** One area of Admin; its address is `/admin?tab=<value>`. */
export interface AdminTab {
  readonly value: string;
  /** Keys of its words in the namespace `admin`. */
  readonly title: string;
  /** What stands there for whoever may not see it. */
  readonly closed: string;
  /** What is asked for to show it. */
  readonly needs: OperationName;
  readonly Component: ComponentType;
}

/** In the order in which they stand; what is added here is there. */
export const ADMIN_TABS: readonly AdminTab[] = [
  { value: 'users', title: 'tab.users', closed: 'closed.users', needs: 'users.list', Component: UsersTab },
  { value: 'audit', title: 'tab.audit', closed: 'closed.audit', needs: 'audit.query', Component: AuditTab },
  { value: 'secrets', title: 'tab.secrets', closed: 'closed.secrets', needs: 'secrets.list', Component: SecretsTab },
  { value: 'storage', title: 'tab.storage', closed: 'closed.storage', needs: 'storage.show', Component: StorageTab },
  { value: 'metrics', title: 'tab.metrics', closed: 'closed.metrics', needs: 'metrics.show', Component: MetricsTab },
  { value: 'settings', title: 'tab.settings', closed: 'closed.settings', needs: 'app.info', Component: SettingsTab },
];
