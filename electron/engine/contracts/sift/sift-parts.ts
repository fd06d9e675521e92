import { rename } from 'node:fs/promises'
import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { copyParquetOptions, describeWritten } from '../../etl/write-version.ts'
import { columnOf } from '../../query/column-of.ts'
import { numberedRelation } from '../../query/version-relation.ts'
import type { Originals } from '../../workers/sift.wire.ts'
import type { PartRef, WrittenVersion } from '../../workers/version.wire.ts'
import { PLACE, type Sift } from './sift-tables.ts'

const ORIGINALS_NAME = 'originals.parquet'

/** Writes the parts again whose rows are others now; null when none are. */
export async function rewriteParts(sift: Sift): Promise<WrittenVersion | null> {
  const { duck, input, source, columns, signal } = sift
  await duck.run(
    `CREATE TEMP TABLE sift_gone AS SELECT ${PLACE} FROM sift_out UNION SELECT ${PLACE} FROM sift_final WHERE "__row" >= 0;
     CREATE TEMP TABLE sift_put AS SELECT * FROM sift_fixed ANTI JOIN sift_final USING (${PLACE})`,
    signal,
  )
  const touched = await duck.rows('SELECT DISTINCT "__part" AS part FROM (SELECT "__part" FROM sift_gone UNION ALL SELECT "__part" FROM sift_put)')
  if (touched.length === 0) return null
  for (const row of touched) {
    const part = source.parts[Number(row['part'])]
    if (part !== undefined) await rewritePart(sift, part)
  }
  const known = source.layout === 'per_file' ? columns : source.columns
  const parts = input.written.parts.map(({ name, file }) => ({ name, file }))
  const written = await describeWritten(duck, { dir: input.dir, parts, layout: source.layout, columns: known, isOrdered: false, signal })
  return { ...written, entityIndex: input.written.entityIndex ?? null }
}

async function rewritePart(sift: Sift, part: PartRef): Promise<void> {
  const { duck, source, columns, signal } = sift
  const index = source.parts.indexOf(part)
  const names = [...columns.map(({ name }) => name), ...(source.layout === 'stored' ? ['_file', '_record'] : [])].map(quoteIdentifier)
  await duck.run(
    `COPY (
      SELECT ${names.join(', ')} FROM (
        SELECT * FROM (${numberedRelation(source, [part])}) ANTI JOIN (FROM sift_gone WHERE "__part" = ${index}) USING (${PLACE})
        UNION ALL BY NAME SELECT * FROM sift_put WHERE "__part" = ${index}
      ) ORDER BY ${orderOf(sift)}
    ) TO ${quoteLiteral(`${part.path}.new`)} (${copyParquetOptions})`,
    signal,
  )
  await rename(`${part.path}.new`, part.path)
}

/** The place that a row had, or would have had. */
function orderOf({ input, source }: Sift): string {
  if (source.layout === 'per_file') return '_record'
  if (source.layout === 'stored') return `list_position([${input.files.map((file) => quoteLiteral(file)).join(', ')}]::VARCHAR[], _file), _record`
  return [...input.orderBy.map((name) => quoteIdentifier(columnOf(source.columns, name).name)), '"__row"'].join(', ')
}

/** Keeps what was made where the version has something else; null when it is as it was made. */
export async function writeOriginals({ duck, input, signal }: Sift): Promise<Originals | null> {
  if (!input.keepsOriginals) return null
  const file = path.join(input.dir, ORIGINALS_NAME)
  const [written] = await duck.rows(
    `COPY (
      SELECT * EXCLUDE (${PLACE}), true AS "__made" FROM sift_rows SEMI JOIN sift_gone USING (${PLACE})
      UNION ALL BY NAME SELECT * EXCLUDE (${PLACE}), false AS "__made" FROM sift_put
    ) TO ${quoteLiteral(file)} (${copyParquetOptions})`,
    signal,
  )
  const [put] = await duck.rows('SELECT count(*)::INTEGER AS n FROM sift_put')
  return Number(written?.['Count']) === 0 ? null : { name: ORIGINALS_NAME, replaced: Number(put?.['n']) }
}
