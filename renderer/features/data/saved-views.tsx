import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SavedView } from '../../../shared/contract/views.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, goTo } from '../../ui/addresses.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { type Anchor, anchorOf, type MenuGroups, PopupMenu } from '../../ui/popup-menu.tsx'
import { useToast } from '../../ui/toast.tsx'
import { SaveViewDialog } from './save-view-dialog.tsx'
import { useCurrentView } from './use-saved-view.ts'

interface SavedViewsProps {
  /** The dataset that is open. */
  dataset: string | null
  /** Name of the view that is open. */
  current: string | null
}

/** Below the datasets: ways to look at them that have a name. */
export function SavedViews({ dataset, current }: SavedViewsProps) {
  const { queries } = useApi()
  const { data, error } = useQuery(queries.views.list.queryOptions())
  const [saving, setSaving] = useState(false)
  const [renaming, setRenaming] = useState<SavedView | null>(null)
  const views = data?.views ?? []
  return (
    <section className='saved-views' aria-label='Saved views'>
      <PanelHead title='Saved views'>
        <IconButton small variant='quiet' icon='plus' iconSize={13} label='Save this view' disabledReason={dataset === null ? 'Open a dataset first' : null} onClick={() => setSaving(true)} />
      </PanelHead>
      {error !== null && <p className='tree-none'>{problemOf(error).message}</p>}
      {data !== undefined && views.length === 0 && <p className='tree-none'>Filters, order and columns as they are now, kept under a name for everybody who has the workspace.</p>}
      <ul className='scroll' aria-label='Views'>
        {views.map((view) => <ViewLine key={view.name} view={view} isOpen={view.name === current && view.dataset === dataset} onRename={() => setRenaming(view)} />)}
      </ul>
      {data?.unreadable.map(({ file, reason }) => <p key={file} className='tree-none' title={reason}>{`${file} cannot be read as a view`}</p>)}
      {saving && dataset !== null && <SaveCurrent dataset={dataset} name={current ?? ''} onClose={() => setSaving(false)} />}
      {renaming !== null && <SaveViewDialog view={renaming} name={renaming.name} renames onClose={() => setRenaming(null)} />}
    </section>
  )
}

function SaveCurrent({ dataset, name, onClose }: { dataset: string; name: string; onClose: () => void }) {
  const view = useCurrentView(dataset)
  return <SaveViewDialog view={view} name={name} renames={false} onClose={onClose} />
}

function ViewLine({ view, isOpen, onRename }: { view: SavedView; isOpen: boolean; onRename: () => void }) {
  const [menu, setMenu] = useState<Anchor | null>(null)
  const remove = useRemoveView()
  const toast = useToast()
  const address = dataAddress(view.dataset, { view: view.name })
  const copyAddress = (): void => {
    const text = new URL(address, window.location.href).href
    void navigator.clipboard.writeText(text).then(
      () => toast({ status: 'succeeded', title: 'The address of the view is copied' }),
      () => toast({ status: 'failed', title: 'The clipboard refused the text', text }),
    )
  }
  const groups: MenuGroups = [
    [
      { id: 'copy', label: 'Copy address', icon: 'link', run: copyAddress },
      { id: 'rename', label: 'Rename…', run: onRename },
    ],
    [{ id: 'delete', label: 'Delete', icon: 'close', danger: true, run: () => remove(view) }],
  ]
  return (
    <li className={isOpen ? 'sel' : undefined} onContextMenu={(event) => {
      event.preventDefault()
      setMenu(anchorOf(event.currentTarget))
    }}>
      <button type='button' className='view-line' aria-current={isOpen || undefined} title={`${view.dataset}, ${view.file}`} onClick={() => goTo(address)}>
        <Icon name={view.pivot !== undefined ? 'sigma' : view.chart === undefined ? 'filter' : 'chart'} size={12} />
        <span className='cut'>{view.name}</span>
        <span className='end t3 s11 cut'>{view.dataset.split('.').at(-1)}</span>
      </button>
      <IconButton small variant='quiet' icon='more' iconSize={13} label={`Menu of view ${view.name}`} onClick={(event) => setMenu(anchorOf(event.currentTarget))} />
      {menu !== null && <PopupMenu label={`View ${view.name}`} anchor={menu} groups={groups} onClose={() => setMenu(null)} />}
    </li>
  )
}

/** Removes it, with the way back: it can be saved again as it was. */
function useRemoveView(): (view: SavedView) => void {
  const { client, queries, queryClient } = useApi()
  const toast = useToast()
  const refresh = (): void => void queryClient.invalidateQueries({ queryKey: queries.views.key() })
  const fail = (error: unknown): void => toast({ status: 'failed', title: problemOf(error).message })
  const { mutate } = useMutation({
    mutationFn: ({ name }: SavedView) => client.views.remove({ commandId: crypto.randomUUID(), name }),
    onSuccess: (_, { name, file: _file, modifiedAt: _at, ...view }) => {
      refresh()
      const undo = (): void => void client.views.save({ commandId: crypto.randomUUID(), name, view }).then(refresh, fail)
      toast({ status: 'succeeded', title: `The view “${name}” is deleted`, action: { label: 'Undo', run: undo } })
    },
    onError: fail,
  })
  return mutate
}
