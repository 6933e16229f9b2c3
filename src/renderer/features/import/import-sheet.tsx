import { CircleX, FileText, Info, TriangleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportSheet } from '../../../shared/contract/index.ts';
import type { BundleFile, ScriptTool } from '../../../shared/model/bundle.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { DiagnosticText } from '../../ui/diagnostic-text.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Note } from '../../ui/notes.tsx';
import { TrustView } from '../../ui/trust/trust-view.tsx';
import type { ConsentDraft } from '../../ui/trust/use-consent.ts';
import { StagedFileDialog } from './staged-file-dialog.tsx';

export type ConflictChoice = 'replace' | 'keep_both';

function Section({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="mt-4">
      <h3 className="mb-1">
        {title} {note === undefined ? null : <span className="font-normal text-muted">{note}</span>}
      </h3>
      {children}
    </section>
  );
}

type OnRead = (path: string) => void;

function ReadButton({ path, onRead }: { readonly path: string; readonly onRead: OnRead }) {
  const { t } = useTranslation('import');
  return (
    <Button variant="ghost" icon={FileText} aria-label={t('file.readNamed', { path })} onClick={() => onRead(path)}>
      {t('file.read')}
    </Button>
  );
}

interface ScriptsProps {
  readonly tools: readonly ScriptTool[];
  readonly onRead: OnRead;
}

