import { useState } from 'react'
import type { Secret, SecretList } from '../../../shared/contract/secrets.contract.ts'
import { problemOf } from '../../api/problem-of.ts'
import { useConnectionCommands, useSecrets } from '../../api/use-connections.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { SecretDialog } from './secret-dialog.tsx'

/** Passwords and tokens that sources name: which there are, who uses them, and the way to set them. A value never comes back. */
export function SecretsPanel() {
  const { data, error, refetch } = useSecrets()
  const { onProblem } = useRunToasts()
  const { setSecret, removeSecret } = useConnectionCommands(onProblem)
  const [setting, setSetting] = useState<Secret | 'new' | null>(null)
  const [removing, setRemoving] = useState<Secret | null>(null)
  return (
    <>
      <PanelHead title='Secrets' remark='named by sources as secret:name'><Button small icon='plus' onClick={() => setSetting('new')}>Set a secret</Button></PanelHead>
      {data !== undefined ? <SecretTable list={data} onSet={setSetting} onRemove={setRemoving} /> : error === null ? <LoadingState>Asking for secrets</LoadingState> : <ErrorState inline problem={problemOf(error)} onRetry={() => void refetch()} />}
      {setting !== null && data !== undefined && <SecretDialog secret={setting === 'new' ? null : setting} protection={data.protection} onClose={() => setSetting(null)} onSet={(name, value) => void setSecret(name, value)} />}
      {removing !== null && <RemoveDialog secret={removing} onClose={() => setRemoving(null)} onRemove={() => void removeSecret(removing.name)} />}
    </>
  )
}

interface TableProps {
  list: SecretList
  onSet: (secret: Secret) => void
  onRemove: (secret: Secret) => void
}

function SecretTable({ list: { secrets, protection }, onSet, onRemove }: TableProps) {
  if (secrets.length === 0) {
    return <EmptyState inline title='No source names a secret'>Write <code>auth: {'{'} bearer: secret:orders_token {'}'}</code> into a source, and set its value here. It is in no file of the workspace.</EmptyState>
  }
  return (
    <>
      {!protection.isSafe && <div className='block'><Note status='warning'>What is set here is kept {protection.text}.</Note></div>}
      <table className='t secrets'>
        <colgroup><col style={{ width: '28%' }} /><col style={{ width: '25%' }} /><col /><col style={{ width: 168 }} /></colgroup>
        <thead><tr><th scope='col'>Name</th><th scope='col'>Kept</th><th scope='col'>Used by</th><th scope='col' aria-label='Change' /></tr></thead>
        <tbody>{secrets.map((secret) => <SecretRow key={secret.name} secret={secret} onSet={onSet} onRemove={onRemove} />)}</tbody>
      </table>
    </>
  )
}

const PLACES = { environment: 'in the environment', file: 'in your own file', keychain: 'in the keychain' } as const

function SecretRow({ secret, onSet, onRemove }: { secret: Secret } & Omit<TableProps, 'list'>) {
  const { name, place, setAt, usedBy } = secret
  const isGiven = place === 'environment' ? 'It comes from the environment, which Strata does not change' : null
  return (
    <tr>
      <td className='mono cut' title={name}>{name}</td>
      <td>
        {place === null ? <Status status='warning' text='Not set' /> : <div className='cut'>{PLACES[place]}</div>}
        {setAt !== null && <div className='t3 s11 cut'><TimeAgo at={setAt} /></div>}
      </td>
      <td className='cut'>
        {usedBy.map((dataset) => <div key={dataset} className='cut'><a className='mono' href={dataAddress(dataset)}>{dataset}</a></div>)}
        {usedBy.length === 0 && <span className='t3'>no source</span>}
      </td>
      <td className='num'>
        <span className='row row-4 end'>
          <Button small disabledReason={isGiven} onClick={() => onSet(secret)}>{place === null ? 'Set' : 'Replace'}</Button>
          {place !== null && <Button small variant='quiet' disabledReason={isGiven} onClick={() => onRemove(secret)}>Remove</Button>}
        </span>
      </td>
    </tr>
  )
}

function RemoveDialog({ secret: { name, usedBy }, onClose, onRemove }: { secret: Secret; onClose: () => void; onRemove: () => void }) {
  const confirm = (): void => {
    onRemove()
    onClose()
  }
  return (
    <Dialog open onClose={onClose} title={`Remove the secret ${name}?`} actions={<><Button onClick={onClose} autoFocus>Keep {name}</Button><Button variant='danger-fill' onClick={confirm}>Remove {name}</Button></>}>
      {usedBy.length === 0 ? 'No source names it. ' : `${usedBy.join(', ')} cannot be run without it. `}Its value cannot be brought back.
    </Dialog>
  )
}
