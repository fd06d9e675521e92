import type { VersionSource } from '../workers/wire.ts'

/** The number, in the version, of the first row of each part. */
export function partStarts({ parts }: Pick<VersionSource, 'parts'>): number[] {
  let next = 0
  return parts.map(({ rowCount }) => {
    next += rowCount
    return next - rowCount
  })
}

/** The same as a list in SQL; its indexes begin with 1. */
export function partStartsSql(source: Pick<VersionSource, 'parts'>): string {
  return `([${partStarts(source).join(', ')}]::BIGINT[])`
}
