import './node-guard.ts'
// By its default: an old Node has no such function, and a name that is missing would end the program before the guard speaks.
import nodeModule from 'node:module'

// A short command spends a fifth of its time on compiling what it compiled the last time.
nodeModule.enableCompileCache()

// Loaded only after the guard: a bundle evaluates native modules before the code that imports them.
const { runCli } = await import('./cli-program.ts')
await runCli(process)
