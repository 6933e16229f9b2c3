import type { Statement } from 'better-sqlite3';
import type { JsonMap } from '../../shared/json.ts';
import type { ChainLink } from '../../shared/model/run.ts';
import type { DeliveryCheck, DeliveryRecord, DeliveryState, DeliverySummary } from '../../shared/model/trigger.ts';
import type { Connection } from './database.ts';

/** What is stored when something came; `body` as it came, byte for byte. */
export interface NewDelivery extends Omit<DeliveryRecord, 'runId' | 'bodyBytes'> {
  readonly body: Uint8Array | null;
}

/** Which deliveries are looked at; all given fields must hold. */
export interface DeliveryFilter {
  readonly kind?: DeliverySummary['kind'] | undefined;
  readonly triggerKey?: string | undefined;
  readonly states?: readonly DeliveryState[] | undefined;
  /** In endpoint, event, title or body. */
  readonly search?: string | undefined;
  readonly from?: number | undefined;
  /** Id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

interface DeliveryRow {
  id: string;
  kind: DeliverySummary['kind'];
  key: string | null;
  endpoint: string;
  external_id: string | null;
  received_at: number;
  source_ip: string | null;
  method: string | null;
  event: string;
  title: string;
  state: DeliveryState;
  reason: string | null;
  verdict: string;
  run_id: string | null;
  headers: string;
  body_bytes: number;
  body_hash: string | null;
  data: string;
  chain: string;
  checks: string;
}

const SUMMARY = `d.id, d.kind, t.key, d.endpoint, d.received_at, d.source_ip, d.method, d.event, d.title, d.state, d.reason, d.verdict,
  d.run_id, d.body_bytes, d.body_hash`;
const FROM = 'FROM deliveries d LEFT JOIN triggers t USING (trigger_no)';
/** Found in the index alone: a delivery is large, and one that does not belong to the page is not read. */
const FOUND = `SELECT delivery_no FROM deliveries INDEXED BY deliveries_by_time WHERE received_at >= @from
  AND (@kind IS NULL OR kind = @kind) AND (@key IS NULL OR trigger_no = (SELECT trigger_no FROM triggers WHERE key = @key))
  AND (@states IS NULL OR state IN (SELECT value FROM json_each(@states)))
  AND (@after IS NULL OR delivery_no < (SELECT delivery_no FROM deliveries WHERE id = @after))`;
const NEWEST_FIRST = 'ORDER BY delivery_no DESC LIMIT @limit';

/** The inbox: everything that came and what became of it (SPEC §7.3). */
export class DeliveryRepository {
  readonly #transaction: (work: () => void) => void;
  readonly #insert: Statement;
  readonly #settle: Statement;
  readonly #find: Statement;
  readonly #body: Statement;
  readonly #list: Statement;
  readonly #search: Statement;
  readonly #open: Statement;
  readonly #known: Statement;
  readonly #sameBody: Statement;
  readonly #counts: Statement;
  readonly #arrivals: Statement;
  readonly #dropBodies: Statement;

