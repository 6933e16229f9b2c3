import type { ToolTest } from '../../../../shared/contract/index.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { ToolDefinitions } from '../../registry-port.ts';
import type { RegistryEntry } from '../file/registry-entry.ts';
import { describeAuth } from '../implementations/authentication.ts';
import { type Slot, sourceOf } from '../implementations/open-implementation.ts';
import type { PinStore } from '../pins/pin-store.ts';

type Check = ToolTest['checks'][number];

interface TestParts {
  readonly hostEnv: Readonly<Record<string, string | undefined>>;
  readonly pins: PinStore;
  readonly isPinned: boolean;
  readonly describe: (slot: Slot) => Promise<ToolDefinitions>;
}

/** Whether a tool would work, as far as can be said without calling it. Accepts nothing. Never rejects for what is wrong with the tool. */
export async function testTool(entry: RegistryEntry, slot: Slot | null, parts: TestParts): Promise<ToolTest> {
  const checks: Check[] = [registryCheck(entry, slot)];
  if (checks[0]?.ok === true && slot !== null) {
    const login = describeAuth(entry.authentication, parts.hostEnv);
    if (login !== null)
      checks.push({ name: 'login', ok: login.isSet, message: `${login.from} is ${login.isSet ? 'set' : 'not set'}` });
    checks.push(...(await reach(slot, parts)));
  }
  return { ok: checks.every((check) => check.ok), checks };
}

function registryCheck({ error }: RegistryEntry, slot: Slot | null): Check {
  const name = 'registry';
  if (error !== null) return { name, ok: false, message: error.message };
  if (slot === null) return { name, ok: false, message: 'The tool has no implementation.' };
  return { name, ok: true, message: `${slot.implementation.type}: ${sourceOf(slot)}` };
}

async function reach(slot: Slot, parts: TestParts): Promise<readonly Check[]> {
  try {
    const definitions = await parts.describe(slot);
    const count = definitions.operations.length;
    const leftOut = (definitions.leftOut ?? []).map(({ name, problem }) => `; '${name}' is left out: ${problem}`);
    const message = `${count === 1 ? '1 operation' : `${count} operations`}${leftOut.join('')}`;
    const reached = { name: 'reach', ok: true, message };
    return parts.isPinned ? [reached, pinCheck(slot, definitions, parts.pins)] : [reached];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    return [{ name: 'reach', ok: false, message: `${error.message}${hint}` }];
  }
}

function pinCheck({ pinKey }: Slot, definitions: ToolDefinitions, pins: PinStore): Check {
  const name = 'definitions';
  const change = pins.observe(pinKey, definitions);
  if (change !== null) {
    const parts = [`${change.added.length} new`, `${change.removed.length} gone`, `${change.changed.length} changed`];
    return { name, ok: false, message: `Different from what was accepted: ${parts.join(', ')}.` };
  }
  const isAccepted = pins.get(pinKey) !== null;
  return { name, ok: true, message: isAccepted ? 'As accepted.' : 'Not accepted yet: the first use accepts them.' };
}
