import { Modal } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useApi } from '../api/api.tsx'
import { SEARCH_REST_MS, useEntitySearch } from '../api/use-entity-search.ts'
import { goTo } from '../ui/addresses.ts'
import { Icon } from '../ui/icon.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { StatusMark } from '../ui/status.tsx'
import { openElsewhere } from '../ui/open-elsewhere.ts'
import { startCommand } from '../ui/use-shortcut.ts'
import { usePreferences } from '../ui/theme/preferences.tsx'
import { useRested } from '../ui/use-rested.ts'
import { ZoneMark } from '../ui/zone-mark.tsx'
import { type PaletteItem, paletteItems, type PaletteMark } from './palette-items.ts'
import './palette.css'

/** One field over screens, datasets, runs, entities and commands. */
export function Palette({ open, onClose, onRun }: { open: boolean; onClose: () => void; onRun: (dataType: string) => void }) {
  if (!open) return null
  return (
    <Modal.Root opened size={640} onClose={onClose} lockScroll={false} transitionProps={{ duration: 0 }} className='palette-modal'>
      <Modal.Overlay />
      <Modal.Content aria-label='Search or run a command'>
        <PaletteBody onClose={onClose} onRun={onRun} />
      </Modal.Content>
    </Modal.Root>
  )
}

function PaletteBody({ onClose, onRun }: { onClose: () => void; onRun: (dataType: string) => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const items = usePaletteItems(text)
  const choose = useChoice({ onClose, onRun })
  useEffect(() => {
    // In braces: newer Chromium answers with a promise, which React would take for a clean-up.
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setAt((now) => (items.length === 0 ? 0 : (now + step + items.length) % items.length))
    }
    const item = items[at]
    if (event.key === 'Enter' && item !== undefined) {
      event.preventDefault()
      choose(item, event.ctrlKey || event.metaKey)
    }
  }
  return (
    <>
      <div className='palette-q'>
        <Icon name='search' size={16} />
        <input
          type='text'
          role='combobox'
          aria-label='Search or run a command'
          aria-expanded={true}
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
          placeholder='Run, dataset, column, screen, setting or entity'
          spellCheck={false}
          autoComplete='off'
          data-autofocus
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div className='palette-list' role='listbox' id={`${id}-list`} aria-label='Matches' ref={list}>
        {items.length === 0 && <div className='palette-empty'>Nothing is called like that.</div>}
        {items.map((item, index) => (
          <Row key={`${item.group} ${item.id}`} item={item} id={`${id}-${index}`} first={items[index - 1]?.group !== item.group} selected={index === at} onChoose={choose} />
        ))}
      </div>
      <Foot />
    </>
  )
}

function Foot() {
  return (
    <div className='palette-foot' aria-hidden='true'>
      <span><Kbd>↑</Kbd> <Kbd>↓</Kbd> move</span>
      <span><Kbd>↵</Kbd> open</span>
      <span><Kbd>Ctrl ↵</Kbd> in a new window</span>
      <span className='end t3'>&gt; commands only</span>
    </div>
  )
}

function Row({ item, id, first, selected, onChoose }: { item: PaletteItem; id: string; first: boolean; selected: boolean; onChoose: (item: PaletteItem) => void }) {
  return (
    <>
      {first && <div className='palette-group' role='presentation'>{item.group}</div>}
      <div className='palette-item' role='option' id={id} aria-selected={selected} onClick={() => onChoose(item)}>
        {markOf(item.mark)}
        <span className={item.mono ? 'mono s12' : ''}>{item.text}</span>
        <span className='meta'>{item.meta}</span>
      </div>
    </>
  )
}

function markOf(mark: PaletteMark): ReactNode {
  if ('icon' in mark) return <Icon name={mark.icon} size={15} />
  return 'zone' in mark ? <ZoneMark zone={mark.zone} size={15} /> : <StatusMark status={mark.status} size={15} />
}

function useChoice({ onClose, onRun }: { onClose: () => void; onRun: (dataType: string) => void }): (item: PaletteItem, elsewhere?: boolean) => void {
  const { setTheme, setDensity } = usePreferences((state) => state)
  const { host } = useApi()
  return ({ does }, elsewhere = false) => {
    onClose()
    if ('goTo' in does) (elsewhere ? (address: string) => openElsewhere(host, address) : goTo)(does.goTo)
    // Once the palette is gone: nothing starts behind a dialog.
    else if ('start' in does) setTimeout(() => startCommand(does.start), 0)
    else if ('run' in does) onRun(does.run)
    else {
      if (does.look.theme !== undefined) setTheme(does.look.theme)
      if (does.look.density !== undefined) setDensity(does.look.density)
    }
  }
}

function usePaletteItems(text: string): PaletteItem[] {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const datasets = useQuery(queries.datasets.list.queryOptions())
  const runs = useQuery(queries.runs.list.queryOptions({ input: { limit: 100 } }))
  const groups = useQuery(queries.groups.list.queryOptions({ input: { limit: 3 } }))
  const names = useQuery(queries.query.names.queryOptions({ input: text.trim() === '' ? skipToken : {} }))
  const rested = useRested(text, SEARCH_REST_MS)
  const entities = useEntitySearch(rested.startsWith('>') ? '' : rested, 6)
  return paletteItems(text, { entities: entities.found?.matches ?? [], workspace: workspace.data, datasets: datasets.data ?? [], runs: runs.data?.runs ?? [], groups: groups.data?.groups ?? [], names: names.data?.datasets ?? [] })
}
