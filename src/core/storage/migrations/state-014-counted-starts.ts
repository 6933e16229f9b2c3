import type { Migration } from './migration.ts';

/** Lists of starts in a few states do not read the ledger from end to end, and how many there are is kept instead of counted. */
export const countedStarts: Migration = {
  name: 'counted-starts',
  up: (db) =>
    void db.exec(`
CREATE INDEX occurrences_by_state ON occurrences(state, planned_at);
CREATE TABLE occurrence_counts(
  trigger_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY(trigger_no, state)
) WITHOUT ROWID;
INSERT INTO occurrence_counts SELECT trigger_no, state, count(*) FROM occurrences GROUP BY trigger_no, state;
CREATE TRIGGER occurrence_counted AFTER INSERT ON occurrences BEGIN
  INSERT INTO occurrence_counts VALUES (NEW.trigger_no, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER occurrence_moved AFTER UPDATE OF state ON occurrences WHEN OLD.state <> NEW.state BEGIN
  UPDATE occurrence_counts SET n = n - 1 WHERE trigger_no = OLD.trigger_no AND state = OLD.state;
  INSERT INTO occurrence_counts VALUES (NEW.trigger_no, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER occurrence_forgotten AFTER DELETE ON occurrences BEGIN
  UPDATE occurrence_counts SET n = n - 1 WHERE trigger_no = OLD.trigger_no AND state = OLD.state;
END;
`),
};
