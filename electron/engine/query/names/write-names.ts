import Database from 'better-sqlite3'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { NameColumn } from '../../workers/entity.wire.ts'
import type { OpInput, OpOutput, VersionSource } from '../../workers/wire.ts'
import { columnOf } from '../column-of.ts'
import type { Duck } from '../duckdb.ts'
import { versionRelation } from '../version-relation.ts'
import { foldedSql, INSIDE, NAME_PLACES, TERM_LENGTH, TERM_WORDS } from './name-terms.ts'

const SCHEMA = `
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE columns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL) STRICT;
CREATE TABLE names (id INTEGER PRIMARY KEY, entity TEXT NOT NULL, column_id INTEGER NOT NULL, value TEXT, label TEXT) STRICT;
CREATE TABLE terms (place INTEGER NOT NULL, term TEXT NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (place, term, name)) STRICT, WITHOUT ROWID;`

const INSERT_COLUMN = 'INSERT INTO columns VALUES (?, ?, ?)'
const INSERT_NAME = 'INSERT INTO names VALUES (?, ?, ?, ?, ?)'
const INSERT_TERM = 'INSERT INTO terms VALUES (?, ?, ?)'

/** Both are inserted in their own order, so that pages of the file are filled one after the other. */
const SELECT_NAMES = 'SELECT id, entity, column_id, nullif(value, entity), label FROM names ORDER BY id'
const SELECT_TERMS = `
SELECT CASE WHEN word > 1 THEN ${INSIDE} ELSE place END AS place, left(array_to_string(words[word:], ' '), ${TERM_LENGTH}) AS term, id
FROM (SELECT id, place, words, unnest(range(1, 1 + least(${TERM_WORDS}, len(words)))) AS word FROM (SELECT id, place, string_split(folded, ' ') AS words FROM names WHERE folded <> ''))
ORDER BY place, term, id`

/**
 * Writes every name by which the entities of a version are found, and for each word of it the name from that word on: its term. A search
 * is a few ranges of terms, of which it reads the beginnings, however many entities there are. SQLite, because a range that begins
 * anywhere is found by a few pages there; sorted Parquet unpacks a group of rows for each.
 */
export async function writeNames(duck: Duck, { source, keyColumn, names, path }: OpInput<'profile', 'entityNames'>, signal: AbortSignal): Promise<OpOutput<'profile', 'entityNames'>> {
  const key = columnOf(source.columns, keyColumn)
  const ref = quoteIdentifier(key.name)
  const relation = versionRelation(source)
  const label = names.find(({ kind }) => kind === 'label')
  const columns: NameColumn[] = [{ column: key.name, kind: 'key' }, ...names]
  const all = columns.map((name, id) => `SELECT ${id} AS column_id, ${NAME_PLACES[name.kind]} AS place, * FROM (${id === 0 ? keysSql(relation, ref, { source, label }) : othersSql(relation, ref, { source, name })})`)
  await duck.run(`CREATE TEMP TABLE names AS SELECT (row_number() OVER ())::INTEGER AS id, *, left(${foldedSql('value')}, 1000) AS folded FROM (${all.join(' UNION ALL ')})`, signal)
  const database = new Database(path)
  try {
    database.exec(SCHEMA)
    const column = database.prepare(INSERT_COLUMN)
    for (const [id, { column: name, kind }] of columns.entries()) column.run(id, name, kind)
    const count = await insertRows(database, INSERT_NAME, { duck, select: SELECT_NAMES, signal })
    await insertRows(database, INSERT_TERM, { duck, select: SELECT_TERMS, signal })
    return { names: count }
  } finally {
    database.close()
  }
}

async function insertRows(database: Database.Database, insert: string, { duck, select, signal }: { duck: Duck; select: string; signal: AbortSignal }): Promise<number> {
  const statement = database.prepare(insert)
  const insertAll = database.transaction((rows: readonly unknown[][]) => {
    for (const row of rows) statement.run(...row)
  })
  let count = 0
  const result = await duck.connection.stream(select)
  for await (const rows of result.yieldRowsJs()) {
    if (signal.aborted) throw new ProblemError('CANCELLED', 'Cancelled')
    insertAll(rows)
    count += rows.length
  }
  return count
}

interface KeyNames {
  source: VersionSource
  label: NameColumn | undefined
}

/** The keys, each with what people call it first. */
function keysSql(relation: string, ref: string, { source, label }: KeyNames): string {
  const called = label === undefined ? 'NULL::VARCHAR' : `min(${firstText(source, label.column)})`
  return `SELECT ${ref}::VARCHAR AS entity, ${ref}::VARCHAR AS value, ${called} AS label FROM (${relation}) WHERE ${ref} IS NOT NULL GROUP BY ALL`
}

function othersSql(relation: string, ref: string, { source, name }: { source: VersionSource; name: NameColumn }): string {
  const { name: column, type } = columnOf(source.columns, name.column)
  const value = type.endsWith('[]') ? `unnest(${quoteIdentifier(column)})::VARCHAR` : `${quoteIdentifier(column)}::VARCHAR`
  return `SELECT DISTINCT entity, value, NULL::VARCHAR AS label
    FROM (SELECT ${ref}::VARCHAR AS entity, ${value} AS value FROM (${relation}) WHERE ${ref} IS NOT NULL) WHERE trim(value) <> ''`
}

function firstText(source: VersionSource, name: string): string {
  const { name: column, type } = columnOf(source.columns, name)
  return type.endsWith('[]') ? `${quoteIdentifier(column)}[1]::VARCHAR` : `${quoteIdentifier(column)}::VARCHAR`
}
