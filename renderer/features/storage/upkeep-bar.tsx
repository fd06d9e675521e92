import type { Upkeep } from '../../../shared/contract/storage.contract.ts'
import { Button } from '../../ui/button.tsx'
import { countOf, formatBytes, formatShare } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { upkeepWords } from './upkeep-words.ts'

/** What is at work on the files now, how far it is, and the way to stop it. */
export function UpkeepBar({ upkeep, onCancel }: { upkeep: Upkeep; onCancel: (id: string) => Promise<void> }) {
  const { id, kind, share, versions, sizeBytes } = upkeep
  return (
    <div className='upkeep-bar' role='status'>
      <span className='nw'><b>{upkeepWords(kind).running}</b></span>
      <Progress label={upkeepWords(kind).running} share={share} />
      <span className='t2 nw'>{share === null ? '' : `${formatShare(share)}, `}{countOf(versions, 'version')}, {formatBytes(sizeBytes)}</span>
      <Button small variant='danger' icon='stop' iconSize={11} onClick={() => void onCancel(id)}>Cancel</Button>
    </div>
  )
}
