/**
 * Speaks as Claude Code does, for tests that need many of them: `INPUT OUTPUT ARGS…`, the first two its prices in USD per million tokens.
 * Each turn asks the model server of the test, its stream comes out as it comes in, and it stops with the turn that reaches
 * `--max-budget-usd`.
 */
import { randomUUID } from 'node:crypto';
import { argv, env, exit, stdin, stdout } from 'node:process';

const [, , inputPrice, outputPrice, ...args] = argv;
const MODEL = 'claude-sonnet-4';
const say = (event) => stdout.write(`${JSON.stringify(event)}\n`);

if (args.includes('--version')) {
  stdout.write('2.1.0 (Claude Code)\n');
  exit(0);
}
if (args[0] === 'auth') {
  say({ loggedIn: true });
  exit(0);
}

const flag = args.indexOf('--max-budget-usd');
const budget = flag < 0 ? Number.POSITIVE_INFINITY : Number(args[flag + 1]);
const used = { inputTokens: 0, outputTokens: 0, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 };
const cost = () => Number(((used.inputTokens * inputPrice + used.outputTokens * outputPrice) / 1e6).toFixed(10));

/** One turn; says whether it asked for a tool, and what it wrote. */
async function turn(prompt) {
  const answer = await fetch(`${env.ANTHROPIC_BASE_URL}/v1/messages`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      'x-api-key': env.ANTHROPIC_API_KEY ?? '',
    },
    body: JSON.stringify({
      ...{ model: MODEL, stream: true, max_tokens: 100 },
      messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
    }),
  });
  let [text, tool, rest] = ['', null, ''];
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop();
    for (const line of lines.filter((one) => one.startsWith('data: '))) {
      const event = JSON.parse(line.slice(6));
      if (event.type === 'message_start') used.inputTokens += event.message.usage.input_tokens;
      if (event.type === 'message_delta') used.outputTokens += event.usage.output_tokens;
      if (event.type === 'content_block_start' && event.content_block.type === 'tool_use')
        tool = event.content_block.id;
      text += event.delta?.text ?? '';
      say({ type: 'stream_event', event, parent_tool_use_id: null });
    }
  }
  return { text, tool };
}

let prompt = '';
for await (const piece of stdin) prompt += piece;
say({ type: 'system', subtype: 'init', model: MODEL, mcp_servers: [] });
for (;;) {
  const { text, tool } = await turn(prompt);
  const isSpent = cost() >= budget;
  if (tool !== null && !isSpent) {
    const result = { type: 'tool_result', tool_use_id: tool, content: `found ${randomUUID()}` };
    say({ type: 'user', message: { content: [result] }, parent_tool_use_id: null });
    continue;
  }
  const isStopped = tool !== null;
  say({
    ...{ type: 'result', subtype: isStopped ? 'error_max_budget_usd' : 'success', is_error: isStopped, result: text },
    ...{ total_cost_usd: cost(), modelUsage: { [MODEL]: { ...used, costUSD: cost() } } },
  });
  break;
}
