import { useRef, useState } from 'react'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { goTo, lineageAddress } from '../../ui/addresses.ts'
import { AsOfForm } from '../../ui/as-of-form.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'

interface MomentPickerProps {
  moment: { asOf: RunRef | undefined; version: number | undefined }
  dataset: string | null
  dataTypes: readonly string[]
}

/** Of which versions the graph is, and the way to those of another moment. */
export function MomentPicker({ moment: { asOf, version }, dataset, dataTypes }: MomentPickerProps) {
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const go = (run: RunRef | undefined): void => {
    setAnchor(null)
    goTo(lineageAddress(dataset ?? undefined, { asOf: run }))
  }
  const isPast = asOf !== undefined || version !== undefined
  return (
    <>
      <button ref={button} type='button' className={`version-button${isPast ? '' : ' plain'}`} aria-haspopup='dialog' onClick={() => { if (button.current !== null) setAnchor(anchorOf(button.current)) }}>
        <Icon name='history' size={13} />
        <MomentWords asOf={asOf} version={version} />
        <Icon name='down' size={12} />
      </button>
      {anchor !== null && (
        <PopupPanel label='Versions of the graph' anchor={anchor} width={340} onClose={() => setAnchor(null)}>
          <div className='as-of only'>
            <span className='t2'>As everything was just after a run, of any data type</span>
            <AsOfForm dataTypes={dataTypes} dataType={firstType(asOf, dataset) ?? dataTypes[0] ?? ''} runNumber={asOf?.runNumber} onRun={go} />
            {isPast && <div><Button small onClick={() => go(undefined)}>Current versions</Button></div>}
          </div>
        </PopupPanel>
      )}
    </>
  )
}

function firstType(asOf: RunRef | undefined, dataset: string | null): string | undefined {
  return asOf?.dataType ?? dataset?.split('.', 1)[0]
}

function MomentWords({ asOf, version }: MomentPickerProps['moment']) {
  if (asOf !== undefined) return <span>as of <b>{asOf.dataType} #{asOf.runNumber}</b></span>
  return version === undefined ? <span>current versions</span> : <span>around <b>v{version}</b></span>
}
