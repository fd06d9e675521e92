import type { Column } from '../../../../shared/domain/table-query.ts'
import type { MeasuredColumn } from '../../workers/profile.wire.ts'
import type { VersionSource } from '../../workers/wire.ts'
import type { Duck } from '../duckdb.ts'
import { columnFacts } from './column-facts.ts'
import { columnHistogram, columnQuantiles, topValues } from './column-spread.ts'
import { openProfileTable, type ProfileTable } from './profile-table.ts'

/** Columns that say something of themselves; where a row came from is no value of it. */
export function profiledColumns({ columns }: Pick<VersionSource, 'columns'>): Column[] {
  return columns.filter(({ isProvenance }) => !isProvenance)
}

/** What is in each column of a version. `onColumn` hears of each before it is looked at. */
export async function profileVersion(duck: Duck, source: VersionSource, { signal, onColumn }: { signal: AbortSignal; onColumn: (column: Column, index: number) => void }): Promise<MeasuredColumn[]> {
  const columns = profiledColumns(source)
  const table = await openProfileTable(duck, source, { columns, signal })
  const profiles: MeasuredColumn[] = []
  const waiting = columns.entries()
  const lane = async (by: ProfileTable): Promise<void> => {
    for (const [index, column] of waiting) {
      onColumn(column, index)
      profiles[index] = await profileColumn(by, column)
    }
  }
  using other = await duck.another()
  // Every statement has an end that only one thread works on; a second column fills the other.
  const lanes = [lane(table), lane(table.beside(other))]
  await Promise.allSettled(lanes)
  await Promise.all(lanes)
  return profiles
}

async function profileColumn(table: ProfileTable, column: Column): Promise<MeasuredColumn> {
  const facts = await columnFacts(table, column)
  const look = { table, column, facts }
  const isEmpty = facts.nulls === table.rowCount
  const quantiles = isEmpty ? null : await columnQuantiles(look)
  const { isExact, isCounted: _isCounted, ...kept } = facts
  return { column, ...kept, isDistinctExact: isExact, quantiles, histogram: await columnHistogram(look, quantiles), top: isEmpty ? null : await topValues(look) }
}
