import { AppError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import { randomHex } from '../../crypto/index.ts';
import type { SecretRepository, StoredInput } from '../../storage/index.ts';
import { inputMarker } from './markers.ts';
import type { OpenKey, ProjectKey } from './project-key.ts';
import { makeKey, seal, unseal } from './sealing.ts';

/** A secret input in the inputs of its run. */
export interface SealedInput {
  readonly id: string;
  /** What stands in its place. */
  readonly marker: string;
}

/**
 * Secret inputs of runs (SPEC §1.8): sealed with the key of the project, each with a key of its own, from before their run begins until
 * the last run that was started with them is deleted.
 */
export class SealedInputs {
  readonly #repository: SecretRepository;
  readonly #key: ProjectKey;

  constructor(repository: SecretRepository, key: ProjectKey) {
    this.#repository = repository;
    this.#key = key;
  }

  /** Errors: those of the key. */
  seal(name: string, value: Json): Promise<SealedInput> {
    return this.#key.inTurn(async () => {
      const key = await this.#key.openOrMake();
      const id = randomHex(16);
      const own = makeKey();
      this.#repository.saveInput({
        id,
        name,
        sealedKey: seal(key.bytes, aboutKey(key.id, id), own),
        sealedValue: seal(own, aboutValue(name, id), Buffer.from(JSON.stringify(value))),
      });
      return { id, marker: inputMarker(name, id) };
    });
  }

  /** Errors: `secret.not_found`, `secret.damaged`, those of the key. */
  async open(id: string): Promise<{ readonly name: string; readonly value: Json }> {
    const key = await this.#key.open();
    const input = this.#repository.findInput(id);
    if (key === null || input === null)
      throw new AppError('secret.not_found', 'The value of a secret input of this run is not there any more.', {
        hint: 'Start the workflow anew and give it again.',
      });
    const bytes = unseal(ownKey(key, input), aboutValue(input.name, id), input.sealedValue);
    if (bytes === null) throw damaged(input.name);
    return { name: input.name, value: JSON.parse(bytes.toString()) as Json };
  }

  /** Seals the keys of all of them with the next key. Errors: `secret.damaged`. */
  reseal(old: OpenKey, next: OpenKey): void {
    for (const input of this.#repository.inputs())
      this.#repository.saveInput({
        ...input,
        sealedKey: seal(next.bytes, aboutKey(next.id, input.id), ownKey(old, input)),
      });
  }
}

function ownKey(key: OpenKey, { id, name, sealedKey }: StoredInput): Buffer {
  const own = unseal(key.bytes, aboutKey(key.id, id), sealedKey);
  if (own === null) throw damaged(name);
  return own;
}

const damaged = (name: string): AppError =>
  new AppError('secret.damaged', `The secret input ${name} was changed outside of the app and cannot be opened.`, {
    hint: 'Start the workflow anew and give it again, or take state.db from a backup.',
    details: { input: name },
  });

const aboutKey = (keyId: string, id: string): string => JSON.stringify(['aiworkflow input key', keyId, id]);
const aboutValue = (name: string, id: string): string => JSON.stringify(['aiworkflow input', name, id]);
