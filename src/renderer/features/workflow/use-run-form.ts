import { useNavigate } from 'react-router';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import { call } from '../../client/bridge.ts';
import { runDraftName } from '../../client/use-draft.ts';
import { type InputForm, useInputForm } from '../../client/use-input-form.ts';
import { runLink } from '../../ui/links.ts';

/** The form that starts a workflow and leads to its run. */
export function useRunForm(detail: WorkflowDetail, focusField: (name: string) => void): InputForm {
  const navigate = useNavigate();
  const { ref } = detail.entry;
  return useInputForm({
    definitions: detail.workflow.inputs,
    draftName: runDraftName(ref),
    focusField,
    send: async (inputs) => {
      const { runId } = await call('runs.start', { workflow: ref, inputs });
      await navigate(runLink(runId));
    },
  });
}
