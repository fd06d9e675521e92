import { useReactFlow } from '@xyflow/react'
import { useRef, useState } from 'react'
import { problemOf } from '../../api/problem-of.ts'
import { IconButton } from '../../ui/button.tsx'
import { handOver } from '../../ui/hand-over.ts'
import { type Anchor, anchorOf, PopupMenu } from '../../ui/popup-menu.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import type { LaneLayout } from './lane-layout.ts'
import type { FlowEdge, FlowNode } from './lineage-flow.ts'
import { LANE_HEADS_PX, LineagePicture, type PictureArea } from './lineage-picture.tsx'
import { toPng, toSvg } from './picture-file.ts'

interface SavePictureProps {
  nodes: readonly FlowNode[]
  edges: readonly FlowEdge[]
  layout: LaneLayout
  size: { width: number; height: number }
  /** Of the file, without its ending. */
  name: string
}

type Extent = 'whole' | 'seen'

/** Saves what is drawn, all of it or what is seen of it, as SVG or PNG. */
export function SavePicture({ nodes, edges, layout, size, name }: SavePictureProps) {
  const flow = useReactFlow()
  const toast = useToast()
  const button = useRef<HTMLButtonElement>(null)
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const open = (): void => {
    if (button.current !== null) setAnchor(anchorOf(button.current))
  }
  useShortcut('lineage.picture', open)
  const areaOf = (extent: Extent): PictureArea => {
    if (extent === 'whole') return { x: 0, y: -LANE_HEADS_PX, width: layout.width, height: layout.height + LANE_HEADS_PX }
    const { x, y, zoom } = flow.getViewport()
    return { x: -x / zoom, y: -y / zoom, width: size.width / zoom, height: size.height / zoom }
  }
  const save = async (extent: Extent, format: 'svg' | 'png'): Promise<void> => {
    const area = areaOf(extent)
    const svg = toSvg(<LineagePicture nodes={nodes.filter((node) => isIn(node, area))} edges={edges} layout={layout} area={area} />)
    const blob = format === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await toPng(svg, area)
    handOver(blob, `${name}.lineage.${format}`)
  }
  const item = (extent: Extent, format: 'svg' | 'png') => ({
    id: `${extent} ${format}`,
    label: `${extent === 'whole' ? 'All that is drawn' : 'What is seen'} as ${format.toUpperCase()}`,
    run: () => void save(extent, format).catch((error: unknown) => toast({ status: 'failed', title: 'The picture could not be saved', text: problemOf(error).message })),
  })
  return (
    <>
      <IconButton ref={button} small variant='quiet' icon='save' iconSize={13} label='Save as a picture' command='lineage.picture' onClick={open} />
      {anchor !== null && (
        <PopupMenu label='Save as a picture' anchor={anchor} groups={[[item('whole', 'svg'), item('whole', 'png')], [item('seen', 'svg'), item('seen', 'png')]]} onClose={() => setAnchor(null)} />
      )}
    </>
  )
}

function isIn({ position, width = 0, height = 0 }: FlowNode, area: PictureArea): boolean {
  return position.x + width >= area.x && position.x <= area.x + area.width && position.y + height >= area.y && position.y <= area.y + area.height
}
