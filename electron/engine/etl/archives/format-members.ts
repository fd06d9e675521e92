import type { SourceFormat } from '../../workspace/model.ts'
import { withoutPacking } from './packing.ts'

/** Endings of the members that a source reads when it names none; formats that are not here take every member. */
const ENDINGS: Readonly<Partial<Record<SourceFormat, RegExp>>> = {
  csv: /\.(csv|tsv|tab|psv|txt|dat)$/i,
  fixed: /\.(txt|dat|fix)$/i,
  json: /\.json$/i,
  ndjson: /\.(ndjson|jsonl)$/i,
  xml: /\.xml$/i,
  parquet: /\.parquet$/i,
}

export function isMemberOf(format: SourceFormat): (name: string) => boolean {
  const ending = ENDINGS[format]
  return (name) => ending === undefined || ending.test(withoutPacking(name))
}
