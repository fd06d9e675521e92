import path from 'node:path'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { ExportTarget } from './export-request.ts'

type Parts = Pick<EngineParts, 'checks' | 'versions' | 'clock' | 'engineVersion'>

/** Says where the file comes from and how to make it again. */
export function manifestOf(parts: Parts, { version, format, query, columns, file, difference, pivot, look }: ExportTarget, written: { rowCount: number; sizeBytes: number; sha256: string }) {
  const checks = parts.checks.ofVersion(version.id)
  return {
    format: 1,
    file: path.basename(file),
    fileFormat: format,
    ...written,
    exportedAt: new Date(parts.clock()).toISOString(),
    strata: parts.engineVersion,
    ...versionFacts(version),
    ...(pivot !== undefined ? { groups: pivot, query } : difference === null ? { columns: columns ?? version.columns.map(({ name }) => name), query } : { difference: { from: versionFacts(difference.from), key: difference.key, kinds: difference.kinds, layout: LAYOUT } }),
    ...sensitiveIn({ columns, look, difference }),
    checks: checks.map(({ rule, severity, passed, failingRows }) => ({ rule, severity, passed, failingRows })),
    inputs: parts.versions.inputsOf(version.id).map(({ dataset, number }) => ({ dataset, version: number })),
    sources: parts.versions.deliveries(version.id).map(({ fileName, sha256, sizeBytes }) => ({ fileName, sha256, sizeBytes })),
  }
}

/** Sensitive columns of the file: those that hold masks, and those whose values were revealed to the one who asked. */
export function sensitiveIn({ columns, look, difference }: Pick<ExportTarget, 'columns' | 'look' | 'difference'>): { masked: string[]; revealed: string[] } {
  const written = columns?.map((name) => name.toLowerCase())
  const isWritten = (name: string): boolean => written === undefined || written.includes(name.toLowerCase())
  const { masked, revealed } = difference ?? look
  return { masked: masked.filter(isWritten), revealed: revealed.filter(isWritten) }
}

const LAYOUT = 'A line for each side of a row. _change says which: added, removed, before or after. _changed names the columns that differ.'

function versionFacts({ dataset, number, runNumber, contentHash }: VersionRow) {
  return { dataset, version: number, run: `${dataset.split('.', 1)[0] ?? ''} #${runNumber}`, contentHash }
}
