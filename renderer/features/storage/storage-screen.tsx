import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { DiskUse, RetentionPreview } from '../../../shared/contract/storage.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { PageHead, SidePanel } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatBytes } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { DamageList } from './damage-list.tsx'
import { DiskUsePanel, FoldersPanel } from './disk-use-panel.tsx'
import { GcDialog } from './gc-dialog.tsx'
import { RetentionPanel } from './retention-panel.tsx'
import { UpkeepBar } from './upkeep-bar.tsx'
import { UpkeepList } from './upkeep-list.tsx'
import { type UpkeepState, useUpkeep } from './use-upkeep.ts'
import './storage.css'
import '../../ui/table.css'

/** What the versions take on disk, what may go, and whether the files are as they were written. */
export function StorageScreen() {
  const { queries } = useApi()
  const disk = useQuery(queries.storage.disk.queryOptions())
  const retention = useQuery(queries.storage.retention.queryOptions())
  const upkeep = useUpkeep()
  const [asking, setAsking] = useState(false)
  return (
    <div className='view'>
      <section className='main' aria-label='Storage' data-region='' tabIndex={-1}>
        <PageHead title='Storage' facts={disk.data === undefined ? null : diskFacts(disk.data)} actions={<Actions upkeep={upkeep} preview={retention.data} onFree={() => setAsking(true)} />} />
        {upkeep.running !== null && <UpkeepBar upkeep={upkeep.running} onCancel={upkeep.cancel} />}
        <div className='storage-body scroll' tabIndex={0} role='group' aria-label='Disk use and retention'>
          <Body disk={disk} retention={retention} />
        </div>
      </section>
      <SidePanel label='State of the files'>
        <DamageList />
        <UpkeepList entries={upkeep.entries} />
      </SidePanel>
      {asking && retention.data !== undefined && <GcDialog preview={retention.data} onClose={() => setAsking(false)} onRemove={upkeep.gc} />}
    </div>
  )
}

function diskFacts({ totalBytes, freeBytes }: DiskUse): string {
  return `${formatBytes(totalBytes)} in this workspace, ${formatBytes(freeBytes)} free on the disk`
}

function Actions({ upkeep, preview, onFree }: { upkeep: UpkeepState; preview: RetentionPreview | undefined; onFree: () => void }) {
  const busy = upkeep.running === null ? null : 'Something is at work on the files; wait for its end or cancel it'
  const removable = preview === undefined ? 0 : preview.versions.length + preview.unfinished.length + preview.leftovers.length
  return (
    <>
      <Button icon='check' onClick={() => void upkeep.verify()} disabledReason={busy} title='Reads every kept file again and compares it with what was written'>Verify files</Button>
      <Button variant='primary' onClick={onFree} disabledReason={busy ?? (removable === 0 ? 'Nothing may go: every version is kept' : null)}>Free space</Button>
    </>
  )
}

interface BodyProps {
  disk: UseQueryResult<DiskUse>
  retention: UseQueryResult<RetentionPreview>
}

function Body({ disk, retention }: BodyProps) {
  const error = disk.error ?? retention.error
  return (
    <>
      {error !== null && <ErrorState inline problem={problemOf(error)} onRetry={() => void Promise.all([disk.refetch(), retention.refetch()])} />}
      {disk.data !== undefined && <DiskUsePanel use={disk.data} />}
      {retention.data !== undefined && <RetentionPanel preview={retention.data} />}
      {disk.data !== undefined && <FoldersPanel use={disk.data} />}
      {error === null && (disk.isPending || retention.isPending) && <LoadingState rows={8}>Looking at the files</LoadingState>}
    </>
  )
}
