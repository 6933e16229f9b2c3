import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentAdapter, AgentRequest } from '../../src/core/agent-port/index.ts';
import type { AppError, ErrorCode } from '../../src/shared/errors.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import type { TokenUsage } from '../../src/shared/model/agent.ts';
import { type Asked, askCase, requestOf } from './ask-agent.ts';
import type { Answer, ModelServer } from './model-server/index.ts';
import { waitUntil } from './wait-until.ts';

/** One agent, ready to be asked, and what a test may look at. */
export interface ConformanceCase {
  readonly adapter: AgentAdapter;
  /** The model behind it; null = it has none. */
  readonly model: ModelServer | null;
  /** What this agent needs of a request, for example folders and environment. */
  readonly request?: Partial<AgentRequest>;
  /** Texts that may stand nowhere: its keys. At least one where it has any. */
  readonly secrets: readonly string[];
  /** Whether nothing of it runs any more. Connections to the model are watched by the suite itself. */
  readonly isQuiet: () => boolean | Promise<boolean>;
  /** Ends everything that `makeCase` began, besides `adapter.close()`. */
  readonly close: () => Promise<void>;
}

/** What the model server says, and the error that has to come of it. */
export interface ExpectedError {
  readonly when: string;
  readonly answer: Answer;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details?: JsonMap;
}

export interface ConformanceOptions {
  /** Whether there is a model behind it. Default true. */
  readonly hasModel?: boolean;
  /** Whether texts come while the model is still writing them. Default true. */
  readonly streams?: boolean;
  /** Default: what every HTTP agent has to tell apart. */
  readonly errors?: readonly ExpectedError[];
  /** Model that the server does not know leads to this code. Default `agent.not_configured`. */
  readonly unknownModel?: ErrorCode;
  /** How long a question may take that the timeout ends; long enough to reach the model. Default 1000; null = its own tests show it. */
  readonly timeoutMs?: number | null;
}

export const HTTP_ERRORS: readonly ExpectedError[] = [
  { when: 'a refused key', answer: { status: 401 }, code: 'agent.not_logged_in', retryable: false },
  { when: 'a forbidden model', answer: { status: 403 }, code: 'agent.not_logged_in', retryable: false },
  { when: 'a bad request', answer: { status: 400 }, code: 'agent.http_error', retryable: false },
  {
    when: 'a server error',
    answer: { status: 500 },
    code: 'agent.http_error',
    retryable: true,
    details: { status: 500 },
  },
  {
    when: 'too many requests',
    answer: { status: 429, headers: { 'retry-after': '7' } },
    code: 'agent.rate_limited',
    retryable: true,
    details: { status: 429, retry_after_ms: 7000 },
  },
  { when: 'an overloaded server', answer: { status: 529 }, code: 'agent.overloaded', retryable: true },
  { when: 'garbage', answer: { garbage: '<html>hello</html>' }, code: 'agent.invalid_reply', retryable: true },
  {
    when: 'a cut connection',
    answer: { text: 'one two three four', cut: 3 },
    code: 'agent.connection_lost',
    retryable: true,
  },
];

const SCHEMA: JsonMap = {
  type: 'object',
  properties: {
    severity: { type: 'string', enum: ['low', 'high'] },
    findings: { type: 'array', items: { type: 'string' } },
  },
  required: ['severity', 'findings'],
  additionalProperties: false,
};

