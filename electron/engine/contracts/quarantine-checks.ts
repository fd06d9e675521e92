import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { parquetScan } from '../query/version-relation.ts'
import type { Duck } from '../query/duckdb.ts'
import type { VersionSource } from '../workers/wire.ts'
import type { CheckSpec } from '../workspace/model.ts'
import { quarantinedMessage, quarantineSizeMessage } from './check-message.ts'

/** What a rule that quarantines, or a limit of the quarantine, says of a version: of the rows that are not in it. */

interface Outcome {
  passed: boolean
  failingRows: number
  message: string
  measure: { value: number; unit: 'rows' }
  failingSql: string | null
}

interface Sifted {
  duck: Duck
  target: VersionSource
  signal: AbortSignal
}

/** Rows that a rule took out. What was let in or left out in spite of it does not count. */
export async function quarantineRule({ duck, target, signal }: Sifted, { rule }: CheckSpec): Promise<Outcome> {
  const isOfRule = `list_contains(rules, ${quoteLiteral(rule)})`
  const { all, failing } = await count({ duck, target, signal }, isOfRule)
  const failingSql = failing === 0 || target.rejectsPath === null ? null : `SELECT reason, value, key, raw FROM ${parquetScan([target.rejectsPath])} WHERE outcome = 'quarantined' AND ${isOfRule}`
  return { passed: failing === 0, failingRows: failing, message: quarantinedMessage({ failing, total: all }), measure: { value: failing, unit: 'rows' }, failingSql }
}

export async function quarantineSize(sifted: Sifted, { max }: Extract<CheckSpec, { kind: 'quarantined' }>): Promise<Outcome> {
  const { all, failing } = await count(sifted, 'true')
  const allowed = 'count' in max ? max.count : max.share * all
  const words = 'count' in max ? max.count.toLocaleString('en-US') : `${max.share * 100}%`
  return { passed: failing <= allowed, failingRows: failing, message: quarantineSizeMessage({ failing, total: all }, { allowed: words, passed: failing <= allowed }), measure: { value: failing, unit: 'rows' }, failingSql: null }
}

/** Records that the step saw, and those in quarantine that a condition holds for. */
async function count({ duck, target, signal }: Sifted, condition: string): Promise<{ all: number; failing: number }> {
  if (target.rejectsPath === null) return { all: target.rowCount, failing: 0 }
  const [row] = await duck.rows(
    `SELECT count(*)::DOUBLE AS out, (count(*) FILTER (outcome = 'quarantined' AND ${condition}))::DOUBLE AS failing FROM ${parquetScan([target.rejectsPath])}`,
    signal,
  )
  return { all: target.rowCount + Number(row?.['out']), failing: Number(row?.['failing']) }
}
