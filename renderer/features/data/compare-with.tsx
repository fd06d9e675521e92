import { useRef, useState } from 'react'
import type { DatasetDetail, Version } from '../../../shared/contract/datasets.contract.ts'
import { diffAddress, goTo } from '../../ui/addresses.ts'
import { IconButton } from '../../ui/button.tsx'
import { type Anchor, anchorOf, type MenuItem, PopupMenu } from '../../ui/popup-menu.tsx'

/** As many as a menu holds; the page of the diff offers all. */
const OFFERED = 12

/** A version with any other one, row by row; the older always stands on the left. */
export function CompareWith({ version, detail }: { version: Version; detail: DatasetDetail }) {
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLSpanElement>(null)
  const others = detail.versions.filter((other) => other.removedAt === null && other.version !== version.version)
  if (others.length === 0) return null
  const items = others.slice(0, OFFERED).map((other): MenuItem => ({
    id: String(other.version),
    label: `with v${other.version}, run #${other.runNumber}${other.isCurrent ? ', current' : other.version === detail.version ? ', shown' : ''}`,
    run: () => goTo(diffAddress(detail.dataset, { from: Math.min(version.version, other.version), to: Math.max(version.version, other.version) })),
  }))
  const name = `Compare v${version.version} with …`
  return (
    <span ref={button}>
      <IconButton small variant='quiet' icon='diff' iconSize={13} label={name} onClick={() => button.current !== null && setAnchor(anchorOf(button.current))} />
      {anchor !== null && <PopupMenu label={name} anchor={anchor} groups={[items]} onClose={() => setAnchor(null)} />}
    </span>
  )
}
