/**
 * Append only: a file of version n is brought to the newest by the steps after n. One table a class, so that the number is
 * the only key and its order the only order: no second index that could say something else than its table.
 */
const events = (name: string): string => `CREATE TABLE ${name}_event (
  sequence INTEGER PRIMARY KEY, size INTEGER NOT NULL, life_ms INTEGER NOT NULL, gap INTEGER NOT NULL,
  crc INTEGER NOT NULL, body BLOB NOT NULL) STRICT;`;

export const outboxMigrations: readonly string[] = [
  `${events('critical')} ${events('business')} ${events('metric')}
   CREATE TABLE span (kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (kind, first)) STRICT, WITHOUT ROWID;
   CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), body BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
   CREATE TABLE quarantine (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL) STRICT;`,
];

/** Waiting, delivered and declared numbers against 1..highest, in one query. Parameter: the highest number. */
export const contiguityQuery = `
  WITH covered (first, last, kind) AS (
    SELECT sequence, sequence, 'pending' FROM critical_event
    UNION ALL SELECT sequence, sequence, 'pending' FROM business_event
    UNION ALL SELECT sequence, sequence, 'pending' FROM metric_event
    UNION ALL SELECT first, last, kind FROM span),
  ordered AS (
    SELECT first, last, kind,
      COALESCE(MAX(last) OVER (ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS reached
    FROM covered)
  SELECT
    COALESCE(SUM(CASE kind WHEN 'pending' THEN 1 ELSE 0 END), 0) AS pending,
    COALESCE(SUM(CASE kind WHEN 'delivered' THEN last - first + 1 ELSE 0 END), 0) AS delivered,
    COALESCE(SUM(CASE kind WHEN 'declared' THEN last - first + 1 ELSE 0 END), 0) AS declared,
    COALESCE(SUM(MAX(0, first - reached - 1)), 0) + ABS(?1 - COALESCE(MAX(last), 0)) AS missing,
    COALESCE(SUM(MAX(0, MIN(last, reached) - first + 1)), 0) AS twice
  FROM ordered`;
