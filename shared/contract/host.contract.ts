import type { Problem } from '../domain/problem.ts'

/**
 * What the page may ask of the program around it, besides the engine. Types only: the preload script exposes an object of
 * this shape as `window.strataHost` in the desktop program; in a browser `window.strataHost` is undefined, and the page
 * offers none of these verbs.
 *
 * How the page reaches the engine (all data goes this way; the contract is `contract.ts`, the protocol oRPC):
 *
 * - Desktop: listen for `message` on window first, then call `strataHost.requestEngine()`. The port comes as
 *   `event.data === ENGINE_PORT_MESSAGE` with `event.source === window` and the port in `event.ports[0]`; give it to
 *   `RPCLink` of `@orpc/client/message-port` and `start()` it. A port lives as long as its engine: its `close` event
 *   (or `onEngineState` with `down`) ends it and rejects what is pending. On `up`, call `requestEngine()` again.
 * - Browser: the address Strata prints ends in `#token=<token>`. On load take the token out of `location.hash`, keep it in
 *   sessionStorage under TOKEN_STORAGE_KEY, and remove it from the address with `history.replaceState`. Open
 *   `new WebSocket(<ws://host>/rpc, [RPC_SUBPROTOCOL, RPC_TOKEN_PREFIX + token])` and give it to `RPCLink` of
 *   `@orpc/client/websocket`. When the socket closes, open a new one with back-off. A socket that never opens while
 *   `fetch('/', { method: 'HEAD' })` answers means: the token is not the server's; no answer means: Strata has ended.
 *
 * Libraries that add style elements (the grid, scroll locks) need the policy's nonce: the content of `<meta name="style-nonce">`,
 * fresh with every answer. A style element without it is dropped; style attributes and style sheets of the build are fine.
 *
 * Either way subscriptions resume from the last `seq` seen. Never test `location.protocol`: only `window.strataHost` tells.
 */
export interface StrataHost {
  readonly kind: 'desktop'
  /** 'linux', 'darwin' or 'win32': for the names of keys. */
  readonly platform: string
  /** Asks for a port to the engine; it arrives as a window message (see above). None comes while the engine is not up: ask again on `up`. */
  requestEngine(): void
  /** Starts the engine again after `failed`. */
  restartEngine(): void
  /** Shows the folder dialog and opens what was chosen: the engine restarts on it. Path, or null when nothing was chosen. */
  openWorkspace(): Promise<string | null>
  /** Shows the save dialog. The absolute path may be given to `exports.start` with `overwrite: true` (the dialog has asked). Null: dismissed. */
  saveFile(request: SaveFileRequest): Promise<string | null>
  /** Absolute path of a file that was dropped or chosen: a DOM `File`. Empty when it has none on this machine. */
  pathOf(file: object): string
  /** Shows the file in the system's file manager: only files of the open workspace or from saveFile. False: refused, or not there. */
  revealFile(path: string): Promise<boolean>
  /** Called at once with the present state, then on every change. Returns the function that unsubscribes. */
  onEngineState(listener: (state: EngineState) => void): () => void
  /** The page owns the theme and tells the window's frame and dialogs about it. */
  setTheme(theme: HostTheme): void
  /** Opens another window on this address (`#/…`) of the same workspace, with a history of its own. */
  openWindow(address: string): void
  /** The page owns the keys of its commands; the menu shows them, in Electron's notation. One that is not named has none. */
  setMenuKeys(keys: MenuKeys): void
  /** A menu item that the page acts on was chosen. Returns the function that unsubscribes. */
  onMenu(listener: (command: MenuCommand) => void): () => void
}

export interface SaveFileRequest {
  /** File name without folder, for example `drugs.curated.products.v4.csv`. */
  suggestedName: string
  format: 'csv' | 'parquet'
}

export type HostTheme = 'system' | 'light' | 'dark'

/** `theme:*`: the page switches its theme and calls setTheme. */
export type MenuCommand = 'window' | 'export' | 'palette' | 'settings' | 'theme:system' | 'theme:light' | 'theme:dark'

export type MenuKeys = Partial<Record<MenuCommand, string>>

export type EngineState =
  | { state: 'starting'; workspaceDir: string }
  | { state: 'up'; workspaceDir: string }
  /** It ended by itself and is being started again. */
  | { state: 'down'; workspaceDir: string; reason: string; restartInMs: number; attempt: number }
  /** It could not open the workspace, or ended too often. Only restartEngine or openWorkspace lead on. */
  | { state: 'failed'; workspaceDir: string; problem: Problem }

/** Data of the window message that carries the engine's port. */
export const ENGINE_PORT_MESSAGE = 'engine:port'

/** Where the browser host serves oRPC. */
export const RPC_PATH = '/rpc'
/** The subprotocol the server answers with, so that the token is not repeated. */
export const RPC_SUBPROTOCOL = 'strata'
/** Before the token, as the second subprotocol offered. */
export const RPC_TOKEN_PREFIX = 'strata.token.'
/** Where the browser host takes files, as `PUT /upload/<batch>/<path>`. */
export const UPLOAD_PATH = '/upload'
/** Path in the workspace under which they then lie. */
export const UPLOADS_FOLDER = '.strata/uploads'

export const TOKEN_STORAGE_KEY = 'strata.token'
