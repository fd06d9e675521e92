import { useState } from 'react'
import type { DiskUse } from '../../../shared/contract/storage.contract.ts'
import { isZone } from '../../../shared/domain/zone.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button, Segmented } from '../../ui/button.tsx'
import { countOf, formatBytes } from '../../ui/format.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { type DiskGroup, type DiskGrouping, diskGroups } from './disk-groups.ts'

const GROUPINGS: readonly { value: DiskGrouping; label: string }[] = [
  { value: 'zone', label: 'Zone' }, { value: 'data type', label: 'Data type' }, { value: 'dataset', label: 'Dataset' }, { value: 'run', label: 'Run' },
]
const SHOWN = 12

/** Where the bytes are: current versions dark, earlier ones light. */
export function DiskUsePanel({ use }: { use: DiskUse }) {
  const [by, setBy] = useState<DiskGrouping>('zone')
  const [all, setAll] = useState(false)
  const groups = diskGroups(use.versions, by)
  const largest = Math.max(1, ...groups.map(({ sizeBytes }) => sizeBytes))
  const shown = all ? groups : groups.slice(0, SHOWN)
  return (
    <section aria-label='Disk use'>
      <PanelHead title='Versions' remark={<><i className='swatch current' /> current <i className='swatch earlier' /> earlier</>}>
        <Segmented label='Add up by' value={by} options={GROUPINGS} onChange={setBy} />
      </PanelHead>
      <ul className='disk-groups'>
        {shown.map((group) => <GroupLine key={group.name} group={group} largest={largest} />)}
        {groups.length === 0 && <li className='t2'>No version has been written yet</li>}
      </ul>
      {groups.length > SHOWN && <div className='storage-more'><Button small onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${groups.length}`}</Button></div>}
    </section>
  )
}

/** The workspace by folder. */
export function FoldersPanel({ use }: { use: DiskUse }) {
  return (
    <section aria-label='Folders'>
      <PanelHead title='Folders' />
      <table className='t storage-folders'>
        <thead><tr><th scope='col'>Folder</th><th scope='col' className='num'>Files</th><th scope='col' className='num'>Size</th></tr></thead>
        <tbody>
          {use.folders.map(({ path, files, sizeBytes }) => (
            <tr key={path}><td className={path.includes(' ') ? undefined : 'mono'}>{path}</td><td className='num'>{countOf(files, 'file')}</td><td className='num'>{formatBytes(sizeBytes)}</td></tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function GroupLine({ group, largest }: { group: DiskGroup; largest: number }) {
  const { name, versions, sizeBytes, currentBytes } = group
  const width = (bytes: number): string => `${(100 * bytes) / largest}%`
  return (
    <li>
      <span className='cut name' title={name}>{isZone(name) && <ZoneMark zone={name} size={13} />}<span className={isZone(name) ? undefined : 'mono'}>{name}</span></span>
      <span className='disk-bar' role='img' aria-label={`${formatBytes(sizeBytes)}, ${formatBytes(currentBytes)} of it current`}>
        <i className='current' style={{ width: width(currentBytes) }} />
        <i className='earlier' style={{ width: width(sizeBytes - currentBytes) }} />
      </span>
      <span className='num'>{formatBytes(sizeBytes)}</span>
      <span className='num t3'>{countOf(versions, 'version')}</span>
    </li>
  )
}