  constructor(db: Connection) {
    this.#transaction = (work) => db.transaction(work).immediate();
    this.#insert =
      db.prepare(`INSERT INTO deliveries(id, kind, trigger_no, endpoint, external_id, received_at, source_ip, method, event,
      title, state, reason, verdict, headers, body, body_bytes, body_hash, data, chain, checks)
      VALUES (?, ?, (SELECT trigger_no FROM triggers WHERE key = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#settle = db.prepare(
      'UPDATE deliveries SET state = ?, reason = ?, run_id = ?, checks = coalesce(?, checks) WHERE id = ?',
    );
    this.#find = db.prepare(
      `SELECT ${SUMMARY}, d.external_id, d.headers, d.data, d.chain, d.checks ${FROM} WHERE d.id = ?`,
    );
    this.#body = db.prepare('SELECT body FROM deliveries WHERE id = ?').pluck();
    this.#list = db.prepare(
      `SELECT ${SUMMARY} ${FROM} WHERE d.delivery_no IN (${FOUND} ${NEWEST_FIRST}) ORDER BY d.delivery_no DESC`,
    );
    this.#search = db.prepare(`SELECT ${SUMMARY} ${FROM} WHERE d.delivery_no IN (${FOUND})
      AND instr(lower_any(d.endpoint || ' ' || d.event || ' ' || d.title || ' ' || coalesce(CAST(d.body AS TEXT), '')), @search) > 0
      ${NEWEST_FIRST}`);
    this.#open = db.prepare("SELECT id FROM deliveries WHERE state = 'received' ORDER BY delivery_no").pluck();
    this.#known = db
      .prepare(`SELECT id FROM deliveries WHERE endpoint = ? AND external_id = ? AND received_at >= ?
      AND state IN ('received', 'started', 'ignored') ORDER BY delivery_no LIMIT 1`)
      .pluck();
    this.#sameBody = db
      .prepare(`SELECT id FROM deliveries WHERE external_id IS NULL AND endpoint = ? AND body_hash = ? AND received_at >= ?
      AND state IN ('received', 'started', 'ignored') ORDER BY delivery_no LIMIT 1`)
      .pluck();
    this.#counts = db.prepare('SELECT state, count(*) AS n FROM deliveries WHERE received_at >= ? GROUP BY state');
    // 'failed' = its own workflow could not be started: it has come all the same. Of 'received' it is not known yet whether it starts a run.
    this.#arrivals = db.prepare(`SELECT d.delivery_no AS no, d.id ${FROM} WHERE d.kind = 'webhook' AND d.endpoint = ?
      AND d.received_at >= ? AND d.delivery_no > ? AND d.state IN ('started', 'failed') ORDER BY d.delivery_no LIMIT 100`);
    this.#dropBodies = db.prepare('UPDATE deliveries SET body = NULL WHERE body IS NOT NULL AND received_at < ?');
  }

  /** Stores what came, all of them in one commit, with what is written `alongside`. Ids are the caller's and unique. */
  add(deliveries: readonly NewDelivery[], alongside: readonly (() => void)[] = []): void {
    this.#transaction(() => {
      for (const one of deliveries) this.#insert.run(...toRow(one));
      for (const write of alongside) write();
    });
  }

  /** Does what is to be one commit. */
  together(work: () => void): void {
    this.#transaction(work);
  }

  /** What became of it; `checks` replaces them where given. */
  settle(
    id: string,
    end: {
      readonly state: DeliveryState;
      readonly reason: string | null;
      readonly runId: string | null;
      readonly checks?: readonly DeliveryCheck[];
    },
  ): void {
    this.#settle.run(
      end.state,
      end.reason,
      end.runId,
      end.checks === undefined ? null : JSON.stringify(end.checks),
      id,
    );
  }

  find(id: string): DeliveryRecord | null {
    const row = this.#find.get(id) as DeliveryRow | undefined;
    return row === undefined ? null : toRecord(row);
  }

  /** The bytes that came; null = none, or they are older than they are kept. */
  body(id: string): Uint8Array | null {
    return (this.#body.get(id) as Buffer | null | undefined) ?? null;
  }

  /** Those that meet the filter, newest first. */
  list({ kind, triggerKey, states, search, from, after, limit }: DeliveryFilter): readonly DeliverySummary[] {
    const wanted = {
      kind: kind ?? null,
      key: triggerKey ?? null,
      states: states === undefined ? null : JSON.stringify(states),
      from: from ?? 0,
      after: after ?? null,
      limit,
    };
    const rows =
      search === undefined || search === ''
        ? this.#list.all(wanted)
        : this.#search.all({ ...wanted, search: search.toLowerCase() });
    return (rows as DeliveryRow[]).map(toSummary);
  }

  /** Ids of those that were stored and whose run was not started, oldest first: what goes on after a crash. */
  open(): readonly string[] {
    return this.#open.all() as string[];
  }

  /** An earlier one under the sender's id that started, will start or was filtered, received since; null = none. */
  findKnown(endpoint: string, externalId: string, since: number): string | null {
    return (this.#known.get(endpoint, externalId, since) as string | undefined) ?? null;
  }

  /** The same by the hash of its bytes, among those whose senders gave no id. */
  findSameBody(endpoint: string, bodyHash: string, since: number): string | null {
    return (this.#sameBody.get(endpoint, bodyHash, since) as string | undefined) ?? null;
  }

  /** The first of those that came at a webhook, believed and wanted, and have come to their end, since an instant (UTC ms) and behind a number; oldest first. */
  arrivals(endpoint: string, since: number, behind: number): readonly { readonly no: number; readonly id: string }[] {
    return this.#arrivals.all(endpoint, since, behind) as { no: number; id: string }[];
  }

  /** How many came since, by state; UTC ms. */
  counts(since: number): ReadonlyMap<DeliveryState, number> {
    const rows = this.#counts.all(since) as { state: DeliveryState; n: number }[];
    return new Map(rows.map(({ state, n }) => [state, n]));
  }

  /** Forgets the bytes of what was received before; their rows stay (SPEC §7.3: 30 days). */
  dropBodies(before: number): void {
    this.#dropBodies.run(before);
  }
}

const toRow = (one: NewDelivery): readonly (string | number | Uint8Array | null)[] => [
  ...[one.id, one.kind, one.triggerKey, one.endpoint, one.externalId, one.receivedAt, one.sourceIp, one.method],
  ...[one.event, one.title, one.state, one.reason, one.verdict, JSON.stringify(one.headers)],
  ...[one.body, one.body?.byteLength ?? 0, one.bodyHash],
  ...[JSON.stringify(one.data), JSON.stringify(one.chain), JSON.stringify(one.checks)],
];

const toSummary = (row: DeliveryRow): DeliverySummary => ({
  id: row.id,
  kind: row.kind,
  triggerKey: row.key,
  endpoint: row.endpoint,
  receivedAt: row.received_at,
  sourceIp: row.source_ip,
  method: row.method,
  event: row.event,
  title: row.title,
  state: row.state,
  reason: row.reason,
  verdict: row.verdict,
  runId: row.run_id,
  bodyBytes: row.body_bytes,
  bodyHash: row.body_hash,
});

const toRecord = (row: DeliveryRow): DeliveryRecord => ({
  ...toSummary(row),
  externalId: row.external_id,
  headers: JSON.parse(row.headers) as DeliveryRecord['headers'],
  data: JSON.parse(row.data) as JsonMap,
  chain: JSON.parse(row.chain) as readonly ChainLink[],
  checks: JSON.parse(row.checks) as readonly DeliveryCheck[],
});
