import { ScrollText } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { AuditEvent, AuditHead } from '../../../shared/model/audit.ts';
import { useQueryOf } from '../../client/use-query.ts';
import { RemovableChip } from '../../ui/chip.tsx';
import { classNames } from '../../ui/class-names.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { formatCount } from '../../ui/format.ts';
import { type ActiveFilter, EmptyState, FilteredEmpty } from '../../ui/notes.tsx';
import { ALL_EVENTS, type AuditAddress, auditAddress, readAuditAddress } from './audit-address.ts';
import { AuditBar } from './audit-bar.tsx';
import { AUDIT_COLUMNS } from './audit-columns.tsx';
import { AuditPane } from './audit-pane.tsx';
import { auditRows, loadMoreEvents, questionKey, useAuditPaging } from './audit-store.ts';
import { AuditStrip } from './audit-strip.tsx';
import './audit.css';

const AHEAD = 100;
const keyOf = ({ id }: AuditEvent): string => id;
const NEWEST_FIRST = { key: 'time', isDescending: true };

/** Who did what, when, through which door, and how it ended; one event open beside the list. */
export function AuditTab() {
  const { t } = useTranslation('admin');
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const text = params.toString();
  const address = useMemo(() => readAuditAddress(new URLSearchParams(text)), [text]);
  const change = (next: Partial<AuditAddress>): void =>
    void navigate(auditAddress({ ...address, ...next }), { replace: true });
  const { value, error } = useQueryOf(auditRows, questionKey(address));
  const paging = useAuditPaging();
  const rows = value?.rows ?? null;
  const count = rows?.length ?? 0;
  const onReach = useCallback(
    (last: number): void => {
      if (last >= count - AHEAD) void loadMoreEvents();
    },
    [count],
  );
  const active = useActive(address, change);
  const onKey = (key: string): boolean => {
    if (key !== 'Escape' || address.event === null) return false;
    change({ event: null });
    return true;
  };
  const empty =
    active.length === 0 ? (
      <EmptyState icon={ScrollText} title={t('audit.none')} className="px-6" />
    ) : (
      <FilteredEmpty
        className="px-6 max-[1200px]:px-4"
        title={t('audit.filteredEmpty')}
        filters={active}
        onClear={() => change(ALL_EVENTS)}
        without={t('audit.without')}
      />
    );
  const { event, resource } = address;
  return (
    <>
      <AuditStrip newest={active.length === 0 ? headOf(rows) : null} />
      <div className={classNames('list-cols audit-cols', event !== null && 'open')}>
        <section className="audit-list" aria-label={t('audit.list')}>
          <AuditBar question={address} users={usersOf(rows, address.user)} onFilter={change} />
          {resource === null ? null : (
            <div className="audit-on">
              <RemovableChip
                label={t('everywhere:filter.remove', { name: resource })}
                onRemove={() => change({ resource: null })}
              >
                {resource}
              </RemovableChip>
            </div>
          )}
          <DataTable
            className="audit-table"
            label={t('audit.list')}
            columns={AUDIT_COLUMNS}
            rows={rows}
            keyOf={keyOf}
            onOpen={(row) => change({ event: row.id })}
            empty={empty}
            error={error ?? paging.error}
            onRetry={() => void auditRows.refresh()}
            sort={NEWEST_FIRST}
            isWhole={value?.isWhole ?? true}
            onReach={onReach}
            onKey={onKey}
          />
          <p className="audit-foot sm muted" role={paging.isLoading ? 'status' : undefined}>
            {paging.isLoading
              ? t('audit.loadingMore')
              : t('audit.foot', { count: value?.total ?? 0, value: formatCount(value?.total ?? 0) })}
          </p>
        </section>
        {event === null ? null : (
          <AuditPane
            key={event}
            id={event}
            listed={rows?.find(({ id }) => id === event) ?? null}
            onFilter={change}
            onClose={() => change({ event: null })}
          />
        )}
      </div>
    </>
  );
}

function headOf(rows: readonly AuditEvent[] | null): AuditHead | null {
  const newest = rows?.[0];
  return newest === undefined ? null : { seq: newest.seq, hash: newest.hash };
}

/** Who has done something in the list, and who is asked for. */
const usersOf = (rows: readonly AuditEvent[] | null, asked: string | null): readonly string[] =>
  [...new Set([...(asked === null ? [] : [asked]), ...(rows ?? []).map(({ user_id }) => user_id)])].sort();

/** What is filtered, as chips that take it away. */
function useActive(address: AuditAddress, change: (next: Partial<AuditAddress>) => void): readonly ActiveFilter[] {
  const { t } = useTranslation('admin');
  const { text, type, user, resource, door, onlyBad, since } = address;
  const chips: ActiveFilter[] = [];
  const add = (key: string, label: string, without: Partial<AuditAddress>): void => {
    chips.push({ key, label, onRemove: () => change(without) });
  };
  if (text !== '') add('text', text, { text: '' });
  if (type !== null) add('type', type, { type: null });
  if (user !== null) add('user', user, { user: null });
  if (resource !== null) add('resource', resource, { resource: null });
  if (door !== null) add('door', t(`door.${door}`), { door: null });
  if (onlyBad) add('bad', t('audit.onlyBad'), { onlyBad: false });
  if (since !== 'all') add('since', t(`audit.since.${since}`), { since: 'all' });
  return chips;
}
