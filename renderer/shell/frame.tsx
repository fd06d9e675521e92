import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useApi } from '../api/api.tsx'
import { markFirstSteps, markSeen } from '../ui/first-steps.store.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { FileDrop } from './file-drop.tsx'
import { Rail } from './rail.tsx'
import { RunNews } from './run-news.tsx'
import { StatusBar } from './status-bar.tsx'
import { TopBar } from './top-bar.tsx'
import { useNewWindows } from './use-new-windows.ts'
import { useShellKeys } from './use-shell-keys.ts'
import './frame.css'

/** Top bar, rail, view, status bar: what stays while views change. */
export function Frame() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  useShellKeys()
  useNewWindows(useApi().host)
  useEffect(() => {
    document.title = titleOf(pathname)
    const screen = pathname.split('/')[1] ?? ''
    // Whoever has come further than the first page needs not be met by it again.
    if (screen !== '') markFirstSteps({ welcomed: true })
    markSeen(screen)
  }, [pathname])
  return (
    <div className='frame'>
      <a className='skip' href='#main' onClick={(event) => {
        event.preventDefault()
        main.current?.focus()
      }}>Skip to the view</a>
      <TopBar />
      <Rail />
      <ConnectionBanner />
      <main className='frame-view' id='main' ref={main} tabIndex={-1} data-region='' aria-label='View'>
        <ErrorBoundary resetKey={pathname}>
          <Outlet />
        </ErrorBoundary>
      </main>
      <StatusBar />
      <RunNews />
      <FileDrop />
    </div>
  )
}

/** "clinical_trials #42, Runs, Strata": what a window list or a reader says first. */
function titleOf(pathname: string): string {
  const [screen = 'overview', first, second] = pathname.split('/').filter((part) => part !== '').map(decodeURIComponent)
  const name = screen === 'sql' ? 'SQL' : screen.slice(0, 1).toUpperCase() + screen.slice(1)
  if (screen === 'runs' && first !== undefined && second !== undefined) return `${first} #${second} · Runs · Strata`
  const thing = second ?? first
  return thing === undefined ? `${name} · Strata` : `${thing} · ${name} · Strata`
}
