import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { rowJsonSql } from './cell-sql.ts'
import { columnOf } from './column-of.ts'
import { findKey } from './copies/key-file.ts'
import type { Duck } from './duckdb.ts'
import { maskedSelect, storedType } from './mask-sql.ts'
import type { PlacedRows } from './placed-rows.ts'
import { readJson } from './read-json.ts'
import { storedRelation } from './version-relation.ts'

/** Lookups of one entity that run side by side. */
const LOOKUPS = 4

interface EntityRowsParts {
  connect: () => Promise<Duck>
  copies: Pick<PlacedRows, 'copyOf'>
  signal: AbortSignal
}

/** The rows of one entity in each source: by its index of keys where there is one, else by a scan. */
export async function entityRows({ entityId, sources, limit }: OpInput<'reader', 'entityRows'>, parts: EntityRowsParts): Promise<OpOutput<'reader', 'entityRows'>> {
  const slices: OpOutput<'reader', 'entityRows'>['slices'] = []
  for (let from = 0; from < sources.length; from += LOOKUPS) {
    const batch = sources.slice(from, from + LOOKUPS)
    slices.push(...(await Promise.all(batch.map((wanted) => entitySlice({ ...wanted, entityId, limit }, parts)))))
  }
  return { slices }
}

type EntityLookup = OpInput<'reader', 'entityRows'>['sources'][number] & { entityId: string; limit: number }

async function entitySlice(lookup: EntityLookup, parts: EntityRowsParts): Promise<{ rowsJson: string; rowCount: number }> {
  const rows = (await indexedRows(lookup, parts)) ?? (await scannedRows(lookup, parts))
  return { rowsJson: `[${rows.join(',')}]`, rowCount: rows.length }
}

/** Null where the version has no index of this key, or no copy of its rows. */
async function indexedRows({ entityId, source, keyColumn, limit, copyDir = null }: EntityLookup, { copies }: EntityRowsParts): Promise<string[] | null> {
  const copy = await copies.copyOf({ source, isWhole: true, copyDir })
  if (copy === null || copyDir === null) return null
  const positions = findKey(copyDir, { column: keyColumn, key: entityId, limit })
  return positions === null ? null : copy.read(positions)
}

async function scannedRows({ entityId, source, keyColumn, limit }: EntityLookup, { connect, signal }: EntityRowsParts): Promise<string[]> {
  using duck = await connect()
  const key = columnOf(source.columns, keyColumn)
  // The id was given, so its rows may be found by it where the column itself is masked.
  const found = `SELECT * FROM (${storedRelation(source)}) WHERE ${entityCondition({ name: key.name, type: storedType(key) }, entityId)} LIMIT ${limit}`
  return await readJson(duck, `SELECT ${rowJsonSql(source.columns)} AS r FROM (${maskedSelect(source.columns, found)})`, signal)
}

const WHOLE_NUMBER = /^(0|-?[1-9]\d{0,37})$/
const WHOLE_TYPE = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/

/** The key, cast to text, is the entity's id; said without a cast where possible, so that Parquet's statistics can skip row groups. */
function entityCondition({ name, type }: { name: string; type: string }, entityId: string): string {
  const ref = quoteIdentifier(name)
  if (type === 'VARCHAR') return `${ref} = ${quoteLiteral(entityId)}`
  if (WHOLE_TYPE.test(type)) return WHOLE_NUMBER.test(entityId) ? `${ref} = ${entityId}` : 'false'
  return `${ref}::VARCHAR = ${quoteLiteral(entityId)}`
}