function Scripts({ tools, onRead }: ScriptsProps) {
  const { t } = useTranslation('import');
  if (tools.length === 0) return <p className="muted">{t('sheet.noScripts')}</p>;
  return (
    <>
      <ul className="border-t border-border">
        {tools.map((tool) => (
          <li key={tool.scriptPath} className="grid gap-0.5 border-b border-border py-1.5">
            <div className="flex flex-wrap items-center gap-x-3">
              <span className="mono strong">{tool.scriptPath}</span>
              <span className="sm muted">
                {t('sheet.tool')} <span className="mono text-text">{tool.name}</span>
              </span>
              <span className="sm muted">
                {t('sheet.operations')}{' '}
                <span className="mono text-text">
                  {tool.operations.length === 0
                    ? t('sheet.allOperations')
                    : tool.operations.map(({ name }) => name).join(', ')}
                </span>
              </span>
              <span className="grow" />
              <ReadButton path={tool.scriptPath} onRead={onRead} />
            </div>
            {tool.description === '' ? null : <span className="sm muted">{tool.description}</span>}
            {tool.passEnv.length === 0 ? null : (
              <span className="sm text-waiting">{t('sheet.env', { names: tool.passEnv.join(', ') })}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

const MARKS = {
  error: { icon: CircleX, tone: 'st-failed' },
  warning: { icon: TriangleAlert, tone: 'st-waiting' },
  notice: { icon: Info, tone: 'st-skipped' },
} as const;

function Problems({ diagnostics }: { readonly diagnostics: readonly Diagnostic[] }) {
  const { t } = useTranslation('import');
  return (
    <ul className="border-t border-border">
      {diagnostics.map((diagnostic) => (
        <li
          key={`${diagnostic.file ?? ''} ${diagnostic.line ?? 0}:${diagnostic.column ?? 0} ${diagnostic.code} ${diagnostic.message}`}
          className="flex gap-3 border-b border-border py-1.5"
        >
          <span className={`status w-20 flex-none ${MARKS[diagnostic.severity].tone}`}>
            <Icon of={MARKS[diagnostic.severity].icon} />
            {t(`severity.${diagnostic.severity}`)}
          </span>
          <span className="grow">
            <DiagnosticText {...diagnostic} />
          </span>
          <span className="mono muted flex-none">
            {diagnostic.file ?? ''} {diagnostic.line === undefined ? '' : t('sheet.line', { line: diagnostic.line })}
          </span>
        </li>
      ))}
    </ul>
  );
}

const SHOWN_FILES = 500;

interface FilesProps {
  readonly files: readonly BundleFile[];
  readonly onRead: OnRead;
}

function Files({ files, onRead }: FilesProps) {
  const { t } = useTranslation('import');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll region must be reachable by keyboard
    <section className="max-h-40 overflow-auto border-y border-border" tabIndex={0} aria-label={t('sheet.files')}>
      <ul>
        {files.slice(0, SHOWN_FILES).map((file) => (
          <li key={file.path} className="flex min-h-6 items-center gap-2 text-sm">
            <button
              type="button"
              className="mono grow cut text-left hover:underline"
              aria-label={t('file.readNamed', { path: file.path })}
              title={t('file.readNamed', { path: file.path })}
              onClick={() => onRead(file.path)}
            >
              {file.path}
            </button>
            {file.isExecutable ? <Chip>{t('sheet.executable')}</Chip> : null}
            <span className="muted w-16 text-right">{formatBytes(file.sizeBytes)}</span>
          </li>
        ))}
      </ul>
      {files.length > SHOWN_FILES ? (
        <p className="sm muted">{t('sheet.moreFiles', { count: files.length - SHOWN_FILES })}</p>
      ) : null}
    </section>
  );
}

interface ConflictProps {
  readonly conflict: NonNullable<ImportSheet['conflict']>;
  readonly choice: ConflictChoice | null;
  readonly onChoose: (choice: ConflictChoice) => void;
}

function Conflict({ conflict, choice, onChoose }: ConflictProps) {
  const { t } = useTranslation('import');
  const choices = [
    { value: 'replace', title: t('sheet.replace'), text: t('sheet.replaceText') },
    { value: 'keep_both', title: t('sheet.keepBoth'), text: t('sheet.keepBothText') },
  ] as const;
  return (
    <Note tone="waiting" className="mt-3">
      <b>{t('sheet.conflict', { name: conflict.name })}</b>
      <p className="sm">
        {t(conflict.identical ? 'sheet.identical' : 'sheet.conflictText', { version: conflict.version })}
      </p>
      <fieldset className="mt-2 grid gap-1">
        <legend className="sr">{t('sheet.choose')}</legend>
        {choices.map((each) => (
          <label key={each.value} className="flex min-h-6 items-baseline gap-2">
            <input
              type="radio"
              name="conflict"
              className="size-3.5 self-center accent-(--accent-solid)"
              checked={choice === each.value}
              onChange={() => onChoose(each.value)}
            />
            <span>
              {each.title} <span className="sm text-text-2">{each.text}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Note>
  );
}

interface ImportSheetBodyProps {
  readonly sheet: ImportSheet;
  readonly consent: ConsentDraft;
  readonly choice: ConflictChoice | null;
  readonly onChoose: (choice: ConflictChoice) => void;
}

/** What an import brings, before anybody consents. */
export function ImportSheetBody({ sheet, consent, choice, onChoose }: ImportSheetBodyProps) {
  const { t } = useTranslation('import');
  const { info, conflict, uploadId } = sheet;
  const [reading, setReading] = useState<string | null>(null);
  const first = useRef<HTMLParagraphElement>(null);
  useEffect(() => first.current?.focus(), []);
  const facts = t('sheet.text', {
    workflow: info.workflow.name ?? sheet.suggestedName,
    version: info.workflow.version ?? '',
    count: info.workflow.steps,
    risk: t(`workflow:risk.${sheet.riskLevel ?? 'undeclared'}`),
    size: formatBytes(info.size_bytes),
  });
  return (
    <>
      <TrustView
        sheet={sheet.trust}
        consent={consent}
        head={
          <>
            <p className="muted outline-none" ref={first} tabIndex={-1}>
              {info.workflow_file === null ? t('sheet.noWorkflow') : `${facts} · ${t('sheet.nothingRan')}`}
            </p>
            {conflict === null ? null : <Conflict conflict={conflict} choice={choice} onChoose={onChoose} />}
            {sheet.diagnostics.length === 0 ? null : (
              <Section title={t('sheet.problems')} note={String(sheet.diagnostics.length)}>
                <Problems diagnostics={sheet.diagnostics} />
              </Section>
            )}
          </>
        }
      >
        <Section title={t('sheet.scripts')} note={String(sheet.tools.length)}>
          <Scripts tools={sheet.tools} onRead={setReading} />
        </Section>
        <Section title={t('sheet.files')} note={t('sheet.fileCount', { count: sheet.files.length })}>
          <Files files={sheet.files} onRead={setReading} />
        </Section>
      </TrustView>
      {reading === null ? null : (
        <StagedFileDialog uploadId={uploadId} path={reading} onClose={() => setReading(null)} />
      )}
    </>
  );
}
