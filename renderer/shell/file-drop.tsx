import { useEffect, useState } from 'react'
import { useApi } from '../api/api.tsx'
import { collectDropped } from '../api/collect-dropped.ts'
import { problemOf } from '../api/problem-of.ts'
import { useDelivery } from '../api/use-delivery.ts'
import { goTo, ingestAddress } from '../ui/addresses.ts'
import { SendingDialog } from '../ui/sending-dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { Icon } from '../ui/icon.tsx'

/** Files dropped anywhere on the window are looked at before anything is written. */
export function FileDrop() {
  const { host } = useApi()
  const { deliver, sending, cancel } = useDelivery()
  const toast = useToast()
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const take = (transfer: DataTransfer): void => {
      collectDropped(transfer, host !== null).then(deliver).then(
        (paths) => paths.length > 0 && goTo(ingestAddress(paths)),
        (error: unknown) => {
          const problem = problemOf(error)
          if (problem.code !== 'CANCELLED') toast({ status: 'failed', title: problem.message, ...(problem.hint === null ? {} : { text: problem.hint }) })
        },
      )
    }
    return listenForFiles(setIsOver, take)
  }, [deliver, host, toast])
  return (
    <>
      {isOver && (
        <div className='file-drop' aria-hidden='true'>
          <div><Icon name='inbox' size={24} /><b>Drop to add data</b><span className='t2'>Strata shows what it found before it writes anything</span></div>
        </div>
      )}
      <SendingDialog sending={sending} onCancel={cancel} />
    </>
  )
}

/** Without these, a browser would open a dropped file in place of the window. */
function listenForFiles(onOver: (isOver: boolean) => void, onDrop: (transfer: DataTransfer) => void): () => void {
  const stop = new AbortController()
  const on = (type: 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void): void => {
    window.addEventListener(type, (event) => {
      if (event.dataTransfer?.types.includes('Files') === true) listener(event)
    }, { signal: stop.signal })
  }
  on('dragover', (event) => {
    event.preventDefault()
    onOver(true)
  })
  on('dragleave', (event) => {
    // Leaving for another element of the window is no leaving.
    if (event.relatedTarget === null) onOver(false)
  })
  on('drop', (event) => {
    event.preventDefault()
    onOver(false)
    if (event.dataTransfer !== null) onDrop(event.dataTransfer)
  })
  return () => stop.abort()
}
