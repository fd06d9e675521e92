import { useKeyCaps } from '../ui/keys/key-bindings.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../api/api.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useToast } from '../ui/toast.tsx'
import { crumbsOf } from './crumbs.ts'
import { Palette } from './palette.tsx'
import { RunAnywhere } from './run-anywhere.tsx'
import { KeySheet } from './key-sheet.tsx'

/** Workspace, back and forward, the address with copy, and the palette's field. */
export function TopBar() {
  const router = useRouter()
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [running, setRunning] = useState<string | null>(null)
  const [sheetOpen, setSheetOpen] = useState(false)
  const paletteKeys = useKeyCaps('palette')
  useShortcut('palette', () => setPaletteOpen(true))
  useShortcut('keys', () => setSheetOpen(true))
  return (
    <header className='topbar' aria-label='Strata' data-region='' tabIndex={-1}>
      <div className='brand'>
        <svg width='20' height='20' viewBox='0 0 20 20' role='img' aria-label='Strata'>
          <path d='M2 5.5c3-2 5 1 8-.5s5-2 8-.5v3c-3-1.5-5-1-8 .5s-5-1.5-8 .5z' fill='currentColor' opacity='.38' />
          <path d='M2 10c3-2 5 1 8-.5s5-2 8-.5v2.5c-3-1.5-5-1-8 .5s-5-1.5-8 .5z' fill='currentColor' opacity='.68' />
          <path d='M2 14c3-2 5 1 8-.5s5-2 8-.5v4H2z' fill='currentColor' />
        </svg>
      </div>
      <WorkspaceName />
      <span className='row row-4'>
        <IconButton small variant='quiet' icon='left' iconSize={14} label='Back' command='back' onClick={() => router.history.back()} />
        <IconButton small variant='quiet' icon='right' iconSize={14} label='Forward' command='forward' onClick={() => router.history.forward()} />
      </span>
      <Crumbs />
      <span className='grow' />
      <button type='button' className='omni' aria-haspopup='dialog' onClick={() => setPaletteOpen(true)}>
        <Icon name='search' size={13} />
        <span className='grow cut'>Search or run a command</span>
        {paletteKeys !== undefined && <Kbd>{paletteKeys}</Kbd>}
      </button>
      <Palette open={paletteOpen} onClose={() => setPaletteOpen(false)} onRun={setRunning} />
      <KeySheet open={sheetOpen} onClose={() => setSheetOpen(false)} />
      {running !== null && <RunAnywhere dataType={running} onClose={() => setRunning(null)} />}
    </header>
  )
}

/** On the desktop a button that opens another workspace; in a browser just the name. */
function WorkspaceName() {
  const { queries, host } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const name = workspace.data?.name ?? ''
  if (host === null) return <span className='wsname-text cut' title={workspace.data?.path}>{name}</span>
  return (
    <Button small variant='quiet' title={`Open another workspace. This one is ${workspace.data?.path ?? 'on its way'}`} onClick={() => void host.openWorkspace()}>
      <span className='wsname cut'>{name}</span>
      <Icon name='down' size={12} />
    </Button>
  )
}

function Crumbs() {
  const { pathname } = useLocation()
  const toast = useToast()
  const copy = (): void => {
    void navigator.clipboard.writeText(window.location.hash).then(
      () => toast({ status: 'succeeded', title: 'Address copied', text: window.location.hash }),
      () => toast({ status: 'failed', title: 'The address was not copied', text: 'The clipboard refused it. Copy it by hand: ' + window.location.hash }),
    )
  }
  const crumbs = crumbsOf(pathname)
  return (
    <>
      <nav className='crumbs' aria-label='Address'>
        {crumbs.map((crumb, index) => (
          <span key={crumb.text} className='row row-4 cut'>
            {index > 0 && <span aria-hidden='true'>/</span>}
            {crumb.address === null ? <b className={`cut${crumb.mono ? ' mono' : ''}`} aria-current='location'>{crumb.text}</b> : <a href={crumb.address}>{crumb.text}</a>}
          </span>
        ))}
      </nav>
      <IconButton small variant='quiet' icon='link' iconSize={13} label='Copy the address of this view' command='address.copy' onClick={copy} />
    </>
  )
}
