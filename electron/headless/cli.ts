import './node-guard.ts'
import { enableCompileCache } from 'node:module'

// A short command spends a fifth of its time on compiling what it compiled the last time.
enableCompileCache()

// Loaded only after the guard: a bundle evaluates native modules before the code that imports them.
const { runCli } = await import('./cli-program.ts')
await runCli(process)
