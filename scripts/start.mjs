// npm start [-- <workspace>]: builds what is stale and opens the window, in Electron where it can be had, else in a browser.
import { fileURLToPath } from 'node:url'
import { withNewEnoughNode } from './node-version.mjs'

withNewEnoughNode(fileURLToPath(import.meta.url), function () {
  return import('./start-window.mjs')
})
