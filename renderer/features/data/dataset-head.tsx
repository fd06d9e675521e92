import type { DatasetDetail } from '../../../shared/contract/datasets.contract.ts'
import type { DatasetName } from '../../../shared/domain/naming.ts'
import { lineageAddress, sqlAddress } from '../../ui/addresses.ts'
import { Button, Hint, IconButton, LinkButton } from '../../ui/button.tsx'
import { Status } from '../../ui/status.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { checksStatus } from '../../ui/check-status.ts'
import { useDataView } from './data-view.store.ts'
import { VersionPicker } from './version-picker.tsx'

interface DatasetHeadProps {
  name: DatasetName
  dataset: string
  detail: DatasetDetail | undefined
  onVersion: (version: number | null) => void
  onExport: () => void
}

/** Which dataset, does it hold, as of when, and the way out of it. */
export function DatasetHead({ name, dataset, detail, onVersion, onExport }: DatasetHeadProps) {
  const { treeOpen, panelOpen, toggleTree, togglePanel, showTab } = useDataView((state) => state)
  const checks = detail === undefined || detail.checks.length === 0 ? null : checksStatus(detail.checks)
  return (
    <div className='dataset-head'>
      <IconButton small variant='quiet' icon={treeOpen ? 'left' : 'right'} iconSize={12} label={treeOpen ? 'Fold the tree' : 'Show the tree'} command='data.tree' onClick={toggleTree} />
      <ZoneMark zone={name.zone} size={16} />
      <h1 className='mono cut' title={dataset}>{name.name}</h1>
      <span className='t3 s12 cut dataset-place'>{name.zone} <span className='mono'>{name.dataType}</span></span>
      {checks !== null && (
        <Hint text='Show the checks'>
          <button type='button' className='bare' onClick={() => showTab('schema')}><Status status={checks.status} text={checks.words} /></button>
        </Hint>
      )}
      <span className='grow' />
      {detail !== undefined && <VersionPicker detail={detail} onChoose={onVersion} />}
      <LinkButton icon='code' href={sqlAddress({ sql: `SELECT *\nFROM ${dataset}`, pins: pinsOf(detail) })}>SQL</LinkButton>
      <LinkButton icon='lineage' href={lineageAddress(dataset, { v: detail === undefined ? undefined : pastVersion(detail) })}>Lineage</LinkButton>
      <Button icon='exports' title='Export what is shown' command='data.export' onClick={onExport} disabledReason={detail === undefined ? 'Its columns are being read' : null}>Export</Button>
      <IconButton small variant='quiet' icon={panelOpen ? 'right' : 'left'} iconSize={12} label={panelOpen ? 'Fold the side panel' : 'Show the side panel'} command='data.panel' onClick={togglePanel} />
    </div>
  )
}

/** An old version stays the one that is read. */
function pinsOf(detail: DatasetDetail | undefined): [string, number][] {
  const version = detail === undefined ? undefined : pastVersion(detail)
  return detail === undefined || version === undefined ? [] : [[detail.dataset, version]]
}

/** The version that is shown, where it is not the current one. */
function pastVersion({ version, versions }: DatasetDetail): number | undefined {
  return versions.find((candidate) => candidate.version === version)?.isCurrent === false ? version : undefined
}
