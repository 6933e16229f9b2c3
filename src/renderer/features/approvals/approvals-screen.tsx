import { SquareCheckBig } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { requestCounts } from '../../client/app-state.ts';
import { useQuery, useQueryOf } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { OptionList } from '../../ui/option-list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { rowAfterKey, useListKeys } from '../../ui/use-list-keys.ts';
import './approvals.css';
import { requestList } from './approvals-store.ts';
import {
  chosenId,
  nextPending,
  partsOf,
  type RequestAddress,
  readRequestAddress,
  requestAddress,
  SHOWS,
  type Show,
} from './request-list.ts';
import { RequestPane } from './request-pane.tsx';
import { RequestRow } from './request-row.tsx';

const ROW_PX = 56;

/** What waits for a decision? */
export function ApprovalsScreen() {
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const text = params.toString();
  const address = useMemo(() => readRequestAddress(new URLSearchParams(text)), [text]);
  // Of another choice nothing is known here: its first request must not stand beside this list.
  const list = useQueryOf(requestList, address.show);
  const rows = list.value ?? [];
  const chosen = chosenId(address, rows);
  const open = (id: string | null): void =>
    void navigate(requestAddress({ show: address.show, id }), { replace: true });
  // What is shown stays, whatever becomes of the list: nobody must decide about a request that slipped into its place.
  const isPinned = address.id !== null || chosen === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each request that was not asked for by its id
  useEffect(() => {
    if (!isPinned) open(chosen);
  }, [isPinned, chosen]);
  useListKeys(({ key }) => {
    const at = rows.findIndex((row) => row.id === chosen);
    const row = rows[rowAfterKey(key, at, rows.length) ?? -1];
    if (row !== undefined) open(row.id);
    return row !== undefined;
  });
  const latest = useRef(chosen);
  latest.current = chosen;
  const onTaken = async (id: string): Promise<void> => {
    const next = nextPending(rows, id);
    await requestList.refresh();
    if (latest.current !== id) return;
    open(next);
    document.querySelector<HTMLElement>('.request-list')?.focus();
  };
  return (
    <div className="approvals">
      <RequestSide address={address} chosen={chosen} onChoose={open} />
      {chosen === null ? (
        <Nothing show={address.show} isKnown={list.value !== null} />
      ) : (
        <RequestPane key={chosen} id={chosen} onTaken={(id) => void onTaken(id)} />
      )}
    </div>
  );
}

interface RequestSideProps {
  readonly address: RequestAddress;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** The requests, one below the other. */
function RequestSide({ address: { show }, chosen, onChoose }: RequestSideProps) {
  const { t } = useTranslation('approvals');
  const navigate = useNavigate();
  const list = useQueryOf(requestList, show);
  const pending = useQuery(requestCounts).value?.pending ?? 0;
  const rows = list.value ?? [];
  const note = (of: Show): string | undefined => (of === 'pending' && pending > 0 ? formatCount(pending) : undefined);
  return (
    <section className="request-side" aria-label={t('list')}>
      <PageHead title={t('title')} />
      <Tabs
        label={t('title')}
        value={show}
        tabs={SHOWS.map((value) => ({ value, label: t(`show.${value}`), note: note(value) }))}
        onChange={(next) =>
          void navigate(requestAddress({ show: SHOWS.find((one) => one === next) ?? 'pending', id: null }), {
            replace: true,
          })
        }
      >
        <TabPanel value={show}>
          {list.error !== null ? (
            <ErrorNote className="m-4 flex-none" error={list.error} onRetry={() => void requestList.refresh()} />
          ) : null}
          {list.value === null && list.error === null ? <SkeletonRows rows={6} columns={[70, 25]} /> : null}
          {rows.length === 0 ? null : (
            <OptionList
              className="request-list"
              label={t('list')}
              options={rows}
              groups={partsOf(show, rows).map(({ part, size }) => ({
                label: t(`part.${part}`, { count: size }),
                size,
              }))}
              keyOf={(row) => row.id}
              chosen={chosen ?? ''}
              rowHeight={ROW_PX}
              onChoose={onChoose}
            >
              {(row) => <RequestRow request={row} />}
            </OptionList>
          )}
        </TabPanel>
      </Tabs>
      <KeyLine />
    </section>
  );
}

function KeyLine() {
  const { t } = useTranslation('approvals');
  return (
    <p className="request-keys sm muted" aria-hidden="true">
      <span>
        <kbd>J</kbd> <kbd>K</kbd> {t('keys.move')}
      </span>
      <span>
        <kbd>A</kbd> {t('keys.approve')}
      </span>
      <span>
        <kbd>R</kbd> {t('keys.reject')}
      </span>
    </p>
  );
}

/** No request: what one looks like, or the way to those that there are. */
function Nothing({ show, isKnown }: { readonly show: Show; readonly isKnown: boolean }) {
  const { t } = useTranslation('approvals');
  const navigate = useNavigate();
  if (!isKnown) return <div />;
  const other: Show = show === 'pending' ? 'decided' : 'pending';
  return (
    <div className="p-6">
      <EmptyState icon={SquareCheckBig} title={t(`empty.title.${show}`)} text={t(`empty.text.${show}`)}>
        <div>
          {show !== 'pending' ? null : (
            <code className="mb-3 block whitespace-pre-wrap">{t('empty.example', EXAMPLE)}</code>
          )}
          <Button onClick={() => void navigate(requestAddress({ show: other, id: null }))}>
            {t(show === 'pending' ? 'empty.act' : 'empty.toWaiting')}
          </Button>
        </div>
      </EmptyState>
    </div>
  );
}

/** A line of a workflow as it is: its braces are no places for words. */
const EXAMPLE = { skipInterpolation: true } as const;
