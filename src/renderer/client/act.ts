import { dismissError, showError } from '../ui/toasts.tsx';

/** Does what a person asked for. Its answer, or undefined when it failed: then a toast has said why. */
export async function act<T>(work: () => Promise<T> | T): Promise<T | undefined> {
  try {
    const answer = await work();
    dismissError();
    return answer;
  } catch (thrown) {
    showError(thrown);
    return undefined;
  }
}
