import { ProblemError } from '../../../shared/domain/problem.ts'
import { isoTime } from '../ledger/rows.ts'
import type { VersionRow } from '../ledger/versions.store.ts'

const NAMED = 5

/** What is said to whoever asks for versions whose files are gone. */
export function removedProblem(versions: readonly VersionRow[]): ProblemError {
  const names = versions.map(({ dataset, number }) => `${dataset} v${number}`)
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  const since = versions[0]?.removedAt ?? null
  const when = since === null ? '' : ` on ${isoTime(since).slice(0, 10)}`
  return new ProblemError('VERSION_REMOVED', `${names.slice(0, NAMED).join(', ')}${more} ${names.length === 1 ? 'was' : 'were'} removed by the retention policy${when}`, {
    hint: 'Choose a version that is kept, or run again to make the data anew. Pin versions that must stay',
    details: { versions: names },
  })
}
