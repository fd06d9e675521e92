import { app, session, shell, type WebContents } from 'electron'
import { isPageUrl } from './app-protocol.ts'

/** What a page may use besides drawing itself; everything else is refused. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Holds every page to the window's own address: no navigation away, no pop-up, no webview. To be called before the first window. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!isPageUrl(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    denyPopUps(contents)
  })
}

/** Links to the web open in the person's browser, https only. */
function denyPopUps(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (URL.canParse(url) && new URL(url).protocol === 'https:') setImmediate(() => void shell.openExternal(url))
    return { action: 'deny' }
  })
}

/** Electron grants every permission unless told otherwise. To be called when the app is ready. */
export function guardPermissions(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, permission, decide) => decide(ALLOWED_PERMISSIONS.has(permission)))
  defaultSession.setPermissionCheckHandler((_contents, permission) => ALLOWED_PERMISSIONS.has(permission))
  defaultSession.setSpellCheckerEnabled(false)
  // The page may hand out what it drew (a picture of the lineage); it loads nothing from elsewhere.
  defaultSession.on('will-download', (event, item) => {
    if (!/^(blob|data):/.test(item.getURL())) event.preventDefault()
  })
}
