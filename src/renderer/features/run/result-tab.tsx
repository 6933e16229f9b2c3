import { ChevronDown, FileStack } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFile, RunView } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { labelOf } from '../../ui/form-values.ts';
import { Icon } from '../../ui/icon.tsx';
import { FilePreview } from './file-preview.tsx';
import { FileBar } from './files-tab.tsx';
import { mainFileOf } from './main-file.ts';
import { OutputWords } from './output-words.tsx';
import { showTab } from './run-store.ts';
import { Conditions, OutputNotes, TabBody, ValuesBlock } from './values-tabs.tsx';

const NO_FILES: readonly RunFile[] = [];

/** What came out, in words, with the file that it was for; whether it is what was wanted; and what the run warns about. */
export function ResultTab({ view }: { readonly view: RunView }) {
  const { t } = useTranslation('run');
  const { run, outputs } = view;
  const [chosen, setChosen] = useState<string | null>(null);
  const { data } = useOwnQuery(
    { ask: (runId: string) => call('runs.files', { runId }) },
    run.completedAt === null ? null : run.runId,
    run.status,
  );
  const files = data.value?.files ?? NO_FILES;
  const file = files.find(({ path }) => path === chosen) ?? mainFileOf(files, outputs);
  return (
    <TabBody label={t('tabs.result')}>
      <OutputNotes view={view} />
      <div className="result" data-has-file={file !== null}>
        <div className="result-said">
          {Object.keys(outputs).length === 0 ? (
            <p className="muted">{t(run.completedAt === null ? 'values.outputsLater' : 'values.noOutputs')}</p>
          ) : (
            <Said view={view} files={files} onFile={setChosen} />
          )}
          <Conditions view={view} />
        </div>
        {file === null ? null : <MainFile runId={run.runId} file={file} count={files.length} />}
      </div>
    </TabBody>
  );
}

interface SaidProps {
  readonly view: RunView;
  readonly files: readonly RunFile[];
  readonly onFile: (path: string) => void;
}

/** A workflow that declares nothing gives all of its variables: more of them wait for a press. */
const SHOWN = 50;

/** Each output as a label and its words: what the workflow promised first, in its order. */
function Said({ view, files, onFile }: SaidProps) {
  const { t } = useTranslation('run');
  const { outputs, outputDefinitions } = view;
  const declared = new Map(outputDefinitions.map((definition) => [definition.name, definition]));
  const [shown, setShown] = useState(SHOWN);
  const [isJson, setIsJson] = useState(false);
  const names = [...declared.keys(), ...Object.keys(outputs).filter((name) => !declared.has(name))].filter((name) =>
    Object.hasOwn(outputs, name),
  );
  return (
    <>
      <dl className="result-values">
        {names.slice(0, shown).map((name) => (
          <div key={name}>
            <dt title={name}>{labelOf(name)}</dt>
            <dd>
              <OutputWords value={outputs[name] ?? null} label={labelOf(name)} files={files} onFile={onFile} />
              {declared.get(name)?.description ? <p className="sm muted">{declared.get(name)?.description}</p> : null}
            </dd>
          </div>
        ))}
      </dl>
      {names.length > shown ? (
        <Button variant="ghost" onClick={() => setShown(shown * 10)}>
          {t('result.more', { count: names.length - shown })}
        </Button>
      ) : null}
      <details className="fold result-json" onToggle={(event) => setIsJson(event.currentTarget.open)}>
        <summary>
          <Icon of={ChevronDown} small />
          <span className="muted">{t('result.asJson')}</span>
        </summary>
        {isJson ? <ValuesBlock values={outputs} label={t('tabs.result')} empty={t('values.noOutputs')} /> : null}
      </details>
    </>
  );
}

interface MainFileProps {
  readonly runId: string;
  readonly file: RunFile;
  readonly count: number;
}

function MainFile({ runId, file, count }: MainFileProps) {
  const { t } = useTranslation('run');
  return (
    <section className="file result-file" aria-label={t('result.file')}>
      <FileBar runId={runId} file={file} />
      <FilePreview key={`${file.path}-${file.modifiedAt}`} runId={runId} file={file} />
      {count < 2 ? null : (
        <div className="result-more">
          <Button variant="ghost" icon={FileStack} onClick={() => showTab('files')}>
            {t('result.allFiles', { count })}
          </Button>
        </div>
      )}
    </section>
  );
}
