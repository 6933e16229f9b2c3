import type { Statement } from 'better-sqlite3';
import type { KeyKeeperKind, SecretInfo } from '../../shared/model/secret.ts';
import type { Connection } from './database.ts';

/** The key of all secrets as it is stored: its id, what keeps it, and what its keeper needs to open it. */
export interface StoredKey {
  readonly keyId: string;
  readonly keeper: KeyKeeperKind;
  /** Made and understood by the keeper. */
  readonly header: string;
}

/** A secret as it is stored: nothing of it can be read without the key. */
export interface StoredSecret extends Omit<SecretInfo, 'expiry' | 'usedBy'> {
  /** Counts its values. */
  readonly version: number;
  readonly sealedKey: string;
  readonly sealedValue: string;
}

/** A secret input of a run as it is stored. */
export interface StoredInput {
  readonly id: string;
  readonly name: string;
  readonly sealedKey: string;
  readonly sealedValue: string;
}

interface SecretRow extends Omit<StoredSecret, 'tags' | 'allowed'> {
  readonly tags: string;
  readonly allowed: string;
}

const COLUMNS = `name, version, sealed_key AS sealedKey, sealed_value AS sealedValue, description, tags, allowed, created_at AS createdAt,
  updated_at AS updatedAt, rotated_at AS rotatedAt, last_used_at AS lastUsedAt, expires_at AS expiresAt`;

const INPUT_COLUMNS = 'id, name, sealed_key AS sealedKey, sealed_value AS sealedValue';

/** Sealed secrets, secret inputs of runs and the one key that all of them are sealed with. */
export class SecretRepository {
  readonly #db: Connection;
  readonly #all: Statement;
  readonly #find: Statement;
  readonly #save: Statement;
  readonly #remove: Statement;
  readonly #noteUse: Statement;
  readonly #key: Statement;
  readonly #saveKey: Statement;
  readonly #saveInput: Statement;
  readonly #inputs: Statement;
  readonly #findInput: Statement;

  constructor(db: Connection) {
    this.#db = db;
    this.#all = db.prepare(`SELECT ${COLUMNS} FROM secrets ORDER BY name`);
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM secrets WHERE name = ?`);
    this.#save =
      db.prepare(`INSERT OR REPLACE INTO secrets(name, version, sealed_key, sealed_value, description, tags, allowed, created_at, updated_at, rotated_at, last_used_at, expires_at)
      VALUES (@name, @version, @sealedKey, @sealedValue, @description, @tags, @allowed, @createdAt, @updatedAt, @rotatedAt, @lastUsedAt, @expiresAt)`);
    this.#remove = db.prepare('DELETE FROM secrets WHERE name = ?');
    this.#noteUse = db.prepare('UPDATE secrets SET last_used_at = ? WHERE name = ?');
    this.#key = db.prepare('SELECT key_id AS keyId, keeper, header FROM secret_key');
    this.#saveKey = db.prepare(
      'INSERT OR REPLACE INTO secret_key(only, key_id, keeper, header) VALUES (1, @keyId, @keeper, @header)',
    );
    this.#saveInput = db.prepare(
      'INSERT OR REPLACE INTO sealed_inputs(id, name, sealed_key, sealed_value) VALUES (@id, @name, @sealedKey, @sealedValue)',
    );
    this.#inputs = db.prepare(`SELECT ${INPUT_COLUMNS} FROM sealed_inputs`);
    this.#findInput = db.prepare(`SELECT ${INPUT_COLUMNS} FROM sealed_inputs WHERE id = ?`);
  }

  /** All of it or nothing: what `change` does when it throws is undone. */
  inOne<T>(change: () => T): T {
    return this.#db.transaction(change).immediate();
  }

  /** By name. */
  all(): readonly StoredSecret[] {
    return (this.#all.all() as SecretRow[]).map(toSecret);
  }

  find(name: string): StoredSecret | null {
    const row = this.#find.get(name) as SecretRow | undefined;
    return row === undefined ? null : toSecret(row);
  }

  /** Adds or replaces the secret of this name. */
  save(secret: StoredSecret): void {
    this.#save.run({ ...secret, tags: JSON.stringify(secret.tags), allowed: JSON.stringify(secret.allowed) });
  }

  remove(name: string): void {
    this.#remove.run(name);
  }

  noteUse(name: string, at: number): void {
    this.#noteUse.run(at, name);
  }

  /** The key that all secrets are sealed with; null = there is none yet. */
  key(): StoredKey | null {
    return (this.#key.get() as StoredKey | undefined) ?? null;
  }

  saveKey(key: StoredKey): void {
    this.#saveKey.run(key);
  }

  /** Adds a secret input, or replaces it; it goes with the last run that was started with it. */
  saveInput(input: StoredInput): void {
    this.#saveInput.run(input);
  }

  inputs(): readonly StoredInput[] {
    return this.#inputs.all() as StoredInput[];
  }

  findInput(id: string): StoredInput | null {
    return (this.#findInput.get(id) as StoredInput | undefined) ?? null;
  }

  /** Forgets the inputs of starts that came to nothing; only while nothing is being started. */
  forgetUnusedInputs(): void {
    this.#db.exec(`DELETE FROM sealed_inputs WHERE id NOT IN (SELECT id FROM sealed_uses) AND id NOT IN
      (SELECT value FROM requests, json_each(requests.sealed) WHERE status = 'pending' OR (status = 'approved' AND outcome IS NULL))`);
  }
}

const toSecret = (row: SecretRow): StoredSecret => ({
  ...row,
  tags: JSON.parse(row.tags) as string[],
  allowed: JSON.parse(row.allowed) as string[],
});
