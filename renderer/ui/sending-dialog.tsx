import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { formatBytes, formatCount } from './format.ts'
import { useDelayed } from './loading-state.tsx'
import { Progress } from './progress.tsx'

interface SendingDialogProps {
  /** Null: nothing is on its way. */
  sending: { files: number; sentFiles: number; bytes: number; sentBytes: number } | null
  onCancel: () => void
}

/** Files on their way from a browser to Strata; small ones are there before it shows. */
export function SendingDialog({ sending, onCancel }: SendingDialogProps) {
  return sending === null ? null : <Sending sending={sending} onCancel={onCancel} />
}

function Sending({ sending, onCancel }: { sending: NonNullable<SendingDialogProps['sending']>; onCancel: () => void }) {
  const { files, sentFiles, bytes, sentBytes } = sending
  if (!useDelayed(400)) return null
  return (
    <Dialog open onClose={onCancel} title={`Sending ${files === 1 ? '1 file' : `${formatCount(files)} files`} to Strata`} actions={<Button onClick={onCancel}>Cancel</Button>}>
      <p className='t2'>{formatBytes(sentBytes)} of {formatBytes(bytes)}, {formatCount(sentFiles)} of {formatCount(files)} files. Nothing is written to the inbox yet.</p>
      <Progress label='Sent' share={bytes === 0 ? null : sentBytes / bytes} />
    </Dialog>
  )
}
