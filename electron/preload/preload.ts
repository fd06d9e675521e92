import { contextBridge, ipcRenderer, type IpcRendererEvent, webUtils } from 'electron'
import { ENGINE_PORT_MESSAGE, type EngineState, type MenuCommand, type SaveFileRequest, type StrataHost } from '../../shared/contract/host.contract.ts'

// Hands the engine's port to the page and exposes the few verbs of the desktop. Knows no method of the engine.

ipcRenderer.on(ENGINE_PORT_MESSAGE, (event) => window.postMessage(ENGINE_PORT_MESSAGE, window.location.origin, [...event.ports]))

/** The event object stays here: through it a page would reach the whole of ipcRenderer. */
function subscribe<T>(channel: string, listener: (payload: T) => void): () => void {
  const onMessage = (_event: IpcRendererEvent, payload: T): void => listener(payload)
  ipcRenderer.on(channel, onMessage)
  return () => void ipcRenderer.off(channel, onMessage)
}

const host: StrataHost = {
  kind: 'desktop',
  platform: process.platform,
  requestEngine: () => ipcRenderer.send('engine:request'),
  restartEngine: () => ipcRenderer.send('engine:restart'),
  openWorkspace: () => ipcRenderer.invoke('workspace:open') as Promise<string | null>,
  saveFile: ({ suggestedName, format }: SaveFileRequest) => ipcRenderer.invoke('file:save', { suggestedName, format }) as Promise<string | null>,
  pathOf: (file) => webUtils.getPathForFile(file as File),
  revealFile: (path) => ipcRenderer.invoke('file:reveal', path) as Promise<boolean>,
  onEngineState(listener) {
    const unsubscribe = subscribe<EngineState>('engine:state', listener)
    void (ipcRenderer.invoke('engine:state') as Promise<EngineState>).then(listener)
    return unsubscribe
  },
  setMenuKeys: (keys) => ipcRenderer.send('keys:set', keys),
  openWindow: (address) => ipcRenderer.send('window:open', address),
  setTheme: (theme) => ipcRenderer.send('theme:set', theme),
  onMenu: (listener) => subscribe<MenuCommand>('menu:command', listener),
}

contextBridge.exposeInMainWorld('strataHost', host)
