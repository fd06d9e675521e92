import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { type Api, ApiProvider } from '../api/api.tsx'
import { mantineTheme } from '../ui/theme/mantine-theme.ts'
import { type PreferencesStore, PreferencesProvider, usePreferences, useEffectiveTheme } from '../ui/theme/preferences.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { createAppRouter, preloadScreens } from './routes.tsx'
import { useMenuCommands } from './use-menu-commands.ts'

/** Everything the screens need around them. */
export function App({ api, preferences }: { api: Api; preferences: PreferencesStore }) {
  const [router] = useState(createAppRouter)
  useEffect(() => {
    // A screen that cannot be fetched now is fetched, and complained about, when it is opened.
    const idle = requestIdleCallback(() => void preloadScreens().catch(() => undefined), { timeout: 4_000 })
    return () => cancelIdleCallback(idle)
  }, [])
  return (
    <PreferencesProvider store={preferences}>
      <Themed>
        <ErrorBoundary>
          <ApiProvider api={api}>
            <QueryClientProvider client={api.queryClient}>
              <ToastProvider>
                <HostTheme api={api} />
                <RouterProvider router={router} />
              </ToastProvider>
            </QueryClientProvider>
          </ApiProvider>
        </ErrorBoundary>
      </Themed>
    </PreferencesProvider>
  )
}

/** Mantine's variables come from mantine.css, so it injects no style element. */
function Themed({ children }: { children: ReactNode }) {
  const theme = useEffectiveTheme()
  return (
    <MantineProvider theme={mantineTheme} forceColorScheme={theme} withCssVariables={false} withGlobalClasses={false}>
      {children}
    </MantineProvider>
  )
}

/** Frame and dialogs of the desktop program follow the window's theme; its menu acts on the window. */
function HostTheme({ api: { host } }: { api: Api }) {
  const theme = usePreferences((state) => state.theme)
  useEffect(() => host?.setTheme(theme), [host, theme])
  useMenuCommands(host)
  return null
}
