import type { Page } from 'playwright-core';
import type { InputOf, OperationName, OutputOf } from '../../src/shared/contract/index.ts';

/** Answers of operations in place of the engine's; an operation that is not named is asked for real. */
export type FakeAnswers = {
  readonly [N in OperationName]?: (input: InputOf<N>) => OutputOf<N>;
};

/** Puts answers between the page of the browser door and its engine: a screen in a state that no test could wait for. */
export async function fakeAnswers(page: Page, answers: FakeAnswers): Promise<void> {
  await page.route(/\/api\/call$/, async (route) => {
    const { name, input } = JSON.parse(route.request().postData() ?? '{}') as { name: OperationName; input: never };
    const answer = answers[name] as ((input: never) => unknown) | undefined;
    if (answer === undefined) await route.fallback();
    else await route.fulfill({ json: { ok: true, value: answer(input) } });
  });
}
