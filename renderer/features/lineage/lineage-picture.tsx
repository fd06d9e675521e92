import { countOf, formatAbsolute, formatBytes, formatCount, sentence } from '../../ui/format.ts'
import { StatusMark } from '../../ui/status.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { filesTitle } from './files-node.tsx'
import { typesOf, worstOf } from './fold-node.tsx'
import { type LaneLayout, smoothPath } from './lane-layout.ts'
import { columnEdgeShape } from './lineage-edge.tsx'
import { type ColumnFlowEdge, type DatasetEdge, type DatasetFlowNode, type FilesFlowNode, type FlowEdge, type FlowNode, type FoldFlowNode, nodeStatus } from './lineage-flow.ts'
import { columnY, NODE_WIDTH, shownColumns } from './node-size.ts'

/** A part of the graph, in the layout's own px. */
export interface PictureArea {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Room above the graph for the names of the lanes. */
export const LANE_HEADS_PX = 34
/** Width of a character in relation to the size of the letters: close enough to cut a name before it leaves its node. */
const MONO_EM = 0.602
const UI_EM = 0.54

interface PictureProps {
  nodes: readonly FlowNode[]
  edges: readonly FlowEdge[]
  layout: LaneLayout
  area: PictureArea
}

/** The graph as one drawing without a page around it: what is drawn on screen, also where the screen does not reach. */
export function LineagePicture({ nodes, edges, layout, area }: PictureProps) {
  return (
    <svg xmlns='http://www.w3.org/2000/svg' className='ln-picture' width={area.width} height={area.height} viewBox={`${area.x} ${area.y} ${area.width} ${area.height}`}>
      <rect x={area.x} y={area.y} width={area.width} height={area.height} fill='var(--surface)' />
      {layout.lanes.map(({ zone, x, width }, index) => (
        <g key={zone}>
          <rect x={x} y={area.y} width={width} height={area.height} fill={`var(--zone-${zone}-bg)`} />
          <rect x={x} y={area.y} width={width} height='2' fill={`var(--zone-${zone})`} />
          {index > 0 && <rect x={x} y={area.y} width='1' height={area.height} fill='var(--border)' />}
        </g>
      ))}
      {edges.map((edge) => (edge.type === 'column' ? <ColumnLine key={edge.id} edge={edge} /> : edge.type === 'lineage' ? <DatasetLine key={edge.id} edge={edge} /> : null))}
      {nodes.map((node) => (
        <g key={node.id} transform={`translate(${node.position.x} ${node.position.y})`}>
          <Box node={node} />
          <Inside node={node} />
        </g>
      ))}
      {layout.lanes.map(({ zone, x, width }) => (
        <g key={zone}>
          <rect x={x + 1} y={area.y + 2} width={Math.max(0, width - 1)} height={LANE_HEADS_PX - 4} fill={`var(--zone-${zone}-bg)`} />
          <g transform={`translate(${x + 10} ${area.y + 10})`}><ZoneMark zone={zone} /></g>
          <Words x={x + 30} y={area.y + 21} size={12} strong text={cut(zone, { px: width - 36, size: 12, em: UI_EM })} />
        </g>
      ))}
    </svg>
  )
}

function DatasetLine({ edge: { data } }: { edge: DatasetEdge }) {
  if (data === undefined) return null
  return <g className={`ln-edge ${data.freshness}${data.on ? ' on' : ''}`}><title>{data.title}</title><path className='ln-edge-line' d={smoothPath(data.points)} /></g>
}

function ColumnLine({ edge: { data } }: { edge: ColumnFlowEdge }) {
  return data === undefined ? null : columnEdgeShape(data)
}

function Box({ node: { type, height, data } }: { node: FlowNode }) {
  const focus = 'focus' in data && data.focus
  const stroke = data.selected ? 'var(--accent)' : focus ? 'var(--accent-line)' : data.flat ? 'var(--border)' : 'var(--border-strong)'
  const box = { width: NODE_WIDTH, height, rx: 6, fill: data.flat ? 'var(--sunken)' : 'var(--surface)', stroke, strokeWidth: data.selected ? 2 : 1 }
  return (
    <>
      {type === 'fold' && <rect {...box} x='4' y='4' />}
      <rect {...box} />
    </>
  )
}

function Inside({ node }: { node: FlowNode }) {
  switch (node.type) {
    case 'dataset':
      return <Dataset node={node} />
    case 'files':
      return <Files node={node} />
    case 'fold':
      return <Fold node={node} />
  }
}

function Dataset({ node: { data } }: { node: DatasetFlowNode }) {
  const { node, flat } = data
  const { status, word } = nodeStatus(node)
  const rows = node.rowCount === null ? '' : formatCount(node.rowCount)
  const made = node.version === null ? 'not made yet' : `v${node.version}${node.publishedAt === null ? '' : `, ${formatAbsolute(node.publishedAt).slice(0, 11)}`}`
  return (
    <>
      <title>{node.dataset}</title>
      <Words x={9} y={19} size={11.5} mono strong={!flat} text={cut(node.name, { px: NODE_WIDTH - 24 - rows.length * 6.2, size: 11.5, em: MONO_EM })} />
      <Words x={NODE_WIDTH - 9} y={19} size={11} end faint text={rows} />
      <g transform='translate(9 30)'><StatusMark status={status} size={12} /></g>
      <Words x={25} y={40} size={11} text={word ?? sentence(status)} />
      <Words x={NODE_WIDTH - 9} y={40} size={11} end faint mono text={cut(node.dataType, { px: 88, size: 11, em: MONO_EM })} />
      <rect x='0' y='48' width={NODE_WIDTH} height='1' fill='var(--border)' />
      <Words x={9} y={64} size={11} faint text={node.columns.length === 0 ? 'no columns yet' : countOf(node.columns.length, 'column')} />
      <Words x={NODE_WIDTH - 9} y={64} size={11} end faint text={made} />
      <Columns data={data} />
    </>
  )
}

function Columns({ data: { node, shown, path, chosen } }: { data: DatasetFlowNode['data'] }) {
  const columns = shownColumns(node, shown, path)
  const more = node.columns.length - columns.length
  return (
    <>
      {columns.length > 0 && <rect x='0' y={columnY(0) - 13} width={NODE_WIDTH} height='1' fill='var(--border)' />}
      {columns.map(({ name, type }, place) => {
        const isChosen = chosen?.toLowerCase() === name.toLowerCase()
        const isOn = path?.has(name.toLowerCase()) === true
        return (
          <g key={name}>
            {isOn && <rect x='1' y={columnY(place) - 10} width={NODE_WIDTH - 2} height='20' fill={isChosen ? 'var(--accent)' : 'var(--accent-tint)'} />}
            <text x='9' y={columnY(place) + 4} fontSize='11' fontFamily='var(--font-mono)' fontWeight={isOn ? 600 : 400} fill={isChosen ? 'var(--on-accent)' : isOn ? 'var(--accent-text)' : 'var(--text-2)'}>
              <title>{`${name}: ${type.toLowerCase()}`}</title>
              {cut(name, { px: NODE_WIDTH - 18, size: 11, em: MONO_EM })}
            </text>
          </g>
        )
      })}
      {columns.length > 0 && more > 0 && <Words x={9} y={columnY(columns.length) + 4} size={11} faint text={countOf(more, 'more column')} />}
    </>
  )
}

function Files({ node: { data: { files } } }: { node: FilesFlowNode }) {
  return (
    <>
      <title>{files.names.join('\n')}</title>
      <Words x={9} y={19} size={11.5} mono strong text={cut(filesTitle(files), { px: NODE_WIDTH - 18, size: 11.5, em: MONO_EM })} />
      <Words x={9} y={38} size={11} faint text={`${files.side === 'sources' ? 'delivered' : 'handed out'} ${formatAbsolute(files.at).slice(0, 11)}`} />
      <Words x={NODE_WIDTH - 9} y={38} size={11} end faint text={files.sizeBytes === 0 ? '' : formatBytes(files.sizeBytes)} />
    </>
  )
}

function Fold({ node: { data: { fold } } }: { node: FoldFlowNode }) {
  const { status, words } = worstOf(fold.members)
  return (
    <>
      <title>{fold.members.map(({ dataset }) => dataset).join('\n')}</title>
      <Words x={9} y={19} size={12} strong text={`${countOf(fold.members.length, 'dataset')} alike`} />
      <g transform='translate(9 30)'><StatusMark status={status} size={12} /></g>
      <Words x={25} y={40} size={11} text={words} />
      <Words x={NODE_WIDTH - 9} y={64} size={11} end faint mono text={cut(typesOf(fold.members), { px: NODE_WIDTH - 18, size: 11, em: MONO_EM })} />
    </>
  )
}

interface WordsProps {
  x: number
  y: number
  size: number
  text: string
  strong?: boolean
  mono?: boolean
  faint?: boolean
  /** `x` is where it ends. */
  end?: boolean
}

function Words({ x, y, size, text, strong = false, mono = false, faint = false, end = false }: WordsProps) {
  if (text === '') return null
  return <text x={x} y={y} fontSize={size} fontWeight={strong ? 600 : 400} fontFamily={mono ? 'var(--font-mono)' : 'var(--font-ui)'} textAnchor={end ? 'end' : undefined} fill={faint ? 'var(--text-3)' : 'var(--text)'}>{text}</text>
}

/** As much of a text as has room, with an ellipsis for the rest. */
function cut(text: string, { px, size, em }: { px: number; size: number; em: number }): string {
  const room = Math.max(1, Math.floor(px / (size * em)))
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
}
