import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolChangeDetail } from '../../../shared/model/tool.ts';
import { AskInstead } from '../../client/ask-approval.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/notes.tsx';
import { DefinitionChanges } from './definition-changes.tsx';
import { refreshTool, useTools } from './tools-store.ts';

interface ToolChangePanelProps {
  readonly tool: string;
  readonly change: ToolChangeDetail;
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
      <DefinitionChanges change={change} />
      <div className="row mt-2">
        <Button needs="tools.refresh" reason={isBusy ? t('busy.refresh') : null} onClick={() => setIsAsking(true)}>
          {t('change.accept')}
        </Button>
        <AskInstead
          of="tools.refresh"
          asked={() => ({ kind: 'tool_definition', tool, currentHash: change.currentHash })}
        />
      </div>
      <Dialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        width="44rem"
        title={t('change.ask', { tool })}
        description={t('change.askText')}
        footer={
          <>
            <Button onClick={() => setIsAsking(false)}>{t('change.back')}</Button>
            <Button variant="primary" needs="tools.refresh" onClick={accept}>
              {t('change.accept')}
            </Button>
          </>
        }
      >
        <DefinitionChanges change={change} />
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
