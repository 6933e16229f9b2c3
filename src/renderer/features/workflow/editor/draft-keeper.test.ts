import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { DraftKeeper, type KeptState } from './draft-keeper.ts';

const BASE = { source: 'old', hash: 'h1' };

/** A keeper over an app that answers when it is told to. */
function keep(draft: { revision: number } | null = null) {
  const asked: { name: string; input: unknown; answer: (value: unknown) => void; fail: (error: unknown) => void }[] =
    [];
  const states: KeptState[] = [];
  const call = vi.fn(
    (name: string, input: unknown) =>
      new Promise((answer, fail) => {
        asked.push({ name, input, answer, fail });
      }),
  );
  const keeper = new DraftKeeper({
    ...{ ref: 'w', base: BASE, draft },
    call: call as never,
    onState: (state) => states.push(state),
  });
  return { keeper, asked, states };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('DraftKeeper', () => {
  it('keeps within a second whatever is typed meanwhile, one save at a time, the newest text last', async () => {
    const { keeper, asked, states } = keep();
    for (let typed = 0; typed < 8; typed += 1) {
      keeper.change(`text ${typed}`);
      await pass(100);
    }
    expect(asked.map(({ input }) => input)).toEqual([{ ref: 'w', source: 'text 2', baseHash: 'h1', revision: 0 }]);
    asked[0]?.answer({ revision: 1, savedAt: 5 });
    await pass(400);
    expect(asked.at(-1)?.input).toEqual({ ref: 'w', source: 'text 7', baseHash: 'h1', revision: 1 });
    asked.at(-1)?.answer({ revision: 2, savedAt: 9 });
    await pass(1);
    expect(states.at(-1)).toEqual({ is: 'kept', at: 9 });
  });

  it('ends a draft whose text is the published one again', async () => {
    const { keeper, asked, states } = keep({ revision: 3 });
    keeper.change('old');
    await pass(400);
    expect(asked.map(({ name }) => name)).toEqual(['drafts.discard']);
    asked[0]?.answer(null);
    await pass(1);
    expect(states.at(-1)).toEqual({ is: 'published' });
  });

  it('tries again while the app is away, and says so', async () => {
    const { keeper, asked, states } = keep();
    keeper.change('new');
    await pass(400);
    asked[0]?.fail(new AppError('holder.unreachable', 'Away.'));
    await pass(1);
    expect(states.at(-1)).toMatchObject({ is: 'failed', error: { code: 'holder.unreachable' } });
    await pass(2_000);
    expect(asked[1]?.input).toMatchObject({ source: 'new', revision: 0 });
  });

  it('writes nothing over what another window has kept', async () => {
    const { keeper, asked } = keep();
    keeper.change('mine');
    await pass(400);
    asked[0]?.fail(new AppError('draft.changed', 'Changed.'));
    await pass(1);
    asked[1]?.answer({ draft: { source: 'theirs', revision: 4 } });
    await pass(1);
    keeper.change('mine too');
    await pass(5_000);
    expect(asked.map(({ name }) => name)).toEqual(['drafts.save', 'drafts.get']);
  });

  it('knows its own again that was kept while nobody could answer', async () => {
    const { keeper, asked } = keep();
    keeper.change('mine');
    await pass(400);
    asked[0]?.fail(new AppError('holder.unreachable', 'Away.'));
    keeper.change('mine too');
    await pass(2_000);
    asked[1]?.fail(new AppError('draft.changed', 'Changed.'));
    await pass(1);
    asked[2]?.answer({ draft: { source: 'mine', revision: 1 } });
    await pass(1);
    expect(asked[3]?.input).toMatchObject({ source: 'mine too', revision: 1 });
  });
});
