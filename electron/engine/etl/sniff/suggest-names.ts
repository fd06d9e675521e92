import { basename, dirname } from 'node:path'
import { datasetNameProblem } from '../../../../shared/domain/naming.ts'
import { plainName } from '../../../../shared/domain/plain-name.ts'

const ENDINGS = /(\.(csv|tsv|tab|txt|psv|json|ndjson|jsonl|xml|parquet|xlsx|xls|gz|zip|zst|db|sqlite|duckdb|arrow))+$/i
const MAX_LENGTH = 63

/** A name that the naming rules allow, made of a file's. */
export function nameFrom(text: string, isAllowed: (name: string) => boolean = (name) => datasetNameProblem(name) === null): string {
  const plain = plainName(text.replace(ENDINGS, ''), MAX_LENGTH - 5)
  const begun = /^[a-z]/.test(plain) ? plain : `data${plain === '' ? '' : `_${plain}`}`
  return isAllowed(begun) ? begun : `${begun}_data`
}

/** Of one file its own name; of several what their names begin with, else the folder's. */
export function datasetNameOf(paths: readonly string[]): string {
  const [first = ''] = paths
  if (paths.length === 1) return nameFrom(basename(first))
  const names = paths.map((path) => basename(path).replace(ENDINGS, ''))
  const common = commonStart(names).replace(/[\d_\-. ]+$/, '')
  return nameFrom(common.length >= 3 ? common : basename(dirname(first)))
}

function commonStart(names: readonly string[]): string {
  const [first = ''] = names
  let length = first.length
  for (const name of names) {
    let at = 0
    while (at < length && name[at] === first[at]) at++
    length = at
  }
  return first.slice(0, length)
}
