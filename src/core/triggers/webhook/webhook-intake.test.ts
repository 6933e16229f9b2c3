import { expect, it } from 'vitest';
import { type ListenState, WebhookIntakeHub } from './webhook-intake.ts';

it('what became of an earlier wish to listen says nothing of the one that stands', () => {
  const hub = new WebhookIntakeHub();
  const heard: (ListenState | null)[] = [];
  const user = { listening: (state: ListenState | null) => heard.push(state), receive: () => Promise.reject() };
  const [first, second] = [8080, 0].map((port) => ({ host: '127.0.0.1', port }));
  hub.want(user, first ?? null);
  hub.want(user, second ?? null);
  hub.report({ kind: 'failed', message: 'port 8080 is in use' }, first ?? null);
  expect(heard).toEqual([]);
  hub.report({ kind: 'listening', url: 'http://127.0.0.1:4711' }, second ?? null);
  expect(heard).toEqual([{ kind: 'listening', url: 'http://127.0.0.1:4711' }]);
});
