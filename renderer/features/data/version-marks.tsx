import type { Version } from '../../../shared/contract/datasets.contract.ts'
import { countOf, formatAbsolute } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { StatusMark } from '../../ui/status.tsx'

/** What is out of the ordinary with a version, each with its word. */
export function VersionMarks({ version }: { version: Version }) {
  return (
    <>
      {version.removedAt !== null && <span className='chip' title={`Its files were removed by the retention policy on ${formatAbsolute(version.removedAt)}`}>removed</span>}
      {version.pinReason !== null && <span className='chip' title={`Kept: ${version.pinReason}`}><Icon name='pin' size={11} />pinned</span>}
      {version.damagedFiles > 0 && <span className='chip st-failed' title={`${countOf(version.damagedFiles, 'file')} not as Strata wrote ${version.damagedFiles === 1 ? 'it' : 'them'}; Storage lists them`}><StatusMark status='failed' size={11} />files changed</span>}
    </>
  )
}
