import { useState } from 'react'
import type { RetentionPreview } from '../../../shared/contract/storage.contract.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { countOf, formatBytes } from '../../ui/format.ts'

interface GcDialogProps {
  preview: RetentionPreview
  onRemove: (leftovers: boolean) => Promise<void>
  onClose: () => void
}

/** Removing cannot be undone: it says what goes before it goes. */
export function GcDialog({ preview, onRemove, onClose }: GcDialogProps) {
  const { versionCount, sizeBytes, unfinished, leftovers } = preview
  const [withLeftovers, setWithLeftovers] = useState(false)
  const leftoverBytes = leftovers.reduce((sum, leftover) => sum + leftover.sizeBytes, 0)
  const bytes = sizeBytes + (withLeftovers ? leftoverBytes : 0)
  const isNothing = versionCount + unfinished.length === 0 && !withLeftovers
  const remove = (): void => {
    void onRemove(withLeftovers)
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title='Free space?'
      actions={
        <>
          <Button onClick={onClose}>Keep everything</Button>
          <Button variant='danger-fill' onClick={remove} disabledReason={isNothing ? 'Choose what may go' : null}>{`Remove ${formatBytes(bytes)}`}</Button>
        </>
      }
    >
      <p>{countOf(versionCount, 'version')} that the retention policy lets go, {formatBytes(sizeBytes)}. Their rows cannot be brought back; their history and lineage stay.</p>
      {leftovers.length > 0 && (
        <label className='row gc-leftovers'>
          <input type='checkbox' checked={withLeftovers} onChange={(event) => setWithLeftovers(event.target.checked)} />
          <span>Also {countOf(leftovers.length, 'leftover')} that belong{leftovers.length === 1 ? 's' : ''} to no version, {formatBytes(leftoverBytes)}</span>
        </label>
      )}
    </Dialog>
  )
}
