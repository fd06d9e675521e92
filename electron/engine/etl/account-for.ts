import { join } from 'node:path'
import type { DeliveredMember } from '../../../shared/contract/runs.contract.ts'
import type { RecordAccount } from '../../../shared/domain/record-account.ts'
import { parquetScan } from '../query/version-relation.ts'
import type { DeliveredFile } from '../workers/delivered-file.ts'
import type { ExtractResult } from '../workers/wire.ts'
import type { ExtractJob } from './connectors/connector.ts'
import type { Delivered } from './find-texts.ts'
import { REJECTS_NAME } from './rejects-table.ts'

export interface DeliveredAs {
  file: Delivered
  sha256: string
}

interface Accounting {
  written: Pick<ExtractResult, 'parts'>
  delivered: readonly DeliveredAs[]
}

type Account = Pick<ExtractResult, 'files' | 'records' | 'quarantined' | 'skipped' | 'rejectsName'>

/**
 * What became of every record, by delivered file and member: records = loaded + quarantined + skipped. Writes the rejects.
 */
export async function accountFor(job: ExtractJob, { written, delivered }: Accounting): Promise<Account> {
  const { rejects, skips, outDir, files: texts } = job
  const quarantined = await rejects.counts(texts.length)
  const loaded = await countLoaded(job, written)
  const accounts = texts.map(({ index }) => accountOf({ loaded: loaded[index] ?? 0, quarantined: quarantined[index] ?? 0, skipped: skips.ofFile(index) }))
  const byDelivered = Map.groupBy(texts, (text) => text.delivered)
  const files = delivered.map(({ file, sha256 }, index): DeliveredFile => {
    const own = byDelivered.get(index) ?? []
    const members = own.flatMap((text) => memberOf(file, text.name, accounts[text.index]))
    const { path, name, sizeBytes, modifiedAt } = file
    return { fileName: name, origin: path, sha256, sizeBytes, modifiedAt, ...total(own.flatMap((text) => accounts[text.index] ?? [])), members, sameAs: null }
  })
  const sum = total(files)
  if (sum.quarantined > 0) await rejects.write(outDir)
  return { files, records: sum.records, quarantined: sum.quarantined, skipped: sum.skipped, rejectsName: sum.quarantined > 0 ? REJECTS_NAME : null }
}

function accountOf({ loaded, quarantined, skipped }: Omit<RecordAccount, 'records'>): RecordAccount {
  return { records: loaded + quarantined + skipped, loaded, quarantined, skipped }
}

function memberOf(file: Delivered, text: string, account: RecordAccount | undefined): DeliveredMember[] {
  return text === file.name || account === undefined ? [] : [{ name: text.slice(file.name.length + 1), ...account }]
}

function total(accounts: readonly RecordAccount[]): RecordAccount {
  const sum = (key: 'loaded' | 'quarantined' | 'skipped'): number => accounts.reduce((all, account) => all + account[key], 0)
  return accountOf({ loaded: sum('loaded'), quarantined: sum('quarantined'), skipped: sum('skipped') })
}

/** Rows by text index: a part's own count, or the stored `_file`. */
async function countLoaded({ duck, files, layout, outDir, signal }: ExtractJob, { parts }: Pick<ExtractResult, 'parts'>): Promise<number[]> {
  if (layout === 'per_file') return parts.map(({ rowCount }) => rowCount)
  const relation = parquetScan(parts.map(({ name }) => join(outDir, name)))
  const rows = await duck.rows(`SELECT _file, count(*)::VARCHAR AS n FROM ${relation} GROUP BY _file`, signal)
  const byName = new Map(rows.map((row) => [String(row['_file']), Number(row['n'])]))
  return files.map(({ name }) => byName.get(name) ?? 0)
}
