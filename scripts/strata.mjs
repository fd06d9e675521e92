#!/usr/bin/env node
// The command line from a checkout: finds a Node that can run it, builds what is stale, and hands over to dist/headless/cli.js.
import { fileURLToPath } from 'node:url'
import { withNewEnoughNode } from './node-version.mjs'

withNewEnoughNode(fileURLToPath(import.meta.url), function () {
  return import('./run-cli.mjs')
})
