import { ChevronDown, ChevronUp, Copy, Download, Search, SearchAlert, WrapText, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { act } from '../../client/act.ts';
import { saveFile } from '../../client/save-file.ts';
import { Button } from '../../ui/button.tsx';
import { Switch } from '../../ui/checkbox.tsx';
import { TextInput } from '../../ui/field.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useSearchKey } from '../../ui/keyboard.ts';
import { Select } from '../../ui/select.tsx';
import { ariaKeys } from '../../ui/shortcuts.ts';
import { showToast } from '../../ui/toasts.tsx';
import { worded } from '../../ui/worded.ts';
import type { LogFilter } from './log-filter.ts';
import { logFile, readLog } from './save-log.ts';
import type { LogSearch } from './use-log-search.ts';

interface LogBarProps {
  readonly runId: string;
  readonly steps: readonly { readonly path: string; readonly name: string }[];
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly search: LogSearch;
  readonly total: number;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly isWrapped: boolean;
  readonly onWrap: (isWrapped: boolean) => void;
  readonly onFirstError: () => void;
}

const LEVELS: readonly LogFilter['level'][] = ['all', 'debug', 'info', 'warning', 'error'];
/** More than this does not go to the clipboard; the file has all of it. */
const COPY_LINES = 5000;

/** Search, filters and switches over the log. */
export function LogBar(props: LogBarProps) {
  const { t } = useTranslation('run');
  const { filter, onFilter, steps, isFollowing, onFollow, isWrapped, onWrap } = props;
  const stepChoices = [
    { value: 'all', label: t('log.allSteps') },
    ...steps.map((step) => ({ value: step.path, label: step.name })),
  ];
  return (
    <div className="logbar">
      <LogFind {...props} />
      <Select
        label={t('log.stepFilter')}
        value={filter.path}
        choices={stepChoices}
        onChange={(path) => onFilter({ ...filter, path })}
      />
      <Select
        label={t('log.levelFilter')}
        value={filter.level}
        choices={LEVELS.map((level) => ({ value: level, label: t(`log.levels.${level}`) }))}
        onChange={(level) => onFilter({ ...filter, level: LEVELS.find((each) => each === level) ?? 'all' })}
      />
      <Button
        icon={SearchAlert}
        label={t('log.firstError')}
        aria-keyshortcuts={ariaKeys('firstError')}
        onClick={props.onFirstError}
      />
      <span className="grow" />
      <Switch isOn={isFollowing} onChange={onFollow}>
        <span className="sm">{t('log.follow')}</span>
      </Switch>
      <Button
        variant="ghost"
        icon={WrapText}
        label={t('log.wrap')}
        aria-pressed={isWrapped}
        onClick={() => onWrap(!isWrapped)}
      />
      <LogExport runId={props.runId} filter={filter} total={props.total} />
    </div>
  );
}

function LogFind({ text, onText, search }: LogBarProps) {
  const { t } = useTranslation('run');
  const fieldRef = useRef<HTMLInputElement>(null);
  useSearchKey(fieldRef);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter') search.go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && text !== '') onText('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const none = search.lines.length === 0;
  const place = search.isBusy
    ? t('log.searching')
    : search.query === ''
      ? ''
      : none
        ? t('log.noHit')
        : t('log.hit', { at: formatCount(search.current + 1), count: formatCount(search.total) });
  const reason = none ? t('log.noHit') : undefined;
  return (
    <>
      <TextInput
        ref={fieldRef}
        className="find"
        type="search"
        aria-label={t('log.search')}
        placeholder={t('log.search')}
        value={text}
        onChange={(event) => onText(event.target.value.slice(0, 200))}
        onKeyDown={onKeyDown}
        before={<Icon of={Search} />}
        after={
          <span className="muted sm nowrap" role="status">
            {search.error === null ? place : worded(search.error.message)}
          </span>
        }
      />
      <Button
        icon={ChevronUp}
        label={t('log.previous')}
        aria-disabled={none}
        title={reason ?? t('log.previous')}
        onClick={() => search.go(-1)}
      />
      <Button
        icon={ChevronDown}
        label={t('log.next')}
        aria-disabled={none}
        title={reason ?? t('log.next')}
        onClick={() => search.go(1)}
      />
    </>
  );
}

interface LogExportProps {
  readonly runId: string;
  readonly filter: LogFilter;
  readonly total: number;
}

function LogExport({ runId, filter, total }: LogExportProps) {
  const { t } = useTranslation('run');
  const [saving, setSaving] = useState<{ readonly percent: number; readonly stop: () => void } | null>(null);
  const copy = (): Promise<void> =>
    act(async () => {
      const from = Math.max(1, total - COPY_LINES + 1);
      const texts: string[] = [];
      for await (const { text } of readLog({ runId, filter, from })) texts.push(text);
      await navigator.clipboard.writeText(texts.join(''));
      showToast(t(from > 1 ? 'log.copiedEnd' : 'log.copied', { count: Math.min(total, COPY_LINES) }));
    });
  const save = async (): Promise<void> => {
    const stopper = new AbortController();
    const { signal } = stopper;
    const tell = (line: number): void =>
      setSaving({ percent: Math.min(99, Math.floor((line / Math.max(1, total)) * 100)), stop: () => stopper.abort() });
    tell(0);
    await act(async () => {
      const file = await logFile({ runId, filter, from: 1, signal }, tell).catch((thrown: unknown) => {
        if (signal.aborted) return null;
        throw thrown;
      });
      if (file !== null) saveFile(`${runId}.log`, file);
    });
    setSaving(null);
  };
  return (
    <>
      <Button variant="ghost" icon={Copy} label={t('log.copy')} onClick={() => void copy()} />
      {saving === null ? (
        <Button variant="ghost" icon={Download} label={t('log.save')} onClick={() => void save()} />
      ) : (
        <Saving percent={saving.percent} onStop={saving.stop} />
      )}
    </>
  );
}

/** How far the log has been read, and the way to stop. */
function Saving({ percent, onStop }: { readonly percent: number; readonly onStop: () => void }) {
  const { t } = useTranslation('run');
  const text = t('log.saving', { percent });
  return (
    <span className="row log-saving">
      <span
        className="progress"
        role="progressbar"
        aria-label={t('log.savingName')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i style={{ width: `${percent}%` }} />
      </span>
      <span className="muted sm nowrap">{text}</span>
      <Button variant="ghost" icon={X} label={t('log.stopSaving')} onClick={onStop} />
    </span>
  );
}
