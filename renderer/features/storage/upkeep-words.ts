import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { countOf, formatBytes } from '../../ui/format.ts'

const WORDS: Readonly<Record<Upkeep['kind'], { name: string; running: string }>> = {
  gc: { name: 'Freed space', running: 'Removing versions' },
  verify: { name: 'Verified files', running: 'Reading every file again' },
  check: { name: 'Checked touched files', running: 'Reading touched files again' },
}

export function upkeepWords(kind: Upkeep['kind']): { name: string; running: string } {
  return WORDS[kind]
}

/** What came of it, in a line. */
export function upkeepResult({ kind, state, versions, files, sizeBytes, damaged, problem }: Upkeep): string {
  if (problem !== null) return problem.message
  const until = state === 'cancelled' ? 'Until it was cancelled: ' : ''
  if (kind === 'gc') return `${until}${countOf(versions, 'version')} removed${files === 0 ? '' : `, ${countOf(files, 'leftover')}`}, ${formatBytes(sizeBytes)} freed`
  return `${until}${countOf(files, 'file')} of ${countOf(versions, 'version')}, ${formatBytes(sizeBytes)}: ${damaged === 0 ? 'all as written' : `${countOf(damaged, 'file')} not as written`}`
}
