import { useState } from 'react'
import type { Cursor } from '../../../shared/contract/cursors.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { useConnectionCommands, useCursors } from '../../api/use-connections.ts'
import { dataAddress, runAddress } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Labelled } from '../../ui/field.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { useRunToasts } from '../../ui/run-toasts.ts'
import { TimeAgo } from '../../ui/time-ago.tsx'

/** How far each incremental source was read, and the hand that moves it. Nothing where no source is incremental. */
export function CursorsPanel() {
  const { data } = useCursors()
  const { onProblem } = useRunToasts()
  const { setCursor } = useConnectionCommands(onProblem)
  const [moving, setMoving] = useState<Cursor | null>(null)
  if (data === undefined || data.cursors.length === 0) return null
  return (
    <>
      <PanelHead title='Cursors' remark='how far incremental sources were read' />
      <table className='t secrets'>
        <colgroup><col style={{ width: '36%' }} /><col /><col style={{ width: '26%' }} /><col style={{ width: 84 }} /></colgroup>
        <thead><tr><th scope='col'>Source</th><th scope='col'>Next run asks beyond</th><th scope='col'>Moved</th><th scope='col' aria-label='Change' /></tr></thead>
        <tbody>
          {data.cursors.map((cursor) => (
            <tr key={cursor.dataset}>
              <td className='cut'><a className='mono' href={dataAddress(cursor.dataset)}>{cursor.dataset}</a></td>
              <td className='cut' title={cursor.value ?? undefined}>
                <div className='cut'>{cursor.value ?? cursor.initial ?? <span className='t3'>nothing: it asks for everything</span>}</div>
                <div className='t3 s11 cut'>{cursor.column}</div>
              </td>
              <td className='cut'><Moved cursor={cursor} /></td>
              <td className='num'><Button small onClick={() => setMoving(cursor)}>Move</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
      {moving !== null && <MoveDialog cursor={moving} onClose={() => setMoving(null)} onMove={(value, reason) => void setCursor(moving.dataset, value, reason)} />}
    </>
  )
}

function Moved({ cursor: { at, run, setBy } }: { cursor: Cursor }) {
  if (at === null) return <span className='t3'>not yet</span>
  return (
    <>
      <div className='cut'>{run !== null ? <a className='mono' href={runAddress(run)}>#{run.runNumber}</a> : setBy === null ? '' : actorText(setBy.actor)}</div>
      <div className='t3 s11 cut' title={setBy?.reason}><TimeAgo at={at} />{setBy === null ? '' : `, ${setBy.reason}`}</div>
    </>
  )
}

function MoveDialog({ cursor, onClose, onMove }: { cursor: Cursor; onClose: () => void; onMove: (value: string | null, reason: string) => void }) {
  const [value, setValue] = useState(cursor.value ?? '')
  const text = value.trim()
  return (
    <ReasonDialog title={`Move the cursor of ${cursor.dataset}`} confirm={text === '' ? 'Begin anew' : 'Move cursor'} onClose={onClose} onConfirm={(reason) => onMove(text === '' ? null : text, reason)}>
      <Labelled label={`The next run asks for ${cursor.column} beyond`} hint='Further back brings records a second time, further on leaves some out. Empty: the source begins anew, without what was delivered before.'>
        {({ id, describedBy }) => <span className='field wide'><input id={id} type='text' aria-describedby={describedBy} className='mono' value={value} maxLength={1_000} spellCheck={false} autoComplete='off' onChange={(event) => setValue(event.target.value)} /></span>}
      </Labelled>
    </ReasonDialog>
  )
}
