import type { PublicationChange, PublishPreview } from '../../shared/contract/publish.contract.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ErrorState } from './error-state.tsx'
import { countOf, formatCount } from './format.ts'
import { LoadingState } from './loading-state.tsx'
import { Note } from './note.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import './publish-dialog.css'
import './table.css'

interface PublishDialogProps {
  /** Asks by name: "Roll back drugs #12?" */
  title: string
  /** Verb and object of the button that does it. */
  confirm: string
  preview: PublishPreview | undefined
  refused: Problem | null
  onConfirm: (reason: string) => void
  onClose: () => void
}

/** Shows what becomes current, dataset by dataset, before anything does. */
export function PublishDialog({ title, confirm, preview, refused, onConfirm, onClose }: PublishDialogProps) {
  if (refused !== null || preview === undefined) {
    return (
      <Dialog open wide onClose={onClose} title={title} actions={<Button onClick={onClose}>Close</Button>}>
        {refused === null ? <LoadingState rows={3}>Finding out what would change</LoadingState> : <ErrorState inline problem={refused} />}
      </Dialog>
    )
  }
  const { changes, alsoUndone, madeFrom } = preview
  return (
    <ReasonDialog wide title={title} confirm={confirm} onConfirm={onConfirm} onClose={onClose}>
      <div className='publish-changes scroll' tabIndex={0} role='group' aria-label='What changes'>
        <table className='t'>
          <thead><tr><th scope='col'>Dataset</th><th scope='col' className='num'>Now</th><th scope='col' className='num'>Then</th><th scope='col' className='num'>Rows then</th></tr></thead>
          <tbody>{changes.map((change) => <ChangeLine key={change.dataset} change={change} />)}</tbody>
        </table>
      </div>
      {alsoUndone.length > 0 && <Note status='warning'>This also takes back the {alsoUndone.join(', the ')}.</Note>}
      {madeFrom.length > 0 && <Note status='warning'>{countOf(madeFrom.length, 'dataset')} made from these {madeFrom.length === 1 ? 'stays as it is' : 'stay as they are'}: {madeFrom.join(', ')}.</Note>}
    </ReasonDialog>
  )
}

function ChangeLine({ change: { dataset, from, to } }: { change: PublicationChange }) {
  return (
    <tr>
      <td className='mono' title={dataset}>{dataset}</td>
      <td className='num'>{versionText(from)}</td>
      <td className='num'><b>{versionText(to)}</b></td>
      <td className='num'>{to === null ? '' : formatCount(to.rowCount)}{from !== null && to !== null && from.rowCount !== to.rowCount && <span className='t3'> {signed(to.rowCount - from.rowCount)}</span>}</td>
    </tr>
  )
}

function versionText(side: PublicationChange['from']): string {
  return side === null ? 'not published' : `v${side.version}, #${side.runNumber}`
}

function signed(change: number): string {
  return `${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))}`
}
