import { type ReactNode, useId, useState } from 'react'
import type { LineageNode } from '../../../shared/contract/lineage.contract.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { IconButton, Segmented } from '../../ui/button.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import type { Direction } from './neighbourhood.ts'

export type Extent = 'all' | 'around'
export type Presentation = 'graph' | 'table'

interface LineageToolbarProps {
  nodes: readonly LineageNode[]
  direction: Direction
  onDirection: (direction: Direction) => void
  extent: Extent
  onExtent: (extent: Extent) => void
  hops: number
  onHops: (hops: number) => void
  presentation: Presentation
  onPresentation: (presentation: Presentation) => void
  onFind: (dataset: string) => void
  /** Chooses of which versions the graph is. */
  moment: ReactNode
  panelOpen: boolean
  onPanel: () => void
}

const HOPS = [1, 2, 3, 5].map((hops) => ({ value: String(hops), label: hops === 1 ? '1 hop' : `${hops} hops` }))

export function LineageToolbar(props: LineageToolbarProps) {
  return (
    <Toolbar label='Lineage view'>
      <FindDataset nodes={props.nodes} onFind={props.onFind} />
      <Segmented label='Direction' value={props.direction} onChange={props.onDirection} options={[{ value: 'upstream', label: 'Upstream' }, { value: 'downstream', label: 'Downstream' }, { value: 'both', label: 'Both' }]} />
      <Segmented label='Extent' value={props.extent} onChange={props.onExtent} options={[{ value: 'all', label: 'Whole graph' }, { value: 'around', label: 'Around focus' }]} />
      {props.extent === 'around' && <SelectField small label='How far around the focus' value={String(props.hops)} options={HOPS} onChange={(value) => props.onHops(Number(value))} width={84} />}
      <span className='grow' />
      {props.moment}
      <Segmented label='Presentation' value={props.presentation} onChange={props.onPresentation} options={[{ value: 'graph', label: 'Graph' }, { value: 'table', label: 'Table' }]} />
      <IconButton small variant='quiet' icon={props.panelOpen ? 'right' : 'left'} iconSize={12} label={props.panelOpen ? 'Fold the side panel' : 'Show the side panel'} command='lineage.panel' onClick={props.onPanel} />
    </Toolbar>
  )
}

const MAX_FOUND = 12

/** Finds a dataset, or the dataset of a column, by parts of its name. */
function FindDataset({ nodes, onFind }: { nodes: readonly LineageNode[]; onFind: (dataset: string) => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useId()
  const found = text.trim() === '' ? [] : find(nodes, text).slice(0, MAX_FOUND)
  const choose = (node: LineageNode | undefined): void => {
    if (node === undefined) return
    setText('')
    onFind(node.dataset)
  }
  return (
    <div
      className='ln-find'
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault()
          setAt((now) => Math.max(0, Math.min(found.length - 1, now + (event.key === 'ArrowDown' ? 1 : -1))))
        }
        if (event.key === 'Enter') choose(found[at])
      }}
    >
      <SearchField small label='Find a dataset or column' value={text} onChange={(value) => {
        setText(value)
        setAt(0)
      }} />
      {found.length > 0 && (
        <ul className='ln-found' id={list} role='listbox' aria-label='Datasets found'>
          {found.map((node, index) => (
            <li key={node.dataset} role='option' aria-selected={index === at} onMouseDown={(event) => {
              event.preventDefault()
              choose(node)
            }}>
              <ZoneMark zone={node.zone} size={13} />
              <span className='mono cut'>{node.name}</span>
              <span className='end t3 s11 cut'>{columnHit(node, text) ?? node.dataType}</span>
            </li>
          ))}
        </ul>
      )}
      <span className='sr-only' role='status'>{text === '' ? '' : found.length === 0 ? 'Nothing found' : `${found.length} found, ${found[at]?.dataset ?? ''}`}</span>
    </div>
  )
}

function find(nodes: readonly LineageNode[], text: string): LineageNode[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const byName = nodes.filter((node) => words.every((word) => node.dataset.toLowerCase().includes(word)))
  const byColumn = nodes.filter((node) => !byName.includes(node) && columnHit(node, text) !== null)
  return [...byName, ...byColumn]
}

function columnHit(node: LineageNode, text: string): string | null {
  if (node.dataset.toLowerCase().includes(text.toLowerCase())) return null
  return node.columns.find((column) => column.name.toLowerCase().includes(text.trim().toLowerCase()))?.name ?? null
}