/** About 10 KB with everything that a transport could spoil. */
const LONG_PROMPT = `${Array.from(
  { length: 120 },
  (_, line) =>
    `${line}: "quoted" 'single' \`back\` $HOME %PATH% \\n {{ name }} Grüße 世界 🙂👩‍👩‍👧 <b>&amp;</b> --flag`,
).join('\n')}\n\n\tthe end`;

/** What every agent does, whatever it is made of (SPEC §4.1, §4.4). */
export function agentConformance(
  name: string,
  makeCase: () => Promise<ConformanceCase>,
  options: ConformanceOptions = {},
): void {
  const { hasModel = true, streams = true, errors = HTTP_ERRORS, timeoutMs = 1000 } = options;
  describe(`${name} as an agent`, () => {
    let one: ConformanceCase;
    let seen: unknown[];
    const open: Asked[] = [];

    beforeEach(async () => {
      seen = [];
      one = await makeCase();
    });
    afterEach(async () => {
      for (const asked of open.splice(0)) asked.stop.abort();
      await one.adapter.close();
      await waitUntil(`nothing of ${name} runs`, one.isQuiet);
      await one.close();
      const text = JSON.stringify(seen);
      for (const secret of one.secrets) expect(text).not.toContain(secret);
    });

    const ask = (changes: Partial<AgentRequest> = {}): Asked => {
      const asked = askCase(one, changes, seen);
      open.push(asked);
      return asked;
    };
    const failure = (changes: Partial<AgentRequest> = {}): Promise<AppError> => ask(changes).failure();
    const model = (): ModelServer => {
      if (one.model === null) throw new Error('this agent has no model');
      return one.model;
    };

    it('says who it is', () => {
      expect(one.adapter.name).toBe(name);
      if (one.adapter.kind === 'http') expect(one.adapter.timeoutMs).toBe(120_000);
      if (one.adapter.kind === 'cli') expect(one.adapter.timeoutMs).toBe(1_800_000);
    });

    it('is installed and passes its health check', async () => {
      expect(await one.adapter.isInstalled()).toBe(true);
      const probe = await one.adapter.probe(new AbortController().signal);
      expect(probe).toEqual({ version: probe.version });
    });

    it('answers a prompt, the whole of which its model is handed, and says what it used', async () => {
      one.model?.script([
        { text: 'The answer is 42.', usage: { inputTokens: 321, outputTokens: 45, cachedTokens: 20 } },
      ]);
      const asked = ask({ prompt: LONG_PROMPT });
      const reply = await asked.reply;
      if (hasModel) expect(model().questions()[0]?.prompt).toContain(LONG_PROMPT);
      if (hasModel) expect(reply.text.trim()).toBe('The answer is 42.');
      expect(reply.text.trim()).not.toBe('');
      const used = one.adapter.reportsCalls ? (asked.calls[0]?.usage ?? null) : reply.usage;
      checkUsage(used, hasModel ? { inputTokens: 321, outputTokens: 45 } : null);
    });

    it('gives an answer that meets a schema', async () => {
      const answer = { severity: 'high', findings: ['Größe', 'a "quoted" one'] };
      one.model?.script([{ json: answer }]);
      const reply = await ask({ prompt: `Analyse it. Answer with JSON for ${JSON.stringify(SCHEMA)}`, schema: SCHEMA })
        .reply;
      const value = reply.structured ?? JSON.parse(reply.text);
      if (hasModel) expect(value).toEqual(answer);
      else expect(value).toEqual({ severity: expect.stringMatching(/^(low|high)$/), findings: expect.any(Array) });
    });

    it('ends a question that is cancelled before it begins', async () => {
      const stop = new AbortController();
      stop.abort();
      const error = await failure({ signal: stop.signal });
      expect(error.code).toBe('run.cancelled');
      expect(one.model?.questions() ?? []).toEqual([]);
    });

    it('knows no answer of an attempt that never was', async () => {
      if (one.adapter.recover === undefined) return;
      const { signal: _signal, callTool: _callTool, ...request } = requestOf(one, {}, seen);
      expect(await one.adapter.recover({ ...request, path: 'steps[99]', attempt: 7 })).toBeNull();
    });

    // What an agent does not claim is no test of it, rather than a skipped one.
    if (!hasModel) return;
    describe('with a model', () => {
      if (streams)
        it('shows texts while the model is still writing', async () => {
          const gate = Promise.withResolvers<void>();
          model().script([{ thinking: 'Let me see 🙂', text: 'first second third', until: gate.promise }]);
          const asked = ask();
          await waitUntil(
            'the text is shown before the answer ends',
            () => asked.said('text') === 'first second third',
          );
          expect(asked.isOver()).toBe(false);
          gate.resolve();
          expect((await asked.reply).text).toBe('first second third');
        });

      it.each(errors)('names $when: $code', async ({ answer, code, retryable, details }) => {
        model().script(() => answer);
        const error = await failure();
        expect(error.toRecord()).toMatchObject({ code, retryable, ...(details === undefined ? {} : { details }) });
        expect(error.message).not.toBe('');
      });

      it('names a model that is not there', async () => {
        const error = await failure({ model: 'unknown-model' });
        expect(error.code).toBe(options.unknownModel ?? 'agent.not_configured');
        expect(error.retryable).toBe(false);
      });

      if (timeoutMs !== null)
        it('ends for real when its time is over', async () => {
          model().script(() => ({ hang: true }));
          const error = await failure({ timeoutMs });
          expect(error.toRecord()).toMatchObject({ code: 'agent.timed_out', retryable: true });
          await allGone(model());
          await waitUntil('nothing of it runs', one.isQuiet);
        });

      it('ends for real when it is cancelled', async () => {
        model().script(() => ({ text: 'and so on', hang: true }));
        const asked = ask();
        await model().waitForQuestion(1);
        asked.stop.abort();
        expect((await asked.failure()).code).toBe('run.cancelled');
        await allGone(model());
        await waitUntil('nothing of it runs', one.isQuiet);
      });

      it('answers several questions at once, each its own', async () => {
        model().script((request) => ({ text: `read ${/number (\d)/.exec(request.prompt)?.[1]}` }));
        const replies = await Promise.all(
          [1, 2].map((number) => {
            // What carries one step's key is ended with that step.
            const stepKey = randomUUID();
            return ask({ prompt: `number ${number}`, path: `steps[${number}]`, stepKey }).reply;
          }),
        );
        expect(replies.map((reply) => reply.text.trim())).toEqual(['read 1', 'read 2']);
      });

      it('repeats no key that a server sends back as it refuses it', async () => {
        model().script((request) => ({
          status: 401,
          body: { error: { message: `bad key ${request.headers['x-api-key'] ?? request.headers.authorization}` } },
        }));
        const error = await failure();
        expect(error.toRecord()).toMatchObject({ code: 'agent.not_logged_in', retryable: false });
        expect(error.message).not.toBe('');
      });
    });
  });
}

/** Every connection that asked the model is closed, before it was answered. */
export async function allGone(model: ModelServer): Promise<void> {
  expect(await Promise.all(model.questions().map(({ closed }) => closed))).not.toContain('answered');
}

function checkUsage(usage: TokenUsage | null, least: { inputTokens: number; outputTokens: number } | null): void {
  if (usage === null) return;
  expect(usage.cachedTokens + usage.cacheWriteTokens).toBeLessThanOrEqual(usage.inputTokens);
  expect(usage.reasoningTokens).toBeLessThanOrEqual(usage.outputTokens);
  if (least === null) return;
  expect(usage.inputTokens).toBeGreaterThanOrEqual(least.inputTokens);
  expect(usage.outputTokens).toBeGreaterThanOrEqual(least.outputTokens);
}
