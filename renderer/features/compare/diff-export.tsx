import { useRef, useState } from 'react'
import type { DiffKind, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { ExportFormat } from '../../../shared/contract/exports.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { exportsAddress, goTo } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { type Anchor, anchorOf, type MenuItem, PopupMenu } from '../../ui/popup-menu.tsx'
import { useToast } from '../../ui/toast.tsx'

const FORMATS: readonly { format: ExportFormat; name: string }[] = [{ format: 'csv', name: 'CSV' }, { format: 'parquet', name: 'Parquet' }]

/** Writes the differences to a file in the exports folder: all of them, or the rows of the shown kind. */
export function DiffExport({ diff, kind }: { diff: VersionDiff; kind: DiffKind }) {
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLSpanElement>(null)
  const start = useDiffExport(diff)
  const { added, removed, changed } = diff.counts
  const all = added + removed + changed
  const items = (kinds: DiffKind[] | null, text: string): MenuItem[] =>
    FORMATS.map(({ format, name }) => ({ id: `${text} ${format}`, icon: 'exports', label: `${text} as ${name}`, run: () => void start(format, kinds) }))
  return (
    <span ref={button}>
      <Button small icon='exports' iconSize={13} disabledReason={all === 0 ? 'There is no difference to export' : null} onClick={() => button.current !== null && setAnchor(anchorOf(button.current))}>Export</Button>
      {anchor !== null && (
        <PopupMenu
          label='Export the differences'
          anchor={anchor}
          onClose={() => setAnchor(null)}
          groups={[items(null, `All ${countOf(all, 'differing row')}`), diff.counts[kind] === 0 || diff.counts[kind] === all ? [] : items([kind], `The ${countOf(diff.counts[kind], `${kind} row`)}`)]}
        />
      )}
    </span>
  )
}

function useDiffExport({ dataset, from, to, key, keyOrigin }: VersionDiff): (format: ExportFormat, kinds: DiffKind[] | null) => Promise<void> {
  const { client } = useApi()
  const toast = useToast()
  return async (format, kinds) => {
    try {
      const against = { version: from.version, ...(keyOrigin === 'chosen' ? { key } : {}), ...(kinds === null ? {} : { kinds }) }
      const { path } = await client.exports.start({ commandId: crypto.randomUUID(), dataset, version: to.version, format, against })
      toast({ status: 'running', title: 'The differences are being written', text: path, action: { label: 'Open exports', run: () => goTo(exportsAddress) } })
    } catch (error) {
      const problem = problemOf(error)
      toast({ status: 'failed', title: problem.message, ...(problem.hint === null ? {} : { text: problem.hint }) })
    }
  }
}
