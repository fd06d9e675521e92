import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { useApi } from '../../api/api.tsx'
import { AsOfForm } from '../../ui/as-of-form.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'

/** At which moment names mean what: now, or just after a run had published. */
export function AsOfButton({ asOf, onChoose }: { asOf: RunRef | null; onChoose: (asOf: RunRef | null) => void }) {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const dataTypes = workspace.data?.dataTypes.map(({ name }) => name) ?? []
  const choose = (run: RunRef | null): void => {
    onChoose(run)
    setAnchor(null)
  }
  return (
    <>
      <button ref={button} type='button' className={`version-button${asOf === null ? ' plain' : ''}`} aria-haspopup='dialog' onClick={() => { if (button.current !== null) setAnchor(anchorOf(button.current)) }}>
        <Icon name='history' size={13} />
        <span>{asOf === null ? 'as of now' : <>as of <b>{`${asOf.dataType} #${asOf.runNumber}`}</b></>}</span>
        <Icon name='down' size={12} />
      </button>
      {anchor !== null && (
        <PopupPanel label='Moment' anchor={anchor} width={340} onClose={() => setAnchor(null)}>
          <div className='as-of only'>
            <span className='t2'>Read every dataset as it was just after this run had published</span>
            <AsOfForm dataTypes={dataTypes} dataType={asOf?.dataType ?? dataTypes[0] ?? ''} runNumber={asOf?.runNumber} onRun={choose} />
            {asOf !== null && <Button small onClick={() => choose(null)}>Back to now</Button>}
          </div>
        </PopupPanel>
      )}
    </>
  )
}
