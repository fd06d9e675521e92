import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Paper.css'
import '@mantine/core/styles/Overlay.css'
import '@mantine/core/styles/Popover.css'
import '@mantine/core/styles/Tooltip.css'
import '@mantine/core/styles/Menu.css'
import '@mantine/core/styles/ModalBase.css'
import '@mantine/core/styles/Modal.css'
import '@mantine/core/styles/ScrollArea.css'
import './ui/theme/tokens.css'
import './ui/theme/base.css'
import './ui/theme/mantine.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApi, startApi } from './api/api.tsx'
import { findHost } from './api/host.ts'
import { App } from './shell/app.tsx'
import { keepKeyBindings } from './ui/keys/key-bindings.ts'
import { createPreferences, followPreferences } from './ui/theme/preferences.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element #root')

const preferences = createPreferences(window.localStorage)
// Before the first paint, so that a dark window never flashes white.
followPreferences(preferences)

keepKeyBindings(window.localStorage)

const api = createApi(findHost())
startApi(api)

createRoot(root).render(
  <StrictMode>
    <App api={api} preferences={preferences} />
  </StrictMode>,
)
