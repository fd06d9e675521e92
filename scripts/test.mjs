// npm test [-- e2e]: the whole check, then the end-to-end tests; `e2e` runs only those.
import { fileURLToPath } from 'node:url'
import { withNewEnoughNode } from './node-version.mjs'

withNewEnoughNode(fileURLToPath(import.meta.url), function () {
  return import('./run-tests.mjs')
})
