import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolChange } from '../../../shared/model/tool.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/notes.tsx';
import { refreshTool, useTools } from './tools-store.ts';

interface ToolChangePanelProps {
  readonly tool: string;
  readonly change: ToolChange;
}

/** The tool says something else about itself than what was accepted: calls wait for a person's word (SPEC §5.3). */
export function ToolChangePanel({ tool, change }: ToolChangePanelProps) {
  const { t } = useTranslation('tools');
  const [isAsking, setIsAsking] = useState(false);
  const isBusy = useTools((state) => state.busy.has(tool));
  const accept = (): void => {
    setIsAsking(false);
    void refreshTool(tool, change.currentHash);
  };
  return (
    <Note tone="waiting" className="mb-3" role="status">
      <h3>{t('change.title')}</h3>
      <p className="sm">{t('change.text')}</p>
      <Changes change={change} />
      <div className="row mt-2">
        <Button reason={isBusy ? t('busy.refresh') : null} onClick={() => setIsAsking(true)}>
          {t('change.accept')}
        </Button>
      </div>
      <Dialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        title={t('change.ask', { tool })}
        description={t('change.askText')}
        footer={
          <>
            <Button onClick={() => setIsAsking(false)}>{t('change.back')}</Button>
            <Button variant="primary" onClick={accept}>
              {t('change.accept')}
            </Button>
          </>
        }
      >
        <Changes change={change} />
        <dl className="kv sm mt-3">
          <dt>{t('change.before')}</dt>
          <dd>
            <code className="break-all">{change.acceptedHash}</code>
          </dd>
          <dt>{t('change.after')}</dt>
          <dd>
            <code className="break-all">{change.currentHash}</code>
          </dd>
        </dl>
      </Dialog>
    </Note>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function Changes({ change }: { readonly change: ToolChange }) {
  const { t } = useTranslation('tools');
  const kinds = (['added', 'removed', 'changed'] as const).filter((kind) => change[kind].length > 0);
  return (
    <dl className="kv sm mt-2">
      {kinds.map((kind) => (
        <div key={kind} className="contents">
          <dt>{t(`change.${kind}`, { count: change[kind].length })}</dt>
          <dd>
            <ul>
              {change[kind].map((name) => (
                <li key={name} className="mono break-words">
                  <span aria-hidden="true">{SIGNS[kind]} </span>
                  {name}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}
